import { proxyActivities } from '@temporalio/workflow';

import { asJob, type Skipped } from '../jobs/as-job';
import type { CampaignSweepSteps } from './campaign.steps';

const { wakeLostCampaigns } = proxyActivities<CampaignSweepSteps>({
  startToCloseTimeout: '1 minute',
  // A step whose worker was killed is given to another one so much later.
  heartbeatTimeout: '30 seconds',
  retry: { maximumAttempts: 3, initialInterval: '2 seconds' },
});

/** Makes up for lost starts of campaigns. A schedule starts it. Returns how many workflows it has woken. */
export function campaignSweep(): Promise<number | Skipped> {
  return asJob('campaign-sweep', wakeLostCampaigns);
}
