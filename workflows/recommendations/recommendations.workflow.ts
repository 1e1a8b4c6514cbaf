import { proxyActivities } from '@temporalio/workflow';

import type { RecommendedSimilar } from '../../entities/recommendations/recommend-similar';
import { asJob, type Skipped } from '../jobs/as-job';
import type { RecommendationsResult } from './recommendations.contract';
import type { RecommendationSteps } from './recommendations.steps';

const { recommendTogether, recommendSimilar } = proxyActivities<RecommendationSteps>({
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** Computes all recommendations: what is bought together, then what is similar, some products at a time. */
export async function recommendations(): Promise<RecommendationsResult | Skipped> {
  return asJob('recommendations', async () => {
    const together = await recommendTogether();
    let similar = 0;
    let after: string | null = null;
    do {
      const part: RecommendedSimilar = await recommendSimilar({ after });
      similar += part.stored;
      after = part.last;
    } while (after !== null);
    return { together, similar };
  });
}
