import { proxyActivities } from '@temporalio/workflow';

import { asJob, type Skipped } from '../jobs/as-job';
import type { SmsSweepResult } from './sms-sweep.contract';
import type { SmsSweepSteps } from './sms-sweep.steps';

const { wakeLostMessages, eraseExpiredCodes, readSmsCredit } = proxyActivities<SmsSweepSteps>({
  startToCloseTimeout: '1 minute',
  // A step whose worker was killed is given to another one so much later.
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 3, initialInterval: '2 seconds' },
});

/** Makes up for lost starts and reports, erases codes that are over, and watches the credit. A schedule starts it. */
export async function smsSweep(): Promise<SmsSweepResult | Skipped> {
  return asJob('sms-sweep', async () => {
    const workflowsWoken = await wakeLostMessages();
    const codesErased = await eraseExpiredCodes();
    return { workflowsWoken, codesErased, poorProviders: await readSmsCredit() };
  });
}
