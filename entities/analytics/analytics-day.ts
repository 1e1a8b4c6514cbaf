import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

import type { CountedFigure } from './figures';

/** A figure of an hour or a whole day in Tehran. What would be zero has no row. */
@Entity('analytics_days')
@Check('ck_analytics_days_hour', 'hour BETWEEN -1 AND 23')
@Check('ck_analytics_days_value', 'value >= 0')
export class AnalyticsDay {
  @PrimaryColumn('varchar', { length: 20, primaryKeyConstraintName: 'pk_analytics_days' })
  figure!: CountedFigure;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_analytics_days' })
  day!: string;

  /** -1: the whole day. Visitors of a day are fewer than those of its hours. */
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'pk_analytics_days' })
  hour!: number;

  /** A gateway, a provider or a currency; empty where there is one value. */
  @PrimaryColumn('varchar', { length: 40, primaryKeyConstraintName: 'pk_analytics_days' })
  dimension!: string;

  /** A count, or money in the minor unit of the currency. */
  @Column('bigint')
  value!: number;

  @Column('timestamptz', { name: 'counted_at', default: () => 'now()' })
  countedAt!: Date;
}
