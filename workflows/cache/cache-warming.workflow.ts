import { continueAsNew, proxyActivities, setHandler, sleep } from '@temporalio/workflow';

import { asJob, type Skipped } from '../jobs/as-job';
import {
  CACHE_WARMING_JOB,
  warmAgain,
  type CacheWarmingInput,
  type WarmingReport,
} from './cache-warming.contract';
import type { CacheWarmingSteps } from './cache-warming.steps';

/** A run takes less than so many waits together. */
const MOST_WAITS = 20;

/**
 * Warms the cache of public answers. A schedule, staff, an API that has started, or one that found Redis empty has it done. What was
 * lost while another run was under way is warmed after that run, because it may have passed already.
 */
export async function cacheWarming({
  reason,
  waited = 0,
}: CacheWarmingInput): Promise<WarmingReport | Skipped> {
  const { warmAnswers } = proxyActivities<CacheWarmingSteps>({
    startToCloseTimeout: '5 minutes',
    // A step whose worker was killed is given to another one so much later.
    heartbeatTimeout: '10 seconds',
    retry: { maximumAttempts: 5, initialInterval: '2 seconds', maximumInterval: '30 seconds' },
    summary: reason,
  });
  let isAskedAgain = false;
  setHandler(warmAgain, () => {
    isAskedAgain = true;
  });

  const report = await asJob(CACHE_WARMING_JOB, () => {
    // What was said before the step begins, it serves.
    isAskedAgain = false;
    return warmAnswers({ reason });
  });
  const mayBeSkipped = reason === 'schedule' || reason === 'staff';
  if (report === 'skipped' && !mayBeSkipped && waited < MOST_WAITS) {
    await sleep('15 seconds', { summary: 'until the other run is over' });
    return continueAsNew<typeof cacheWarming>({ reason, waited: waited + 1 });
  }
  if (isAskedAgain) return continueAsNew<typeof cacheWarming>({ reason: 'again' });
  return report;
}
