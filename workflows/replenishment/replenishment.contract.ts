import { defineSignal } from '@temporalio/workflow';

/** The queue of what buys stock: short decisions and orders that wait for suppliers. */
export const REPLENISHMENT_QUEUE = 'replenishment';
export const REPLENISHMENT_WORKFLOW = 'replenishment';

/** The id of the workflow that decides about a variant. It ends after its decision, and the id is used again. */
export const replenishmentWorkflowId = (variantId: string): string => `replenishment:${variantId}`;

export interface ReplenishmentInput {
  readonly variantId: string;
}

/** What the decisions of a run came to. Operators read it in the Temporal UI. */
export interface ReplenishmentResult {
  readonly looks: number;
  /** The purchase orders that got a line. */
  readonly orderIds: readonly string[];
}

/** The stock may be low. It says no more: the rows are looked at. */
export const look = defineSignal('look');

/** The arguments with which a client starts the workflow that looks at a variant, or joins one that runs. */
export function replenishmentOf(variantId: string) {
  return {
    workflowId: replenishmentWorkflowId(variantId),
    taskQueue: REPLENISHMENT_QUEUE,
    args: [{ variantId } satisfies ReplenishmentInput] as [ReplenishmentInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'Decides whether a variant is reordered',
  } as const;
}
