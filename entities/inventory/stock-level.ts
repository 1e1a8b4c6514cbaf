import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { StockLocation } from './stock-location';

/**
 * What lies at a location and how much of it is promised to orders that await payment. On hand is the sum of
 * the movements, reserved the sum of the held reservations; what can be sold is the difference.
 */
@Entity('stock_levels')
@Check('ck_stock_levels_reserved', '0 <= reserved AND reserved <= on_hand')
export class StockLevel {
  @PrimaryColumn('uuid', { name: 'variant_id', primaryKeyConstraintName: 'pk_stock_levels' })
  @ForeignKey('Variant', { name: 'fk_stock_levels_variant' })
  variantId!: string;

  @PrimaryColumn('uuid', { name: 'location_id', primaryKeyConstraintName: 'pk_stock_levels' })
  @ForeignKey(() => StockLocation, { name: 'fk_stock_levels_location' })
  locationId!: string;

  @Column('integer', { name: 'on_hand', default: 0 })
  onHand!: number;

  @Column('integer', { default: 0 })
  reserved!: number;

  /** The number of the last movement, so that movements of a level have no gaps. */
  @Column('integer', { name: 'movement_seq', default: 0 })
  movementSeq!: number;
}
