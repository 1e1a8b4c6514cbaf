import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { PurchaseOrder } from './purchase-order';
import type { ReplyVerdict, SupplierMessageKind, SupplierMessageStatus } from './purchase-order-status';
import { Supplier, type SupplierChannelKind } from './supplier';

/** What a supplier is told of an order. It is sent again under the same id until the supplier has answered. */
@Entity('supplier_messages')
@Unique('uq_supplier_messages_webhook_id', ['webhookId'])
@Check('ck_supplier_messages_kind', "kind IN ('order', 'cancel')")
@Check(
  'ck_supplier_messages_status',
  "status IN ('pending', 'sending', 'unknown', 'sent', 'refused', 'withdrawn')",
)
@Check(
  'ck_supplier_messages_attempts',
  "attempts >= 0 AND (attempts > 0 OR status IN ('pending', 'withdrawn'))",
)
@Check('ck_supplier_messages_next', "(next_at IS NOT NULL) = (status IN ('pending', 'sending', 'unknown'))")
export class SupplierMessage {
  @PrimaryColumn('uuid', { name: 'order_id', primaryKeyConstraintName: 'pk_supplier_messages' })
  @ForeignKey(() => PurchaseOrder, { name: 'fk_supplier_messages_order' })
  orderId!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_supplier_messages' })
  revision!: number;

  @Column('varchar', { length: 10 })
  kind!: SupplierMessageKind;

  @Column('varchar', { length: 10 })
  channel!: SupplierChannelKind;

  /** `<order>-r<revision>`: what the supplier tells repeats by. */
  @Column('varchar', { name: 'webhook_id', length: 60 })
  webhookId!: string;

  @Column('varchar', { length: 10, default: 'pending' })
  status!: SupplierMessageStatus;

  @Column('integer', { default: 0 })
  attempts!: number;

  @Column('timestamptz', { name: 'attempted_at', nullable: true })
  attemptedAt!: Date | null;

  /** When it is sent, or sent again. */
  @Column('timestamptz', { name: 'next_at', nullable: true })
  nextAt!: Date | null;

  /** The last answer, for operators. */
  @Column('varchar', { length: 300, nullable: true })
  answer!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

/**
 * A supplier's reply, stored before anything else happens. Only a worker can tell whether it is genuine. What it said is erased
 * once that is known.
 */
@Entity('supplier_replies')
@Unique('uq_supplier_replies_arrival', ['supplierId', 'digest'])
@Index('uq_supplier_replies_genuine', ['supplierId', 'webhookId'], {
  unique: true,
  where: "verdict = 'genuine'",
})
@Index('ix_supplier_replies_order', ['orderId'])
// BRIN, which TypeORM does not know.
@Index('ix_supplier_replies_received', { synchronize: false })
@Index('ix_supplier_replies_unprocessed', ['receivedAt'], { where: 'processed_at IS NULL' })
@Check(
  'ck_supplier_replies_verdict',
  "verdict IN ('genuine', 'forged', 'old', 'repeated', 'foreign', 'malformed')",
)
@Check('ck_supplier_replies_processed', '(processed_at IS NULL) = (verdict IS NULL)')
@Check('ck_supplier_replies_erased', '(processed_at IS NULL) = (body IS NOT NULL)')
export class SupplierReply {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_supplier_replies' })
  id!: string;

  @Column('uuid', { name: 'supplier_id' })
  @ForeignKey(() => Supplier, { name: 'fk_supplier_replies_supplier' })
  supplierId!: string;

  /** The order that it names. It is one of the supplier's. */
  @Column('uuid', { name: 'order_id' })
  @ForeignKey(() => PurchaseOrder, { name: 'fk_supplier_replies_order' })
  orderId!: string;

  @Column('varchar', { name: 'webhook_id', length: 100 })
  webhookId!: string;

  /** The header `webhook-timestamp`, in seconds since the epoch. */
  @Column('bigint', { name: 'signed_at' })
  signedAt!: number;

  /** The header `webhook-signature`. */
  @Column('varchar', { length: 1000 })
  signature!: string;

  /** SHA-256 (hex) of the headers and the body: the same arrival is stored once. */
  @Column('varchar', { length: 64 })
  digest!: string;

  /** As received, because the signature covers the bytes. */
  @Column('bytea', { nullable: true })
  body!: Buffer | null;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;

  @Column('timestamptz', { name: 'processed_at', nullable: true })
  processedAt!: Date | null;

  @Column('varchar', { length: 10, nullable: true })
  verdict!: ReplyVerdict | null;
}
