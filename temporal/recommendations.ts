import type { Client } from '@temporalio/client';

import {
  RECOMMENDATIONS_WORKFLOW,
  recommendationsRun,
} from '../workflows/recommendations/recommendations.contract';
import { callWorkflow, type CallResult } from './call-workflow';

/** What the API may ask of recommendations. */
export interface RecommendationCalls {
  /** Has all of them computed. A computation that runs is joined. */
  start(): Promise<CallResult<void>>;
}

/** @param deadlineMs how long a caller waits */
export function createRecommendationCalls(client: Client, deadlineMs: number): RecommendationCalls {
  return {
    start: () =>
      callWorkflow(client, deadlineMs, async () => {
        await client.workflow.start<() => Promise<unknown>>(RECOMMENDATIONS_WORKFLOW, recommendationsRun());
      }),
  };
}
