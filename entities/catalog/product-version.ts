import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { Product } from './product';

/**
 * How many events the journal has of a product: of its texts, variants, prices and pictures. A trigger makes the row with the
 * product. It is a table of its own, because each change of a product's row rewrites two search indexes.
 */
@Entity('product_versions')
export class ProductVersion {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_product_versions' })
  @ForeignKey(() => Product, { name: 'fk_product_versions_product', onDelete: 'CASCADE' })
  id!: string;

  @Column('integer', { default: 0 })
  version!: number;
}
