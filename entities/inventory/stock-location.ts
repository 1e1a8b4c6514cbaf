import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** The first location, which every shop has. */
export const DEFAULT_LOCATION_ID = '00000000-0000-8000-8000-000000000001';

/** Goods in quarantine are never sold. */
export const LOCATION_KINDS = ['shop', 'warehouse', 'quarantine'] as const;
export type LocationKind = (typeof LOCATION_KINDS)[number];

/** A place that stores goods. */
@Entity('stock_locations')
@Check('ck_stock_locations_kind', "kind IN ('shop', 'warehouse', 'quarantine')")
@Check('ck_stock_locations_priority', 'priority BETWEEN 1 AND 1000')
@Check('ck_stock_locations_quarantine', "kind <> 'quarantine' OR NOT sells")
@Unique('uq_stock_locations_code', ['code'])
export class StockLocation {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_stock_locations' })
  id!: string;

  @Column('varchar', { length: 40 })
  code!: string;

  @Column('varchar', { length: 200 })
  title!: string;

  /** Orders are taken from the location with the lowest one first. */
  @Column('integer', { default: 100 })
  priority!: number;

  /** Whether orders are taken from it. */
  @Column('boolean', { default: true })
  sells!: boolean;

  @Column('varchar', { length: 12, default: 'warehouse' })
  kind!: LocationKind;

  /**
   * It was switched on or off, and the public is not yet told of the variants after this one. Null: all are shown as they are.
   */
  @Column('uuid', { name: 'showing_after', nullable: true })
  showingAfter!: string | null;

  /** The number of its last event in the journal. */
  @Column('integer', { default: 0 })
  version!: number;
}
