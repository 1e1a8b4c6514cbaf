import { defineSignal } from '@temporalio/workflow';

import type { PurchaseOrderStatus } from '../../entities/purchasing/purchase-order-status';

/** The queue of purchasing: workflows that sleep for days, and calls of suppliers. */
export const PURCHASING_QUEUE = 'purchasing';
export const PURCHASE_ORDER_WORKFLOW = 'purchaseOrder';

/** The id of a purchase order's workflow. */
export const purchaseOrderWorkflowId = (orderId: string): string => `purchase-order:${orderId}`;

/** The rows have all the rest. */
export interface PurchaseOrderInput {
  readonly orderId: string;
}

/** How the order ended; `lost` when Postgres does not know it. */
export type PurchaseOrderResult = PurchaseOrderStatus | 'lost';

/** Something about the order has changed, or its supplier has replied. The workflow reads the rows again. */
export const look = defineSignal('look');

/** The arguments with which a client starts the workflow of an order. A running one stays as it is. */
export function purchaseOrderOf(orderId: string) {
  return {
    workflowId: purchaseOrderWorkflowId(orderId),
    taskQueue: PURCHASING_QUEUE,
    args: [{ orderId }] as [PurchaseOrderInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'A purchase order',
  } as const;
}
