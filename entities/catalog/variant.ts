import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import type { Currency } from '../values/money';
import { Product } from './product';
import type { VariantStatus } from './product-status';

/** What a cart can hold: one size, colour or capacity of a product, with its price and stock. */
@Entity('variants')
@Unique('uq_variants_sku', ['sku'])
// Of `lower(sku)`, which TypeORM does not know.
@Index('uq_variants_sku_spelling', { synchronize: false })
@Index('ix_variants_sku_key', ['skuKey'])
@Unique('uq_variants_position', ['productId', 'position'])
@Check('ck_variants_price', 'price BETWEEN 0 AND 1000000000000')
@Check('ck_variants_currency', "currency = 'IRR'")
@Check('ck_variants_status', "status IN ('active', 'retired')")
export class Variant {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_variants' })
  id!: string;

  @Column('uuid', { name: 'product_id' })
  @ForeignKey(() => Product, { name: 'fk_variants_product' })
  productId!: string;

  /** The name of the stock keeping unit, for warehouse, supplier and shop. No other differs from it by capitals only. */
  @Column('varchar', { length: 64 })
  sku!: string;

  /** The SKU as a search compares it: without dashes and capitals. The database generates it. */
  @Column({
    type: 'text',
    name: 'sku_key',
    generatedType: 'STORED',
    asExpression: "replace(persian_text(sku), ' ', '')",
    select: false,
    insert: false,
    update: false,
  })
  skuKey!: string;

  /** What distinguishes it within its product, such as «سرمه‌ای، سایز ۴۲». */
  @Column('varchar', { length: 140 })
  title!: string;

  /** The same in English; null where the Persian title is shown. */
  @Column('varchar', { name: 'title_en', length: 140, nullable: true })
  titleEn!: string | null;

  /** Rials. The check's upper bound keeps every total of a cart a safe integer. */
  @Column('bigint')
  price!: number;

  @Column('char', { length: 3, default: 'IRR' })
  currency!: Currency;

  @Column('varchar', { length: 16, default: 'active' })
  status!: VariantStatus;

  /** Its place among the variants of its product. */
  @Column('integer', { default: 0 })
  position!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}

/** The refusals of the indexes that keep SKUs apart, exactly and without capitals. */
export const SKU_BREACHES = {
  uq_variants_sku: 'catalog.sku_taken',
  uq_variants_sku_spelling: 'catalog.sku_taken',
} as const;
