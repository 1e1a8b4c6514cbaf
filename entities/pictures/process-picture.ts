import { PRODUCT } from '../catalog/catalog.events';
import { lockProduct } from '../catalog/lock-product';
import { recordEvents } from '../events/record-events';
import { boolean, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { PictureFailure, PictureSize, PictureStatus } from './product-picture';
import { PICTURE_SIZES } from './read-pictures';

/** An upload that waits for its workflow. */
export interface WaitingUpload {
  readonly uploadKey: string;
  readonly uploadBytes: number;
}

const WAITING = statement<WaitingUpload>(
  `SELECT upload_key AS "uploadKey", upload_bytes AS "uploadBytes" FROM product_pictures
   WHERE id = $1 AND status = 'uploaded'`,
  { uploadKey: text, uploadBytes: integer },
);

/** The upload of a picture, while it waits to be rendered. */
export function findWaitingUpload(
  transaction: Transaction,
  pictureId: string,
): Promise<WaitingUpload | undefined> {
  return row(transaction, WAITING, [pictureId]);
}

/** What was rendered from an upload. */
export interface Rendering {
  readonly pictureId: string;
  readonly digest: string;
  readonly sizes: readonly PictureSize[];
}

const NOTE = statement<{ id: string }>(
  `UPDATE product_pictures SET digest = $2, sizes = $3 WHERE id = $1 AND status = 'uploaded' RETURNING id`,
  { id: uuid },
);

/** Notes what is about to be stored. False when nobody wants the picture any more: then nothing may be stored. */
export async function noteRendering(
  transaction: Transaction,
  { pictureId, digest, sizes }: Rendering,
): Promise<boolean> {
  return (await row(transaction, NOTE, [pictureId, digest, JSON.stringify(sizes)])) !== undefined;
}

const PRODUCT_OF = statement<{ productId: string }>(
  `SELECT product_id AS "productId" FROM product_pictures WHERE id = $1`,
  { productId: uuid },
);

const TWIN = statement<{ isThere: boolean }>(
  `SELECT true AS "isThere" FROM product_pictures mine JOIN product_pictures other
     ON other.product_id = mine.product_id AND other.digest = mine.digest AND other.status = 'ready'
   WHERE mine.id = $1 AND other.id <> $1 LIMIT 1`,
  { isThere: boolean },
);

const SETTLE = statement<{ status: PictureStatus }>(
  `UPDATE product_pictures SET status = CASE WHEN $2::text IS NULL THEN 'ready' ELSE 'failed' END, failure = $2,
     changed_at = now()
   WHERE id = $1 AND status = 'uploaded' AND ($2::text IS NOT NULL OR jsonb_array_length(sizes) > 0)
   RETURNING status`,
  { status: text },
);

/**
 * Shows a picture whose sizes are stored, or says why there is none. A repetition changes nothing. A picture that the product
 * has already fails as its `duplicate`.
 *
 * @param failure null when all sizes are stored
 */
export async function settlePicture(
  transaction: Transaction,
  { pictureId, failure }: { readonly pictureId: string; readonly failure: PictureFailure | null },
): Promise<void> {
  const found = await row(transaction, PRODUCT_OF, [pictureId]);
  if (!found) return;
  await lockProduct(transaction, found.productId, null);
  const twin = failure === null && (await row(transaction, TWIN, [pictureId]));
  const settled = await row(transaction, SETTLE, [pictureId, twin ? 'duplicate' : failure]);
  if (settled?.status !== 'ready') return;
  await recordEvents(transaction, PRODUCT, found.productId, {
    type: 'product.pictures_changed',
    payload: {},
  });
}

/** Objects that serve nothing any more. */
export interface UselessObjects {
  readonly keys: readonly string[];
  /** When somebody may have uploaded for the last time, in milliseconds since the epoch: look once more then. Null at the end. */
  readonly againAt: number | null;
}

const USELESS = statement<{
  status: PictureStatus;
  uploadKey: string | null;
  sizes: PictureSize[];
  againAt: number | null;
}>(
  `SELECT status, upload_key AS "uploadKey", sizes,
     CASE WHEN upload_expires_at > now() THEN (extract(epoch FROM upload_expires_at) * 1000)::bigint END AS "againAt"
   FROM product_pictures
   WHERE id = $1 AND (status IN ('failed', 'removed') OR status = 'ready' AND upload_key IS NOT NULL)`,
  { status: text, uploadKey: nullable(text), sizes: PICTURE_SIZES, againAt: nullable(integer) },
);

/** What of a picture can be removed from the store. */
export async function findUselessObjects(
  transaction: Transaction,
  pictureId: string,
): Promise<UselessObjects> {
  const found = await row(transaction, USELESS, [pictureId]);
  if (!found) return { keys: [], againAt: null };
  const { status, uploadKey, sizes, againAt } = found;
  const rendered = status === 'ready' ? [] : sizes.map(({ key }) => key);
  return { keys: [...(uploadKey === null ? [] : [uploadKey]), ...rendered], againAt };
}

const FORGET = statement(
  `UPDATE product_pictures SET upload_key = NULL, sizes = CASE status WHEN 'ready' THEN sizes ELSE '[]' END
   WHERE id = $1 AND status IN ('ready', 'failed') AND upload_expires_at <= now()`,
);

const DELETE = statement(
  `DELETE FROM product_pictures WHERE id = $1 AND status = 'removed' AND upload_expires_at <= now()`,
);

/** Forgets the objects that were removed from the store for good, and with them the row of a picture that was removed. */
export async function forgetObjects(transaction: Transaction, pictureId: string): Promise<void> {
  await rows(transaction, FORGET, [pictureId]);
  await rows(transaction, DELETE, [pictureId]);
}
