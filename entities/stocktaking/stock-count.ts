import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { StockLocation } from '../inventory/stock-location';
import type { CountStatus } from './count-status';

/** A count of goods at a location. A location has one running count, because two would book one difference twice. */
@Entity('stock_counts')
@Unique('uq_stock_counts_number', ['number'])
@Check('ck_stock_counts_status', "status IN ('open', 'counting', 'approved', 'cancelled')")
@Check(
  'ck_stock_counts_ended',
  "(status IN ('approved', 'cancelled')) = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
)
@Index('uq_stock_counts_running', ['locationId'], { unique: true, where: "status IN ('open', 'counting')" })
export class StockCount {
  /** Derived from the idempotency key of the request that opened it. It is the `ref` of its movements. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_stock_counts' })
  id!: string;

  /** Its name for people. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  number!: number;

  @Column('uuid', { name: 'location_id' })
  @ForeignKey(() => StockLocation, { name: 'fk_stock_counts_location' })
  locationId!: string;

  @Column('varchar', { length: 12, default: 'open' })
  status!: CountStatus;

  @Column('varchar', { length: 300, nullable: true })
  note!: string | null;

  /** The account of whoever opened it. */
  @Column('uuid', { name: 'created_by' })
  createdBy!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** The account of whoever approved or cancelled it. */
  @Column('uuid', { name: 'ended_by', nullable: true })
  endedBy!: string | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  /** The number of its last event in the journal. */
  @Column('integer', { default: 0 })
  version!: number;
}

/** A variant in a count: what the shop believed when somebody began to count it, and what there was. */
@Entity('stock_count_lines')
@Check('ck_stock_count_lines_seen', 'seq_seen >= 0 AND unshipped_seen >= 0')
@Check('ck_stock_count_lines_counted', 'counted >= 0 AND (counted IS NULL) = (counted_at IS NULL)')
export class StockCountLine {
  @PrimaryColumn('uuid', { name: 'count_id', primaryKeyConstraintName: 'pk_stock_count_lines' })
  @ForeignKey(() => StockCount, { name: 'fk_stock_count_lines_count' })
  countId!: string;

  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_stock_count_lines' })
  @ForeignKey('Variant', { name: 'fk_stock_count_lines_variant' })
  variantId!: string;

  /** The last movement of the level at that moment. */
  @Column('integer', { name: 'seq_seen' })
  seqSeen!: number;

  /** Units that were sold and still lay on the shelf at that moment. */
  @Column('integer', { name: 'unshipped_seen' })
  unshippedSeen!: number;

  /** Units on the shelf, sold ones too. Null until somebody has counted. */
  @Column('integer', { nullable: true })
  counted!: number | null;

  @Column('uuid', { name: 'counted_by' })
  countedBy!: string;

  @Column('timestamptz', { name: 'counted_at', nullable: true })
  countedAt!: Date | null;
}
