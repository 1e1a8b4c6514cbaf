import type { Client } from '@temporalio/client';

import {
  CAMPAIGN_WORKFLOW,
  campaignOf,
  look,
  type CampaignInput,
  type CampaignResult,
} from '../workflows/campaigns/campaign.contract';
import { callWorkflow, type CallResult } from './call-workflow';

/** What the API may ask of the workflows of campaigns. The rows come first: what a call misses, the relay or the sweep finds. */
export interface CampaignCalls {
  /** Has the workflow of a campaign read its rows. Starts one where there is none. */
  look(campaignId: string): Promise<CallResult<void>>;
}

/** Somebody has the answer from the rows, and need not wait for the workflow to know. */
const LOOK_DEADLINE_MS = 1_000;

/** @param deadlineMs how long a caller waits at most */
export function createCampaignCalls(client: Client, deadlineMs: number): CampaignCalls {
  type Workflow = (input: CampaignInput) => Promise<CampaignResult>;
  return {
    look: (campaignId) =>
      callWorkflow(client, Math.min(deadlineMs, LOOK_DEADLINE_MS), async () => {
        await client.workflow.signalWithStart<Workflow>(CAMPAIGN_WORKFLOW, {
          ...campaignOf(campaignId),
          signal: look,
        });
      }),
  };
}
