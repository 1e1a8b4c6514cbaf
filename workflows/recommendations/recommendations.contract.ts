import { CUSTOMER_QUEUE } from '../customers/number-change.contract';

export const RECOMMENDATIONS_WORKFLOW = 'recommendations';

/** What a run has stored. */
export interface RecommendationsResult {
  readonly together: number;
  readonly similar: number;
}

/** The arguments with which a client computes all recommendations, or joins a computation that runs. */
export function recommendationsRun() {
  return {
    workflowId: 'recommendations',
    taskQueue: CUSTOMER_QUEUE,
    args: [] as [],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowRunTimeout: '1 hour',
    staticSummary: 'Computes which products are bought together and which are similar',
  } as const;
}
