import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** The location of all stock, while the shop ships from one place. */
export const DEFAULT_LOCATION_ID = '00000000-0000-8000-8000-000000000001';

/** A place that stores goods. */
@Entity('stock_locations')
@Unique('uq_stock_locations_code', ['code'])
export class StockLocation {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_stock_locations' })
  id!: string;

  @Column('varchar', { length: 40 })
  code!: string;

  @Column('varchar', { length: 200 })
  title!: string;
}
