import type { EntityManager } from 'typeorm';

import { PRICE_IN_FORCE } from '../../entities/catalog/price-in-force';
import { freeUnits } from '../../entities/inventory/free-units';
import {
  mainPicture,
  SHOWN_PICTURES,
  shownPictures,
  type ShownPicture,
} from '../../entities/pictures/read-pictures';
import {
  array,
  instant,
  integer,
  jsonList,
  jsonObject,
  nullable,
  text,
  uuid,
} from '../../entities/row-shape';
import { row, rows, statement } from '../../entities/sql';
import { LISTED_PRICES, PRESENT_PRICES } from './listed-prices';
import { LISTED_PRODUCT, type ProductRow } from './product-list.queries';
import { RECOMMENDED_IDS } from './recommendation.queries';

/** A listed product with all its texts. */
export interface ProductDetailRow extends Omit<ProductRow, 'key'> {
  readonly description: string;
  /** What it shows while nothing was uploaded. */
  readonly imageUrls: string[];
  readonly pictures: ShownPicture[];
  /** From the top of the tree to the category of the product. */
  readonly categories: readonly CategoryNameRow[];
  /** All products that may be shown beside it. */
  readonly recommendedIds: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A category by its names. */
export interface CategoryNameRow {
  readonly slug: string;
  readonly title: string;
  readonly titleEn: string | null;
}

/** An active variant and its stock. */
export interface VariantRow {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly titleEn: string | null;
  readonly price: number;
  readonly available: number;
}

const READ_PRODUCT = statement<ProductDetailRow>(
  `SELECT p.id, p.slug, p.title, p.title_en AS "titleEn", p.brand, p.description, p.image_urls AS "imageUrls",
     ${mainPicture('p')} AS "imageUrl", ${shownPictures('p')} AS pictures, p.created_at AS "createdAt", p.updated_at AS "updatedAt",
     c.slug AS "categorySlug", c.title AS "categoryTitle", c.title_en AS "categoryTitleEn",
     ${LISTED_PRICES('l')}, l.in_stock AS "inStock",
     (WITH RECURSIVE trail AS (
        SELECT slug, title, title_en, parent_id, 1 AS height FROM categories WHERE id = p.category_id
        UNION ALL
        SELECT up.slug, up.title, up.title_en, up.parent_id, trail.height + 1
        FROM categories up JOIN trail ON up.id = trail.parent_id WHERE trail.height < 20)
      SELECT json_agg(json_build_object('slug', slug, 'title', title, 'titleEn', title_en) ORDER BY height DESC) FROM trail
     ) AS categories, ${RECOMMENDED_IDS}
   FROM products p
     JOIN product_listings l ON l.product_id = p.id
     ${PRESENT_PRICES('l')}
     JOIN categories c ON c.id = p.category_id
   WHERE p.slug = $1 AND p.status = 'published'`,
  {
    ...LISTED_PRODUCT,
    description: text,
    imageUrls: array(text),
    pictures: SHOWN_PICTURES,
    categories: jsonList(jsonObject<CategoryNameRow>({ slug: text, title: text, titleEn: nullable(text) })),
    recommendedIds: array(uuid),
    createdAt: instant,
    updatedAt: instant,
  },
);

const READ_VARIANTS = statement<VariantRow>(
  `SELECT v.id, v.sku, v.title, v.title_en AS "titleEn", ${PRICE_IN_FORCE('v')} AS price, ${freeUnits('v.id')} AS available
   FROM variants v
   WHERE v.product_id = $1 AND v.status = 'active'
   ORDER BY v.position`,
  { id: uuid, sku: text, title: text, titleEn: nullable(text), price: integer, available: integer },
);

/** The product with this slug, if it is published. */
export async function readProduct(
  manager: EntityManager,
  slug: string,
): Promise<ProductDetailRow | undefined> {
  return row(manager, READ_PRODUCT, [slug]);
}

/** The active variants of a product, in the order in which the shop shows them. */
export async function readVariants(manager: EntityManager, productId: string): Promise<VariantRow[]> {
  return rows(manager, READ_VARIANTS, [productId]);
}
