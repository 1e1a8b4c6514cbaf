import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How a supplier is told of orders. `manual`: a person tells it. */
export const SUPPLIER_CHANNELS = ['webhook', 'email', 'manual'] as const;
export type SupplierChannelKind = (typeof SUPPLIER_CHANNELS)[number];

/** A paused supplier gets nothing new. */
export type SupplierStatus = 'active' | 'paused';

/** Somebody who sells to the shop: how it takes orders, and when it delivers. */
@Entity('suppliers')
@Check('ck_suppliers_channel', "channel IN ('webhook', 'email', 'manual')")
@Check('ck_suppliers_address', "(channel = 'manual') = (address IS NULL)")
@Check('ck_suppliers_lead', 'lead_days BETWEEN 1 AND 365 AND lead_sd BETWEEN 0 AND 365')
@Check('ck_suppliers_cutoff', 'cutoff_minute BETWEEN 0 AND 1439')
@Check(
  'ck_suppliers_weekdays',
  "cardinality(weekdays) BETWEEN 1 AND 6 AND weekdays <@ '{0,1,2,3,4,5}'::integer[]",
)
@Check('ck_suppliers_review', 'review_days BETWEEN 0 AND 365')
@Check('ck_suppliers_money', 'minimum_value > 0 AND approval_limit >= 0')
@Check('ck_suppliers_secret', "(channel = 'webhook') = (secret IS NOT NULL)")
@Check('ck_suppliers_secret_key', '(secret IS NULL) = (secret_key_id IS NULL)')
@Check('ck_suppliers_previous_secret', '(previous_secret IS NULL) = (previous_secret_key_id IS NULL)')
@Check('ck_suppliers_status', "status IN ('active', 'paused')")
export class Supplier {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_suppliers' })
  id!: string;

  @Column('varchar', { length: 200 })
  name!: string;

  @Column('varchar', { length: 10 })
  channel!: SupplierChannelKind;

  /** A URL or an e-mail address, as the channel needs it. */
  @Column('varchar', { length: 500, nullable: true })
  address!: string | null;

  /** Working days from the order to the delivery, as promised. */
  @Column('integer', { name: 'lead_days' })
  leadDays!: number;

  /** Standard deviation of it, in working days. */
  @Column('double precision', { name: 'lead_sd', default: 0 })
  leadSd!: number;

  /** Minutes after midnight in Tehran by which an order must be there to be taken the same day. */
  @Column('integer', { name: 'cutoff_minute' })
  cutoffMinute!: number;

  /** Weekdays from Saturday (0) on which orders are taken. Nobody takes any on Fridays. */
  @Column('integer', { array: true })
  weekdays!: number[];

  /** Days between two looks at the stock of its goods. */
  @Column('integer', { name: 'review_days', default: 1 })
  reviewDays!: number;

  /** Rials below which it takes no order. */
  @Column('bigint', { name: 'minimum_value', nullable: true })
  minimumValue!: number | null;

  /** Rials above which a person approves an order. Null: no limit. */
  @Column('bigint', { name: 'approval_limit', nullable: true })
  approvalLimit!: number | null;

  /** Signs messages in both directions. Sealed for this row alone. */
  @Column('bytea', { nullable: true })
  secret!: Buffer | null;

  @Column('varchar', { name: 'secret_key_id', length: 16, nullable: true })
  secretKeyId!: string | null;

  /** The secret before the last rotation, which counts too until the next one. */
  @Column('bytea', { name: 'previous_secret', nullable: true })
  previousSecret!: Buffer | null;

  @Column('varchar', { name: 'previous_secret_key_id', length: 16, nullable: true })
  previousSecretKeyId!: string | null;

  @Column('varchar', { length: 10, default: 'active' })
  status!: SupplierStatus;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** The number of its last event in the journal. */
  @Column('integer', { default: 0 })
  version!: number;
}
