import type { Client } from '@temporalio/client';

import {
  look,
  REPLENISHMENT_QUEUE,
  REPLENISHMENT_WORKFLOW,
  replenishmentWorkflowId,
  type ReplenishmentInput,
} from '../workflows/replenishment/replenishment.contract';
import { callWorkflow, type CallResult } from './call-workflow';

/** What the shop may ask of the workflows that decide about stock. */
export interface ReplenishmentCalls {
  /** Has somebody look at a variant's stock. Harmless to repeat. */
  look(variantId: string): Promise<CallResult<void>>;
}

/** @param deadlineMs how long a caller waits */
export function createReplenishmentCalls(client: Client, deadlineMs: number): ReplenishmentCalls {
  return {
    look: (variantId) =>
      callWorkflow(client, deadlineMs, async () => {
        await client.workflow.signalWithStart<(input: ReplenishmentInput) => Promise<unknown>>(
          REPLENISHMENT_WORKFLOW,
          {
            workflowId: replenishmentWorkflowId(variantId),
            taskQueue: REPLENISHMENT_QUEUE,
            args: [{ variantId }],
            signal: look,
            workflowIdReusePolicy: 'ALLOW_DUPLICATE',
            staticSummary: 'Decides whether a variant is reordered',
          },
        );
      }),
  };
}
