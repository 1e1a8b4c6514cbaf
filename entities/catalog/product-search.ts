import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Product } from './product';
import type { ProductStatus } from './product-status';

/**
 * What searches by words read: one row per product. Only triggers write it (docs/search.md). It is a table of its own, because the
 * words of a product include those of its variants, and because a change of a product's row also rewrites the index of its sound.
 */
@Entity('product_search')
@Index('ix_product_search_newest', ['createdAt', 'productId'])
@Index('ix_product_search_category', ['categoryId'])
@Index('ix_product_search_words', { synchronize: false })
export class ProductSearch {
  @PrimaryColumn('uuid', { name: 'product_id', primaryKeyConstraintName: 'pk_product_search' })
  @ForeignKey(() => Product, { name: 'fk_product_search_product', onDelete: 'CASCADE' })
  productId!: string;

  @Column('uuid', { name: 'category_id' })
  categoryId!: string;

  @Column('varchar', { length: 16 })
  status!: ProductStatus;

  /** When the product was created, to the millisecond, so that a cursor can name it exactly. */
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  /** The words of its names, brand, keywords, active variants and description, weighted in this order. */
  @Column('tsvector')
  words!: string;
}
