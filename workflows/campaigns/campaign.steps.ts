import type { BulkFindOutcome, BulkSendOutcome, NotCalled } from '../../entities/campaigns/bulk-outcome';
import type { CampaignState } from '../../entities/campaigns/campaign-state';
import type { CampaignMove } from '../../entities/campaigns/campaign-status';
import type { CampaignNote } from './campaign.contract';

interface OneCampaign {
  readonly campaignId: string;
}

interface OneBatch {
  readonly batchId: string;
}

/** Steps that read or change rows. Each is one transaction, compares and sets, and returns the campaign as it is now. */
export interface CampaignSteps {
  readCampaign(input: OneCampaign): Promise<CampaignState | null>;
  startCampaign(input: OneCampaign): Promise<CampaignState>;
  gatherCampaign(input: OneCampaign): Promise<CampaignState>;
  beginCampaignBatch(input: OneCampaign): Promise<CampaignState>;
  recordCampaignBatch(
    input: OneBatch & { readonly outcome: BulkSendOutcome | NotCalled },
  ): Promise<CampaignState>;
  recordCampaignFind(input: OneBatch & { readonly outcome: BulkFindOutcome }): Promise<CampaignState>;
  steerCampaign(input: OneCampaign & CampaignNote & { readonly move: CampaignMove }): Promise<CampaignState>;
}

/** Calls of the provider. Their state is the batch's row. */
export interface CampaignCalls {
  /** Calls once for a batch, whatever happens. */
  sendCampaignBatch(input: OneBatch): Promise<BulkSendOutcome | NotCalled>;
  /** Whether a call without an answer has taken effect. */
  findCampaignBatch(input: OneBatch): Promise<BulkFindOutcome>;
}

/** Asks what was delivered, call by call, and keeps it. It may be repeated. */
export interface CampaignReports {
  readCampaignReports(input: OneCampaign): Promise<CampaignState>;
}

/** The step of the sweep. It wakes workflows and decides nothing itself. */
export interface CampaignSweepSteps {
  /** Starts or wakes the workflows of campaigns that have something left to do. Returns how many. */
  wakeLostCampaigns(): Promise<number>;
}
