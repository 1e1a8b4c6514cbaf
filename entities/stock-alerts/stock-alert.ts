import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Variant } from '../catalog/variant';
import type { StockAlertKind } from './stock-subscription';

/** A crossing of stock of which people are told. One crossing makes one alert, however often it is looked at. */
@Entity('stock_alerts')
@Unique('uq_stock_alerts_crossing', ['aggregateId', 'kind', 'version'])
@Check('ck_stock_alerts_kind', "kind IN ('low', 'out', 'back')")
@Check('ck_stock_alerts_version', 'version > 0')
@Check('ck_stock_alerts_rearms', "(kind = 'low') = (rearms_at IS NOT NULL)")
@Check('ck_stock_alerts_rearmed', "rearmed_at IS NULL OR kind = 'low'")
@Index('ix_stock_alerts_created', { synchronize: false })
@Index('ix_stock_alerts_variant', ['variantId', 'createdAt'])
@Index('uq_stock_alerts_low', ['scopeId'], { unique: true, where: "kind = 'low' AND rearmed_at IS NULL" })
export class StockAlert {
  /** Derived from the crossing. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_stock_alerts' })
  id!: string;

  @Column('uuid', { name: 'variant_id' })
  @ForeignKey(() => Variant, { name: 'fk_stock_alerts_variant', onDelete: 'CASCADE' })
  variantId!: string;

  @Column('varchar', { length: 4 })
  kind!: StockAlertKind;

  /** The history in the journal that has the crossing: the stock level of `low`, the availability of the others. */
  @Column('uuid', { name: 'aggregate_id' })
  aggregateId!: string;

  /** The version of that event. */
  @Column('integer')
  version!: number;

  /** Whose units crossed: a stock level's, or all of the variant. Of `low`, one alert at a time is not rearmed. */
  @Column('uuid', { name: 'scope_id' })
  scopeId!: string;

  /** Of `low`: the units from which on the next crossing counts. A tenth above the point. */
  @Column('integer', { name: 'rearms_at', nullable: true })
  rearmsAt!: number | null;

  /** When there were as many. A trigger of the stock levels writes it. */
  @Column('timestamptz', { name: 'rearmed_at', nullable: true })
  rearmedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  /** When all staff who want to hear of it had a notice. */
  @Column('timestamptz', { name: 'staff_told_at', nullable: true })
  staffToldAt!: Date | null;
}
