import type { Client } from '@temporalio/client';

import { PICTURE_WORKFLOW, pictureWorkflowOf, poll } from '../workflows/pictures/picture.contract';
import { callWorkflow, type CallResult } from './call-workflow';

/** What the API may ask of the workflows of pictures. The rows come first. */
export interface PictureCalls {
  /** Has the row of a picture looked at: it was uploaded, or removed. */
  poll(pictureId: string): Promise<CallResult<void>>;
}

/** @param deadlineMs how long a caller waits */
export function createPictureCalls(client: Client, deadlineMs: number): PictureCalls {
  return {
    poll: (pictureId) =>
      callWorkflow(client, deadlineMs, async () => {
        await client.workflow.signalWithStart(PICTURE_WORKFLOW, {
          ...pictureWorkflowOf(pictureId),
          signal: poll,
          signalArgs: [],
        });
      }),
  };
}
