import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Account } from '../auth/account';
import { StockLocation } from '../inventory/stock-location';
import type { OrderApprovalReason, OrderAttention, PurchaseOrderStatus } from './purchase-order-status';
import { Supplier } from './supplier';

/** What the shop orders from one supplier for one location. All instants that its workflow waits for are stored here. */
@Entity('purchase_orders')
@Unique('uq_purchase_orders_number', ['number'])
@Check(
  'ck_purchase_orders_status',
  "status IN ('collecting', 'awaiting_approval', 'sending', 'ordered', 'partly_received', 'received', 'closed_short', 'cancelled', 'refused')",
)
@Check(
  'ck_purchase_orders_attention',
  "attention IN ('late', 'refused', 'partly_accepted', 'unreachable', 'cancellation_refused', 'unapproved')",
)
@Check('ck_purchase_orders_revision', 'revision > 0')
@Check(
  'ck_purchase_orders_expected',
  "CASE WHEN status = 'awaiting_approval' THEN expected_at IS NULL ELSE (remind_at IS NULL) = (expected_at IS NULL) END",
)
@Check(
  'ck_purchase_orders_finished',
  "(finished_at IS NOT NULL) = (status IN ('received', 'closed_short', 'cancelled', 'refused'))",
)
@Index('uq_purchase_orders_collecting', ['supplierId', 'locationId'], {
  unique: true,
  where: "status = 'collecting'",
})
@Index('ix_purchase_orders_unfinished', ['createdAt'], { where: 'finished_at IS NULL' })
@Index('ix_purchase_orders_supplier', ['supplierId', 'number'])
export class PurchaseOrder {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_purchase_orders' })
  id!: string;

  /** For people. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  number!: number;

  @Column('uuid', { name: 'supplier_id' })
  @ForeignKey(() => Supplier, { name: 'fk_purchase_orders_supplier' })
  supplierId!: string;

  /** Where it arrives. */
  @Column('uuid', { name: 'location_id' })
  @ForeignKey(() => StockLocation, { name: 'fk_purchase_orders_location' })
  locationId!: string;

  /** Counts what the supplier is told: each revision is one message. */
  @Column('integer', { default: 1 })
  revision!: number;

  @Column('varchar', { length: 20, default: 'collecting' })
  status!: PurchaseOrderStatus;

  /** Who began it. Null: a decision of the shop. */
  @Column('uuid', { name: 'created_by', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_purchase_orders_created_by' })
  createdBy!: string | null;

  /** Never one of its authors. */
  @Column('uuid', { name: 'approved_by', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_purchase_orders_approved_by' })
  approvedBy!: string | null;

  /** Why a person must approve it, as far as is known. */
  @Column('text', { name: 'approval_reasons', array: true, default: '{}' })
  approvalReasons!: OrderApprovalReason[];

  /** Until when lines are collected. */
  @Column('timestamptz', { name: 'cutoff_at' })
  cutoffAt!: Date;

  /** When the supplier was told. */
  @Column('timestamptz', { name: 'ordered_at', nullable: true })
  orderedAt!: Date | null;

  /** The end of the day on which it should arrive. */
  @Column('timestamptz', { name: 'expected_at', nullable: true })
  expectedAt!: Date | null;

  /** When somebody is reminded next: that it is late, or that it awaits approval. */
  @Column('timestamptz', { name: 'remind_at', nullable: true })
  remindAt!: Date | null;

  /** How often somebody was reminded. */
  @Column('integer', { default: 0 })
  reminders!: number;

  /** Null while nobody needs to do anything. */
  @Column('varchar', { length: 20, nullable: true })
  attention!: OrderAttention | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  /** When the sweep last looked after it, and how often. */
  @Column('timestamptz', { name: 'woken_at', nullable: true })
  wokenAt!: Date | null;

  @Column('integer', { default: 0 })
  wakes!: number;

  /** The number of its last event in the journal. */
  @Column('integer', { default: 0 })
  version!: number;
}
