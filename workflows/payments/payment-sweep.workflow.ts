import { proxyActivities } from '@temporalio/workflow';

import type { SweepResult } from './payment-sweep.contract';
import type { PaymentSweepSteps } from './payment-sweep.steps';

const { wakeLostWorkflows, wakeUnsettledPayments } = proxyActivities<PaymentSweepSteps>({
  startToCloseTimeout: '1 minute',
  retry: { maximumAttempts: 3, initialInterval: '2 seconds' },
});

/**
 * The net under every lost message: finds callbacks nobody looked at, orders whose workflow is gone and payments that a gateway
 * lists as not taken, and wakes their workflows. It is started by its schedule and may be started by hand.
 */
export async function paymentSweep(): Promise<SweepResult> {
  const lost = await wakeLostWorkflows();
  const unsettled = await wakeUnsettledPayments();
  return { workflowsWoken: lost + unsettled.woken, unsettledPayments: unsettled.listed };
}
