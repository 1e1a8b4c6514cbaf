import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Variant } from '../catalog/variant';

/**
 * What a variant sold on a business day on which it sold something or could not be bought all day. Days without a row, from the
 * variant's first on, sold nothing and had stock: most days of most variants.
 */
@Entity('demand_daily')
@Check('ck_demand_daily_share', 'in_stock_share BETWEEN 0 AND 1')
@Check('ck_demand_daily_lines', 'lines >= 0')
@Index('ix_demand_daily_day', ['day'])
export class DemandDay {
  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_demand_daily' })
  @ForeignKey(() => Variant, { name: 'fk_demand_daily_variant', onDelete: 'CASCADE' })
  variantId!: string;

  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_demand_daily' })
  day!: string;

  /** Units of paid lines, each capped at five times the usual one, less what was cancelled before dispatch. */
  @Column('integer')
  units!: number;

  /** Paid lines. */
  @Column('integer')
  lines!: number;

  /** Share of the day with stock at a location that sells. */
  @Column('real', { name: 'in_stock_share' })
  inStockShare!: number;
}
