import sharp from 'sharp';
import type { DataSource } from 'typeorm';

import { completeUpload, requestUpload } from '../../../entities/pictures/request-upload';
import { newId } from '../../../entities/values/uuid';
import type { ObjectStorage } from '../../../platform/storage/object-storage';
import { withTransaction } from '../../../platform/transaction';
import { upload } from '../storage-under-test';
import { buildProduct } from './catalog';

const LIFE_MS = 60_000;

/** A picture of this colour, 700 by 350 pixels unless told. */
export async function drawn(
  background: string,
  { width = 700, height = 350 }: { width?: number; height?: number } = {},
): Promise<Buffer<ArrayBuffer>> {
  const bytes = await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
  return Buffer.from(bytes);
}

export interface BuiltPicture {
  readonly pictureId: string;
  readonly productId: string;
  readonly uploadKey: string;
}

/** A picture that was uploaded and waits for its workflow. Its signature expires when told. */
export async function buildUpload(
  database: DataSource,
  storage: ObjectStorage,
  bytes: Buffer<ArrayBuffer>,
  request: { productId?: string; expiresAt?: Date; isComplete?: boolean } = {},
): Promise<BuiltPicture> {
  const productId = request.productId ?? (await buildProduct(database)).id;
  const { expiresAt = new Date(Date.now() + LIFE_MS), isComplete = true } = request;
  const terms = {
    folder: 'pictures',
    type: 'image/png',
    maxBytes: bytes.length,
    expiresInMs: LIFE_MS,
  } as const;
  const { key: uploadKey, ...signed } = storage.signUpload(terms);
  const { ok } = await upload({ key: uploadKey, ...signed }, bytes);
  if (!ok) throw new Error('the upload was refused');
  const pictureId = newId();
  await withTransaction(database, async (transaction) => {
    await requestUpload(transaction, { pictureId, productId, uploadKey, bytes: bytes.length, expiresAt });
    if (isComplete) await completeUpload(transaction, { pictureId, productId });
  });
  return { pictureId, productId, uploadKey };
}
