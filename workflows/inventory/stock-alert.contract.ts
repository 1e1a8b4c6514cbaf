import { defineSignal } from '@temporalio/workflow';

import { CUSTOMER_QUEUE } from '../customers/number-change.contract';

export const STOCK_ALERT_WORKFLOW = 'stockAlert';

/** The id of the workflow that tells people of a variant's stock. A later run has it again. */
export const stockAlertWorkflowId = (variantId: string): string => `stock-alert:${variantId}`;

export interface StockAlertInput {
  readonly variantId: string;
}

/** Stock has changed. The workflow reads the rows again. */
export const look = defineSignal('look');

/** The arguments with which a client starts the workflow of a variant, or joins one that runs. */
export function stockAlertOf(variantId: string) {
  return {
    workflowId: stockAlertWorkflowId(variantId),
    taskQueue: CUSTOMER_QUEUE,
    args: [{ variantId } satisfies StockAlertInput] as [StockAlertInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'Tells people of stock that is low, out or back',
  } as const;
}
