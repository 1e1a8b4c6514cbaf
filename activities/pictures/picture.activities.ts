import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

import { getClient, log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { tidyPictures } from '../../entities/pictures/arrange-pictures';
import {
  findUselessObjects,
  findWaitingUpload,
  forgetObjects,
  noteRendering,
  settlePicture,
  type WaitingUpload,
} from '../../entities/pictures/process-picture';
import type { PictureFailure } from '../../entities/pictures/product-picture';
import type { Metrics } from '../../platform/metrics';
import { PictureRefusedError, renderPicture, type RenderedPicture } from '../../platform/render-picture';
import { contentKey, type NewObject, type ObjectStorage } from '../../platform/storage/object-storage';
import { ObjectRefusedError } from '../../platform/storage/storage-errors';
import { withTransaction } from '../../platform/transaction';
import { PICTURE_WORKFLOW, pictureWorkflowOf } from '../../workflows/pictures/picture.contract';
import type { PictureSteps, PictureSweepSteps } from '../../workflows/pictures/picture.steps';
import { beating } from '../beating';
import type { Steps } from '../step';

const OVERDUE_MS = 15 * 60_000;
const PICTURES_AT_ONCE = 100;
const START_LIMIT_MS = 5_000;

/** The steps of pictures. Nothing of them runs in a request: rendering is slow and needs memory. */
export function createPictureActivities(
  { step }: Steps,
  database: DataSource,
  storage: ObjectStorage,
  metrics: Metrics,
): PictureSteps & PictureSweepSteps {
  const settled = metrics.counter('asoud_pictures_total', 'Uploads that were rendered or refused', [
    'outcome',
  ]);

  async function render(pictureId: string): Promise<void> {
    const waiting = await findWaitingUpload(database.manager, pictureId);
    if (!waiting) return;
    const upload = await readUpload(storage, waiting);
    const pictures = await renderPicture(upload);
    const objects = pictures.map((picture) => objectOf(pictureId, picture));
    const isWanted = await withTransaction(database, (transaction) =>
      noteRendering(transaction, {
        pictureId,
        digest: createHash('sha256').update(upload).digest('hex'),
        sizes: pictures.map(({ width, height }, at) => ({ key: contentKey(objects[at]!), width, height })),
      }),
    );
    if (isWanted) for (const object of objects) await storage.put(object);
  }

  async function tidy(): Promise<number> {
    const found = await withTransaction(database, (transaction) =>
      tidyPictures(transaction, { overdueByMs: OVERDUE_MS, limit: PICTURES_AT_ONCE }),
    );
    for (const pictureId of found) await startWorkflow(pictureId);
    return found.length;
  }

  return {
    async renderUpload({ pictureId }) {
      try {
        await beating(() => render(pictureId));
        settled.inc({ outcome: 'rendered' });
        return null;
      } catch (error) {
        const failure = failureOf(error);
        settled.inc({ outcome: failure });
        return failure;
      }
    },

    settlePicture: step(settlePicture),

    async removeUselessObjects({ pictureId }) {
      const { keys, againAt } = await findUselessObjects(database.manager, pictureId);
      for (const key of keys) await storage.remove(key);
      if (againAt === null)
        await withTransaction(database, (transaction) => forgetObjects(transaction, pictureId));
      return againAt;
    },

    tidyPictures: () => beating(tidy),
  };
}

/** The rendered objects of a picture lie in a folder of their own: another picture never shares them. */
function objectOf(pictureId: string, { bytes }: RenderedPicture): NewObject {
  return { folder: `products/${pictureId.replaceAll('-', '')}`, type: 'image/webp', bytes };
}

/** Not every store keeps to the size that was signed. */
async function readUpload(
  storage: ObjectStorage,
  { uploadKey, uploadBytes }: WaitingUpload,
): Promise<Buffer> {
  const object = await storage.read(uploadKey);
  if (!object) throw new UploadRefused('not_uploaded');
  if (object.size === uploadBytes) return buffer(object.body);
  object.body.destroy();
  throw new UploadRefused('wrong_size');
}

/** The upload is not what was announced. */
class UploadRefused extends Error {
  override readonly name = 'UploadRefused';

  constructor(readonly failure: PictureFailure) {
    super(failure);
  }
}

/** What the error says about the upload. Others are thrown on: another attempt may succeed. */
function failureOf(error: unknown): PictureFailure {
  if (error instanceof UploadRefused) return error.failure;
  if (error instanceof PictureRefusedError) return error.code;
  if (error instanceof ObjectRefusedError && error.refusal === 'too_large') return 'too_large';
  throw error;
}

/** A workflow that cannot be started must not hold up the others. The next sweep finds it again. */
async function startWorkflow(pictureId: string): Promise<void> {
  const client = getClient();
  try {
    await client.withDeadline(Date.now() + START_LIMIT_MS, () =>
      client.workflow.start(PICTURE_WORKFLOW, pictureWorkflowOf(pictureId)),
    );
  } catch (error) {
    log.warn('the workflow of a picture could not be started', { pictureId, error });
  }
}
