import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Category } from './category';
import type { ProductStatus } from './product-status';

const generated = { generatedType: 'STORED', select: false, insert: false, update: false } as const;

/**
 * What a page of the shop is about. It is sold as its variants, which have price and stock.
 */
@Entity('products')
@Unique('uq_products_slug', ['slug'])
@Index('ix_products_category', ['categoryId'])
@Index('ix_products_sound', { synchronize: false })
@Check('ck_products_status', "status IN ('draft', 'published', 'archived')")
@Check('ck_products_description', 'length(description) <= 20000')
export class Product {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_products' })
  id!: string;

  @Column('varchar', { length: 120 })
  slug!: string;

  @Column('varchar', { length: 250 })
  title!: string;

  /** Its name in English; null where the Persian one is shown. */
  @Column('varchar', { name: 'title_en', length: 250, nullable: true })
  titleEn!: string | null;

  @Column('text', { default: '' })
  description!: string;

  @Column('varchar', { length: 120, default: '' })
  brand!: string;

  /** Other words that people search for: synonyms, the name in the other alphabet. They are not shown. */
  @Column('varchar', { length: 500, default: '' })
  keywords!: string;

  @Column('uuid', { name: 'category_id' })
  @ForeignKey(() => Category, { name: 'fk_products_category' })
  categoryId!: string;

  @Column('varchar', { length: 16, default: 'draft' })
  status!: ProductStatus;

  @Column('text', { name: 'image_urls', array: true, default: '{}' })
  imageUrls!: string[];

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;

  /** How it sounds (docs/search.md). The database generates it. */
  @Column({
    type: 'text',
    ...generated,
    asExpression: "persian_sound(title || ' ' || brand || ' ' || keywords)",
  })
  sound!: string;
}
