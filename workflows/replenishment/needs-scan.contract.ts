import { defineSignal } from '@temporalio/workflow';

import { REPLENISHMENT_QUEUE } from './replenishment.contract';

/** Looks for needs at once, because something has changed for many variants. */
export const NEEDS_SCAN_WORKFLOW = 'needsScan';

/** The stock of many variants may be low. */
export const look = defineSignal('look');

/** The arguments with which a client starts the scan, or has the running one look again. There is one for the shop. */
export function needsScanOf() {
  return {
    workflowId: 'needs-scan',
    taskQueue: REPLENISHMENT_QUEUE,
    args: [] as [],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'Looks for variants to reorder',
  } as const;
}
