import { proxyActivities } from '@temporalio/workflow';

import { asJob, type Skipped } from '../jobs/as-job';
import type { PurchasingSweepSteps } from './purchasing-sweep.steps';

const { wakeLostOrders } = proxyActivities<PurchasingSweepSteps>({
  startToCloseTimeout: '1 minute',
  // A step whose worker was killed is given to another one so much later.
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 3, initialInterval: '2 seconds' },
});

/** Makes up for lost starts and replies of purchase orders. A schedule starts it. Returns how many workflows it has woken. */
export function purchasingSweep(): Promise<number | Skipped> {
  return asJob('purchasing-sweep', wakeLostOrders);
}
