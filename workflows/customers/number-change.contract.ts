import { defineSignal } from '@temporalio/workflow';

/** The queue of what customers wait for: few workflows that sleep for days. */
export const CUSTOMER_QUEUE = 'customers';
export const NUMBER_CHANGE_WORKFLOW = 'numberChange';

/** The id of the workflow of an approved change. */
export const numberChangeWorkflowId = (changeId: string): string => `number-change:${changeId}`;

/** Nothing personal: the row has the numbers. */
export interface NumberChangeInput {
  readonly changeId: string;
}

/** The change was cancelled. The workflow reads the row and ends. */
export const cancelled = defineSignal('cancelled');

/** The row has changed. The workflow reads it again. */
export const look = defineSignal('look');

/** The arguments with which a client starts the workflow of an approved change, or joins one that runs. */
export function numberChangeOf(changeId: string) {
  return {
    workflowId: numberChangeWorkflowId(changeId),
    taskQueue: CUSTOMER_QUEUE,
    args: [{ changeId } satisfies NumberChangeInput] as [NumberChangeInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'A change of number that waits for objections',
  } as const;
}
