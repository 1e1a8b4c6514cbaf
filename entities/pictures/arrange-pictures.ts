import { PRODUCT } from '../catalog/catalog.events';
import { lockProduct } from '../catalog/lock-product';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { PictureStatus } from './product-picture';

/** A change of the pictures of a product, based on a version of the product. */
interface Change {
  readonly productId: string;
  readonly seen: number;
}

const ORDER = statement<{ moved: number; isWhole: boolean }>(
  `WITH wanted AS (
     SELECT id, place FROM unnest($2::uuid[]) WITH ORDINALITY AS w(id, place)
   ), shown AS (
     SELECT p.id, p.position, w.place FROM product_pictures p FULL JOIN wanted w ON w.id = p.id
     WHERE p.id IS NULL OR p.product_id = $1 AND p.status = 'ready'
   ), whole AS (
     SELECT count(*) = cardinality($2::uuid[]) AND count(id) = count(*) AND count(place) = count(*) AS is_whole FROM shown
   ), moved AS (
     UPDATE product_pictures p SET position = s.place FROM shown s, whole
     WHERE p.id = s.id AND whole.is_whole AND p.position <> s.place RETURNING p.id
   )
   SELECT (SELECT count(*) FROM moved) AS moved, is_whole AS "isWhole" FROM whole`,
  { moved: integer, isWhole: boolean },
);

/**
 * Puts the ready pictures of a product into an order. The first becomes the main picture.
 *
 * @param change `pictureIds` names each ready picture once
 * @returns whether anything changed
 * @throws AppError `catalog.product_not_found`, `catalog.product_changed`, `picture.order_incomplete`
 */
export async function orderPictures(
  transaction: Transaction,
  { productId, seen, pictureIds }: Change & { readonly pictureIds: readonly string[] },
): Promise<boolean> {
  await lockProduct(transaction, productId, seen);
  const { moved, isWhole } = (await row(transaction, ORDER, [productId, pictureIds]))!;
  assertThat(isWhole, 'picture.order_incomplete');
  if (moved > 0) await tell(transaction, productId);
  return moved > 0;
}

const DESCRIBE = statement<{ status: PictureStatus; isOther: boolean }>(
  `UPDATE product_pictures p SET alt_fa = $3, alt_en = $4 FROM product_pictures was
   WHERE p.id = $1 AND p.product_id = $2 AND p.status <> 'removed' AND was.id = p.id
   RETURNING p.status, (was.alt_fa, was.alt_en) <> (p.alt_fa, p.alt_en) AS "isOther"`,
  { status: text, isOther: boolean },
);

/**
 * Says what a picture shows.
 *
 * @returns whether anything changed
 * @throws AppError `catalog.product_not_found`, `catalog.product_changed`, `picture.not_found`
 */
export async function describePicture(
  transaction: Transaction,
  change: Change & { readonly pictureId: string; readonly altFa: string; readonly altEn: string },
): Promise<boolean> {
  const { productId, seen, pictureId, altFa, altEn } = change;
  await lockProduct(transaction, productId, seen);
  const described = await row(transaction, DESCRIBE, [pictureId, productId, altFa, altEn]);
  assertThat(described, 'picture.not_found');
  if (described.isOther && described.status === 'ready') await tell(transaction, productId);
  return described.isOther;
}

const REMOVE = statement<{ wasReady: boolean }>(
  `UPDATE product_pictures p SET status = 'removed', failure = NULL, changed_at = now() FROM product_pictures was
   WHERE p.id = $1 AND p.product_id = $2 AND p.status <> 'removed' AND was.id = p.id
   RETURNING was.status = 'ready' AS "wasReady"`,
  { wasReady: boolean },
);

/**
 * Takes a picture away from a product, whatever its status. Its workflow removes the objects afterwards.
 *
 * @throws AppError `catalog.product_not_found`, `catalog.product_changed`, `picture.not_found`
 */
export async function removePicture(
  transaction: Transaction,
  { productId, seen, pictureId }: Change & { readonly pictureId: string },
): Promise<void> {
  await lockProduct(transaction, productId, seen);
  const removed = await row(transaction, REMOVE, [pictureId, productId]);
  assertThat(removed, 'picture.not_found');
  if (removed.wasReady) await tell(transaction, productId);
}

function tell(transaction: Transaction, productId: string): Promise<void> {
  return recordEvents(transaction, PRODUCT, productId, { type: 'product.pictures_changed', payload: {} });
}

const GIVE_UP = statement<{ id: string }>(
  `UPDATE product_pictures SET status = 'failed', failure = 'not_uploaded', changed_at = now()
   WHERE id IN (
     SELECT id FROM product_pictures
     WHERE status = 'pending' AND upload_expires_at < now() - interval '1 hour'
     ORDER BY changed_at LIMIT $1 FOR UPDATE SKIP LOCKED)
   RETURNING id`,
  { id: uuid },
);

const UNFINISHED = statement<{ id: string }>(
  `SELECT id FROM product_pictures
   WHERE (status IN ('uploaded', 'removed') OR upload_key IS NOT NULL)
     AND status <> 'pending' AND changed_at < now() - $1 * interval '1 millisecond'
     AND (status = 'uploaded' OR upload_expires_at < now() - $1 * interval '1 millisecond')
   ORDER BY changed_at LIMIT $2`,
  { id: uuid },
);

const FORGET_FAILED = statement(
  `DELETE FROM product_pictures WHERE id IN (
     SELECT id FROM product_pictures
     WHERE status = 'failed' AND upload_key IS NULL AND changed_at < now() - interval '7 days' LIMIT $1)`,
);

/**
 * Gives up uploads that were never completed, forgets old refusals, and finds pictures whose workflow is overdue.
 *
 * @returns the pictures whose workflow is to be started
 */
export async function tidyPictures(
  transaction: Transaction,
  { overdueByMs, limit }: { readonly overdueByMs: number; readonly limit: number },
): Promise<readonly string[]> {
  await rows(transaction, FORGET_FAILED, [limit]);
  const given = await rows(transaction, GIVE_UP, [limit]);
  const unfinished = await rows(transaction, UNFINISHED, [overdueByMs, limit]);
  return [...new Set([...given, ...unfinished].map(({ id }) => id))];
}
