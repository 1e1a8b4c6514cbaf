import { defineSignal, defineUpdate } from '@temporalio/workflow';

import type { CampaignState } from '../../entities/campaigns/campaign-state';
import type { CampaignStatus } from '../../entities/campaigns/campaign-status';

/** The queue of campaigns. It is their own, so that no code and no notice waits behind thousands of offers. */
export const CAMPAIGN_QUEUE = 'campaigns';
export const CAMPAIGN_WORKFLOW = 'campaign';
export const CAMPAIGN_SWEEP_WORKFLOW = 'campaignSweep';

/** The id of a campaign's workflow. */
export const campaignWorkflowId = (campaignId: string): string => `campaign:${campaignId}`;

/** The rows have all the rest. */
export interface CampaignInput {
  readonly campaignId: string;
}

/** How the campaign ended; `lost` when Postgres does not know it. */
export type CampaignResult = CampaignStatus | 'lost';

/** Why an operator steers a campaign by hand. Staff read it, so it names nobody. */
export type CampaignNote = { readonly note: string };

/** Something about the campaign has changed. The workflow reads the rows again. */
export const look = defineSignal('look');

/** An operator wants nothing more to go out for now. Staff do the same through the API. */
export const pause = defineUpdate<CampaignState, [CampaignNote]>('pause');

/** An operator lets a paused campaign go on. */
export const resume = defineUpdate<CampaignState, [CampaignNote]>('resume');

/** An operator ends a campaign before all have got it. */
export const cancel = defineUpdate<CampaignState, [CampaignNote]>('cancel');

/** The arguments with which a client starts the workflow of a campaign. A running one stays as it is. */
export function campaignOf(campaignId: string) {
  return {
    workflowId: campaignWorkflowId(campaignId),
    taskQueue: CAMPAIGN_QUEUE,
    args: [{ campaignId }] as [CampaignInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'A campaign by SMS',
  } as const;
}
