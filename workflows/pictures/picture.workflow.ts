import {
  ActivityFailure,
  condition,
  isCancellation,
  log,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';

import type { PictureFailure } from '../../entities/pictures/product-picture';
import { asJob, type Skipped } from '../jobs/as-job';
import { poll, type PictureInput } from './picture.contract';
import type { PictureSteps, PictureSweepSteps } from './picture.steps';

const retry = { initialInterval: '1 second', maximumInterval: '5 minutes' } as const;

const { renderUpload } = proxyActivities<PictureSteps>({
  startToCloseTimeout: '3 minutes',
  // A step whose worker was killed is given to another one so much later.
  heartbeatTimeout: '30 seconds',
  scheduleToCloseTimeout: '1 day',
  retry,
});
const { settlePicture } = proxyActivities<PictureSteps>({ startToCloseTimeout: '15 seconds', retry });
const { removeUselessObjects } = proxyActivities<PictureSteps>({ startToCloseTimeout: '2 minutes', retry });
const { tidyPictures } = proxyActivities<PictureSweepSteps>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 3, initialInterval: '2 seconds' },
});

/** The clocks of the worker and of Postgres may differ. */
const LEAST_WAIT_MS = 1_000;

/**
 * Makes a picture of an upload, and removes from the store what serves nothing any more. The row decides what is to be done. It
 * looks once more when the signature of the upload has expired: until then some stores let the object be uploaded again.
 */
export async function picture({ pictureId }: PictureInput): Promise<void> {
  let wasPolled = true;
  setHandler(poll, () => {
    wasPolled = true;
  });
  for (;;) {
    if (wasPolled) {
      wasPolled = false;
      await settlePicture({ pictureId, failure: await rendered(pictureId) });
    }
    const againAt = await removeUselessObjects({ pictureId });
    if (againAt !== null) await condition(() => wasPolled, Math.max(againAt - Date.now(), LEAST_WAIT_MS));
    else if (!wasPolled) return;
  }
}

/** What a day of attempts could not render is refused. */
async function rendered(pictureId: string): Promise<PictureFailure | null> {
  try {
    return await renderUpload({ pictureId });
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    log.error('a picture could not be rendered', { pictureId, error });
    return 'not_processed';
  }
}

/** Gives up uploads that nobody completed, and starts the workflows that are missing. A schedule starts it. */
export async function pictureSweep(): Promise<number | Skipped> {
  return asJob('picture-sweep', tidyPictures);
}
