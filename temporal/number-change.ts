import type { Client } from '@temporalio/client';

import {
  cancelled,
  NUMBER_CHANGE_WORKFLOW,
  numberChangeOf,
  numberChangeWorkflowId,
  type NumberChangeInput,
} from '../workflows/customers/number-change.contract';
import { callWorkflow, type CallResult } from './call-workflow';

/** What the API may ask of the workflows of changes of number. The rows come first. */
export interface NumberChangeCalls {
  /** Starts the workflow of an approved change. Harmless for one that runs. */
  start(changeId: string): Promise<CallResult<void>>;
  /** Tells the workflow of a cancelled change to end. Nothing depends on it: the row is read before anything is done. */
  cancelled(changeId: string): Promise<CallResult<void>>;
}

/** @param deadlineMs how long a caller waits */
export function createNumberChangeCalls(client: Client, deadlineMs: number): NumberChangeCalls {
  return {
    start: (changeId) =>
      callWorkflow(client, deadlineMs, async () => {
        await client.workflow.start<(input: NumberChangeInput) => Promise<void>>(
          NUMBER_CHANGE_WORKFLOW,
          numberChangeOf(changeId),
        );
      }),
    cancelled: (changeId) =>
      callWorkflow(client, deadlineMs, () =>
        client.workflow.getHandle(numberChangeWorkflowId(changeId)).signal(cancelled),
      ),
  };
}
