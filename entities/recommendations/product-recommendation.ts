import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Product } from '../catalog/product';

/** `together`: bought with it. `similar`: resembles it. */
export type RecommendationKind = 'together' | 'similar';

/** The most of a kind that a product has. */
export const RECOMMENDATIONS_AT_MOST = 12;

/** A product to show beside another one. The rows are computed from orders and the catalogue, and replaced as a whole. */
@Entity('product_recommendations')
@Unique('uq_product_recommendations_other', ['productId', 'kind', 'otherId'])
@Check('ck_product_recommendations_kind', "kind IN ('together', 'similar')")
@Check('ck_product_recommendations_rank', 'rank BETWEEN 1 AND 12')
@Check('ck_product_recommendations_other', 'other_id <> product_id')
@Index('ix_product_recommendations_other', ['otherId'])
export class ProductRecommendation {
  @PrimaryColumn('uuid', { name: 'product_id', primaryKeyConstraintName: 'pk_product_recommendations' })
  @ForeignKey(() => Product, { name: 'fk_product_recommendations_product', onDelete: 'CASCADE' })
  productId!: string;

  @PrimaryColumn('varchar', { length: 8, primaryKeyConstraintName: 'pk_product_recommendations' })
  kind!: RecommendationKind;

  /** One is the best. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_product_recommendations' })
  rank!: number;

  @Column('uuid', { name: 'other_id' })
  @ForeignKey(() => Product, { name: 'fk_product_recommendations_other', onDelete: 'CASCADE' })
  otherId!: string;

  /** Comparable among those of one product and kind. */
  @Column('double precision')
  score!: number;
}
