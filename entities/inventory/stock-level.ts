import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

import { StockLocation } from './stock-location';

/**
 * The stock of a variant at a location, and how much of it is reserved for orders that await payment. On hand is the sum of
 * the movements, reserved the sum of the held reservations. The difference can be sold.
 */
@Entity('stock_levels')
@Check('ck_stock_levels_reserved', '0 <= reserved AND reserved <= on_hand')
@Check('ck_stock_levels_on_hand', 'on_hand <= 1000000000')
@Check('ck_stock_levels_reorder_point', 'reorder_point >= 0')
@Unique('uq_stock_levels_id', ['id'])
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

  /** The number of the last movement. It keeps the movements of a level without gaps. */
  @Column('integer', { name: 'movement_seq', default: 0 })
  movementSeq!: number;

  /** Its name in the journal. */
  @Column('uuid', { default: () => 'uuidv7()' })
  id!: string;

  /** The number of its last event in the journal. */
  @Column('integer', { default: 0 })
  version!: number;

  /** The units at which stock is low. Null: nobody is told. */
  @Column('integer', { name: 'reorder_point', nullable: true })
  reorderPoint!: number | null;

  /** Whether the point is compared with the units of all locations that sell, not of this one. */
  @Column('boolean', { name: 'reorder_shared', default: false })
  reorderShared!: boolean;
}
