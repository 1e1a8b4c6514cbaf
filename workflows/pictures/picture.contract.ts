import { defineSignal } from '@temporalio/workflow';

/** The queue of pictures: few at once, because a large one needs a second and 200 MB. */
export const PICTURE_QUEUE = 'pictures';
export const PICTURE_WORKFLOW = 'picture';
export const PICTURE_SWEEP_WORKFLOW = 'pictureSweep';

/** The id of the workflow of a picture. */
export const pictureWorkflowId = (pictureId: string): string => `picture:${pictureId}`;

export interface PictureInput {
  readonly pictureId: string;
}

/** The row of the picture has changed. */
export const poll = defineSignal('poll');

/** How a picture's workflow is started. Of one that runs, nothing changes. */
export function pictureWorkflowOf(pictureId: string) {
  const args: [PictureInput] = [{ pictureId }];
  return {
    workflowId: pictureWorkflowId(pictureId),
    taskQueue: PICTURE_QUEUE,
    args,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'A picture of a product: rendering, or removal',
  } as const;
}
