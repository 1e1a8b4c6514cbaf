import type { Client } from '@temporalio/client';

import {
  look,
  PURCHASE_ORDER_WORKFLOW,
  purchaseOrderOf,
  type PurchaseOrderInput,
  type PurchaseOrderResult,
} from '../workflows/purchasing/purchase-order.contract';
import { callWorkflow, type CallResult } from './call-workflow';

/** What the API may ask of the workflows of purchase orders. The rows come first: what a call misses, the sweep finds. */
export interface PurchaseOrderCalls {
  /** Has the workflow of an order read its rows. Starts one where there is none. */
  look(orderId: string): Promise<CallResult<void>>;
}

/** Somebody has the answer from the rows, and need not wait for the workflow to know. */
const LOOK_DEADLINE_MS = 1_000;

/** @param deadlineMs how long a caller waits at most */
export function createPurchaseOrderCalls(client: Client, deadlineMs: number): PurchaseOrderCalls {
  type Workflow = (input: PurchaseOrderInput) => Promise<PurchaseOrderResult>;
  return {
    look: (orderId) =>
      callWorkflow(client, Math.min(deadlineMs, LOOK_DEADLINE_MS), async () => {
        await client.workflow.signalWithStart<Workflow>(PURCHASE_ORDER_WORKFLOW, {
          ...purchaseOrderOf(orderId),
          signal: look,
        });
      }),
  };
}
