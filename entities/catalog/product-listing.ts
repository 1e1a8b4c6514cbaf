import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Product } from './product';

/**
 * What the public list filters and sorts by: one narrow row per published product with an active variant. Only triggers
 * write it (docs/catalogue.md). It is a table of its own, so that a variant that runs out or comes back rewrites a few bytes
 * here instead of a row with two search indexes.
 */
@Entity('product_listings')
@Index('ix_product_listings_newest', ['listedAt', 'productId'])
@Index('ix_product_listings_price', ['priceFrom', 'productId'])
@Index('ix_product_listings_category', ['categoryId'])
@Index('ix_product_listings_priced_until', ['pricedUntil'], { where: 'priced_until IS NOT NULL' })
@Index('ix_product_listings_similar', ['categoryId', 'priceFrom'])
@Index('ix_product_listings_newest_in_stock', ['listedAt', 'productId'], { where: 'in_stock' })
@Index('ix_product_listings_price_in_stock', ['priceFrom', 'productId'], { where: 'in_stock' })
export class ProductListing {
  @PrimaryColumn('uuid', { name: 'product_id', primaryKeyConstraintName: 'pk_product_listings' })
  @ForeignKey(() => Product, { name: 'fk_product_listings_product', onDelete: 'CASCADE' })
  productId!: string;

  @Column('uuid', { name: 'category_id' })
  categoryId!: string;

  /** When the product was created, to the millisecond, so that a cursor can name it exactly. */
  @Column({ type: 'timestamptz', name: 'listed_at', precision: 3 })
  listedAt!: Date;

  /** Rials: the lowest price of an active variant. The list shows, filters and sorts by it. */
  @Column('bigint', { name: 'price_from' })
  priceFrom!: number;

  /** Rials: the highest price of an active variant. */
  @Column('bigint', { name: 'price_to' })
  priceTo!: number;

  /** Whether an active variant has a unit that is not reserved. */
  @Column('boolean', { name: 'in_stock' })
  inStock!: boolean;

  /**
   * The next instant at which a price of an active variant begins or ends by plan, as known when the row was written. From then on
   * the two prices here are late, and reads compute those that they show.
   */
  @Column('timestamptz', { name: 'priced_until', nullable: true })
  pricedUntil!: Date | null;
}
