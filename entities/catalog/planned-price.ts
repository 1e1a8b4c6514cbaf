import { Check, Column, Entity, Exclusion, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import type { Currency } from '../values/money';
import { Variant } from './variant';

/**
 * A price that a variant has from one instant to another, in place of its usual one. Nothing has to run at either instant: every
 * read of a price asks `price_in_force`. Of a variant, no two overlap.
 */
@Entity('planned_prices')
@Index('ix_planned_prices_variant', ['variantId', 'startsAt'])
@Exclusion(
  'ex_planned_prices_overlap',
  'USING gist (variant_id WITH =, tstzrange(starts_at, ends_at) WITH &&)',
)
@Check('ck_planned_prices_price', 'price BETWEEN 0 AND 1000000000000')
@Check('ck_planned_prices_currency', "currency = 'IRR'")
@Check('ck_planned_prices_span', 'starts_at < ends_at')
export class PlannedPrice {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_planned_prices' })
  id!: string;

  @Column('uuid', { name: 'variant_id' })
  @ForeignKey(() => Variant, { name: 'fk_planned_prices_variant', onDelete: 'CASCADE' })
  variantId!: string;

  /** Rials. */
  @Column('bigint')
  price!: number;

  @Column('char', { length: 3, default: 'IRR' })
  currency!: Currency;

  /** The first instant at which it holds. */
  @Column('timestamptz', { name: 'starts_at' })
  startsAt!: Date;

  /** The first instant at which it does not hold any more. */
  @Column('timestamptz', { name: 'ends_at' })
  endsAt!: Date;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
