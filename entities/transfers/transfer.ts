import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { StockLocation } from '../inventory/stock-location';
import type { TransferOutcome, TransferStatus } from './transfer-status';

/** Goods on their way from one location to another. */
@Entity('stock_transfers')
@Unique('uq_stock_transfers_number', ['number'])
@Check('ck_stock_transfers_places', 'from_id <> to_id')
@Check('ck_stock_transfers_status', "status IN ('draft', 'in_transit', 'received', 'cancelled')")
@Check(
  'ck_stock_transfers_shipped',
  "(status <> 'draft' OR shipped_at IS NULL) AND (status NOT IN ('in_transit', 'received') OR shipped_at IS NOT NULL)",
)
@Check('ck_stock_transfers_ended', "(status IN ('received', 'cancelled')) = (ended_at IS NOT NULL)")
@Index('ix_stock_transfers_draft', ['createdAt'], { where: "status = 'draft'" })
@Index('ix_stock_transfers_in_transit', ['toId'], { where: "status = 'in_transit'" })
export class Transfer {
  /** Derived from the idempotency key of the request that made it. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_stock_transfers' })
  id!: string;

  /** Its name for people. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  number!: number;

  @Column('uuid', { name: 'from_id' })
  @ForeignKey(() => StockLocation, { name: 'fk_stock_transfers_from' })
  fromId!: string;

  @Column('uuid', { name: 'to_id' })
  @ForeignKey(() => StockLocation, { name: 'fk_stock_transfers_to' })
  toId!: string;

  @Column('varchar', { length: 12, default: 'draft' })
  status!: TransferStatus;

  @Column('varchar', { length: 300, nullable: true })
  note!: string | null;

  /** The account of whoever made it. Null: a decision of the shop. */
  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'shipped_at', nullable: true })
  shippedAt!: Date | null;

  /** When somebody was last reminded of the draft. */
  @Column('timestamptz', { name: 'reminded_at', nullable: true })
  remindedAt!: Date | null;

  /** When all that was sent was accounted for. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  /** The number of its last event in the journal. */
  @Column('integer', { default: 0 })
  version!: number;
}

/** Units of a variant in a transfer. What is neither received, returned nor lost is in transit. */
@Entity('stock_transfer_lines')
@Check('ck_stock_transfer_lines_sent', 'sent > 0')
@Check(
  'ck_stock_transfer_lines_arrived',
  'received >= 0 AND returned >= 0 AND lost >= 0 AND received + returned + lost <= sent',
)
@Index('ix_stock_transfer_lines_variant', ['variantId'])
export class TransferLine {
  @PrimaryColumn('uuid', { name: 'transfer_id', primaryKeyConstraintName: 'pk_stock_transfer_lines' })
  @ForeignKey(() => Transfer, { name: 'fk_stock_transfer_lines_transfer' })
  transferId!: string;

  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_stock_transfer_lines' })
  @ForeignKey('Variant', { name: 'fk_stock_transfer_lines_variant' })
  variantId!: string;

  @Column('integer')
  sent!: number;

  @Column('integer', { default: 0 })
  received!: number;

  @Column('integer', { default: 0 })
  returned!: number;

  @Column('integer', { default: 0 })
  lost!: number;
}

/** What became of some units of a line, immutable. Those of one delivery or one cancellation have the same id. */
@Entity('stock_transfer_receipts')
@ForeignKey(() => TransferLine, ['transferId', 'variantId'], ['transferId', 'variantId'], {
  name: 'fk_stock_transfer_receipts_line',
})
@Check('ck_stock_transfer_receipts_outcome', "outcome IN ('received', 'returned', 'lost')")
@Check('ck_stock_transfer_receipts_quantity', 'quantity > 0')
@Index('ix_stock_transfer_receipts_line', ['transferId', 'variantId'])
export class TransferReceipt {
  /** The `ref` of its movements. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_stock_transfer_receipts' })
  id!: string;

  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_stock_transfer_receipts' })
  variantId!: string;

  @PrimaryColumn('varchar', { length: 10, primaryKeyConstraintName: 'pk_stock_transfer_receipts' })
  outcome!: TransferOutcome;

  @Column('uuid', { name: 'transfer_id' })
  transferId!: string;

  @Column('integer')
  quantity!: number;

  @Column('uuid', { name: 'actor_id' })
  actorId!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
