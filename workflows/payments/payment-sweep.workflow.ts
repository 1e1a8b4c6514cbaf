import { proxyActivities } from '@temporalio/workflow';

import { asJob, type Skipped } from '../jobs/as-job';
import type { SweepResult } from './payment-sweep.contract';
import type { PaymentSweepSteps } from './payment-sweep.steps';

const { wakeLostWorkflows, wakeUnsettledPayments } = proxyActivities<PaymentSweepSteps>({
  startToCloseTimeout: '1 minute',
  // A step whose worker was killed is given to another one so much later.
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 3, initialInterval: '2 seconds' },
});

/**
 * Makes up for lost messages. It finds callbacks that no poll has seen, orders whose workflow is gone, and payments that a
 * gateway lists as not taken, and wakes their workflows. A schedule starts it. An operator may start it too.
 */
export async function paymentSweep(): Promise<SweepResult | Skipped> {
  return asJob('payment-sweep', async () => {
    const lost = await wakeLostWorkflows();
    const unsettled = await wakeUnsettledPayments();
    return { workflowsWoken: lost + unsettled.woken, unsettledPayments: unsettled.listed };
  });
}
