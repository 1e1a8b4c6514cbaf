import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

import type { FigureSource } from './figures';

/** A day of a source that could not be counted. It keeps the figures that it has until it can. */
@Entity('analytics_failed_days')
@Check('ck_analytics_failed_days_source', "source IN ('orders', 'sms', 'tracking')")
@Check('ck_analytics_failed_days_failures', 'failures >= 1')
export class AnalyticsFailedDay {
  @PrimaryColumn('varchar', { length: 10, primaryKeyConstraintName: 'pk_analytics_failed_days' })
  source!: FigureSource;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_analytics_failed_days' })
  day!: string;

  @Column('integer')
  failures!: number;

  /** When it is tried again. */
  @Column('timestamptz', { name: 'retry_at' })
  retryAt!: Date;
}
