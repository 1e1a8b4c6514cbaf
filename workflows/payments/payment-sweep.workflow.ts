import { proxyActivities } from '@temporalio/workflow';

import type { SweepResult } from './payment-sweep.contract';
import type { PaymentSweepSteps } from './payment-sweep.steps';

const { wakeLostStories, wakeUnsettledPayments } = proxyActivities<PaymentSweepSteps>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 3, initialInterval: '2 seconds' },
});

/**
 * The net under every lost message: finds returns nobody looked at, orders whose story is gone and payments that a gateway
 * lists as not taken, and wakes their stories. It is started by its schedule and may be started by hand.
 */
export async function paymentSweep(): Promise<SweepResult> {
  const lost = await wakeLostStories();
  const unsettled = await wakeUnsettledPayments();
  return { storiesWoken: lost + unsettled.woken, unsettledPayments: unsettled.listed };
}
