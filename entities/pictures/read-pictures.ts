import type { EntityManager } from 'typeorm';

import { integer, instant, jsonList, jsonObject, nullable, text, uuid } from '../row-shape';
import { rows, statement } from '../sql';
import type { PictureFailure, PictureSize, PictureStatus } from './product-picture';

/**
 * The main picture of a product in a middle size: a key of the store, or while nothing was uploaded the first of its
 * `image_urls`. An expression of SQL.
 *
 * @param product the alias of `products`
 */
export const mainPicture = (product: string): string =>
  `coalesce((
     SELECT coalesce(m.sizes -> 1, m.sizes -> 0) ->> 'key' FROM product_pictures m
     WHERE m.product_id = ${product}.id AND m.status = 'ready' ORDER BY m.position, m.id LIMIT 1
   ), ${product}.image_urls[1])`;

/** A picture as the public sees it. */
export interface ShownPicture {
  readonly id: string;
  readonly altFa: string;
  readonly altEn: string;
  readonly sizes: readonly PictureSize[];
}

/** The ready pictures of a product in their order, as JSON. An expression of SQL. */
export const shownPictures = (product: string): string =>
  `(SELECT coalesce(json_agg(json_build_object('id', m.id, 'altFa', m.alt_fa, 'altEn', m.alt_en, 'sizes', m.sizes)
      ORDER BY m.position, m.id), '[]')
    FROM product_pictures m WHERE m.product_id = ${product}.id AND m.status = 'ready')`;

/** The column `sizes`. */
export const PICTURE_SIZES = jsonList(
  jsonObject<PictureSize>({ key: text, width: integer, height: integer }),
);

/** The result of {@link shownPictures}. */
export const SHOWN_PICTURES = jsonList(
  jsonObject<ShownPicture>({ id: uuid, altFa: text, altEn: text, sizes: PICTURE_SIZES }),
);

/** A picture as staff see it. */
export interface PictureRow extends Omit<ShownPicture, 'sizes'> {
  readonly status: PictureStatus;
  readonly failure: PictureFailure | null;
  readonly sizes: PictureSize[];
  readonly createdAt: Date;
}

const READ = statement<PictureRow>(
  `SELECT id, status, failure, alt_fa AS "altFa", alt_en AS "altEn",
     CASE status WHEN 'ready' THEN sizes ELSE '[]' END AS sizes, created_at AS "createdAt"
   FROM product_pictures WHERE product_id = $1 AND status <> 'removed'
   ORDER BY status = 'failed', position, id LIMIT 200`,
  {
    id: uuid,
    status: text,
    failure: nullable(text),
    altFa: text,
    altEn: text,
    sizes: PICTURE_SIZES,
    createdAt: instant,
  },
);

/** The pictures of a product in their order, also those that are on their way; at the end those that were refused. */
export function readPictures(manager: EntityManager, productId: string): Promise<PictureRow[]> {
  return rows(manager, READ, [productId]);
}
