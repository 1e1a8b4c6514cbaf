import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

import type { FigureSource } from './figures';

/** How far the figures of a source are counted. */
@Entity('analytics_sources')
@Check('ck_analytics_sources_source', "source IN ('orders', 'sms', 'tracking')")
@Check('ck_analytics_sources_present', 'num_nulls(present_day, present_xid, present_at) IN (0, 3)')
export class AnalyticsSource {
  @PrimaryColumn('varchar', { length: 10, primaryKeyConstraintName: 'pk_analytics_sources' })
  source!: FigureSource;

  /** The first day whose rows are all there. It never goes back, so that a day whose rows were removed is not counted again. */
  @Column('date', { name: 'complete_from' })
  completeFrom!: string;

  /** The last day that was counted, which may not be over. */
  @Column('date', { name: 'rolled_to', nullable: true })
  rolledTo!: string | null;

  /** When the days before the last one were counted again. */
  @Column('timestamptz', { name: 'again_at', nullable: true })
  againAt!: Date | null;

  /** The first day that must be counted again, because staff want it or rows have changed late. */
  @Column('date', { name: 'rebuild_from', nullable: true })
  rebuildFrom!: string | null;

  /** The day that was the present one when it was counted last. */
  @Column('date', { name: 'present_day', nullable: true })
  presentDay!: string | null;

  /** Its figures have the rows of all transactions before this one, and of none after it. */
  @Column('bigint', { name: 'present_xid', nullable: true })
  presentXid!: number | null;

  @Column('timestamptz', { name: 'present_at', nullable: true })
  presentAt!: Date | null;
}
