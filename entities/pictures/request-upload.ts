import { lockProduct } from '../catalog/lock-product';
import { AppError, assertThat } from '../errors';
import { integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { PictureStatus } from './product-picture';

/** What a product may have, with what is on its way. */
export const MOST_PICTURES = 20;

/** An upload that somebody asks for. */
export interface RequestedUpload {
  readonly pictureId: string;
  readonly productId: string;
  readonly uploadKey: string;
  readonly bytes: number;
  readonly expiresAt: Date;
}

/** Somebody whose upload took until the end still has to say so. */
const MAY_COMPLETE = "upload_expires_at > now() - interval '5 minutes'";

const COUNT = statement<{ pictures: number }>(
  `SELECT count(*) AS pictures FROM product_pictures
   WHERE product_id = $1 AND (status IN ('uploaded', 'ready') OR status = 'pending' AND ${MAY_COMPLETE})`,
  { pictures: integer },
);

const INSERT = statement(
  `INSERT INTO product_pictures (id, product_id, upload_key, upload_bytes, upload_expires_at, position)
   VALUES ($1, $2, $3, $4, $5, (SELECT coalesce(max(position), 0) + 1 FROM product_pictures WHERE product_id = $2))`,
);

/**
 * Notes a picture that is going to be uploaded. Nothing changes for the public.
 *
 * @throws AppError `catalog.product_not_found`, `picture.too_many`
 */
export async function requestUpload(
  transaction: Transaction,
  { pictureId, productId, uploadKey, bytes, expiresAt }: RequestedUpload,
): Promise<void> {
  await lockProduct(transaction, productId, null);
  const { pictures } = (await row(transaction, COUNT, [productId]))!;
  assertThat(pictures < MOST_PICTURES, 'picture.too_many', { limit: MOST_PICTURES });
  await rows(transaction, INSERT, [pictureId, productId, uploadKey, bytes, expiresAt]);
}

const COMPLETE = statement<{ id: string }>(
  `UPDATE product_pictures SET status = 'uploaded', changed_at = now()
   WHERE id = $1 AND product_id = $2 AND status = 'pending' AND ${MAY_COMPLETE}
   RETURNING id`,
  { id: uuid },
);

const STATUS = statement<{ status: PictureStatus }>(
  `SELECT status FROM product_pictures WHERE id = $1 AND product_id = $2 AND status <> 'removed'`,
  { status: text },
);

/**
 * Hands an upload over to its workflow. Of one that was handed over already, nothing changes.
 *
 * @returns whether anything changed
 * @throws AppError `picture.not_found`, `picture.upload_expired`
 */
export async function completeUpload(
  transaction: Transaction,
  { pictureId, productId }: { readonly pictureId: string; readonly productId: string },
): Promise<boolean> {
  if (await row(transaction, COMPLETE, [pictureId, productId])) return true;
  const found = await row(transaction, STATUS, [pictureId, productId]);
  assertThat(found, 'picture.not_found');
  if (found.status === 'pending') throw new AppError('picture.upload_expired');
  return false;
}
