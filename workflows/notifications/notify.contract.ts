import { defineSignal } from '@temporalio/workflow';

export const NOTIFICATION_QUEUE = 'notifications';

export const NOTIFY_WORKFLOW = 'notify';

/** The id of the workflow that sends what waits for an account, or for the recipient of a guest's order. A later run has it again. */
export const notifyWorkflowId = (boxId: string): string => `notify:${boxId}`;

/** Nothing personal: the rows have everything. */
export interface NotifyInput {
  readonly boxId: string;
}

/** Something came, or other things were chosen. The workflow reads the rows again. */
export const look = defineSignal('look');

/** The arguments with which a client starts the workflow of a box, or joins one that runs. */
export function notifyOf(boxId: string) {
  return {
    workflowId: notifyWorkflowId(boxId),
    taskQueue: NOTIFICATION_QUEUE,
    args: [{ boxId } satisfies NotifyInput] as [NotifyInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'Sends what waits for one person',
  } as const;
}
