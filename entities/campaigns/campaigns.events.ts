import type { Aggregate } from '../events/aggregate';
import type { PauseReason } from './campaign-status';

/** How many recipients stand where. */
export interface CampaignCounts {
  readonly recipients: number;
  readonly pending: number;
  readonly handed: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly failed: number;
  readonly ambiguous: number;
  readonly suppressed: number;
}

/** What the journal says of a campaign, by type. Only staff see it. There is no event per recipient. */
export interface CampaignEvents {
  'campaign.created': Record<never, never>;
  'campaign.changed': Record<never, never>;
  'campaign.table_taken': { taken: number };
  'campaign.approved': Record<never, never>;
  'campaign.scheduled': { startsAt: string };
  'campaign.started': Record<never, never>;
  'campaign.gathered': { recipients: number };
  /** A call was answered, or given up. */
  'campaign.progressed': CampaignCounts;
  'campaign.paused': { reason: PauseReason };
  'campaign.resumed': Record<never, never>;
  'campaign.cancelled': Record<never, never>;
  'campaign.done': CampaignCounts;
  /** It was asked what was delivered. */
  'campaign.reported': CampaignCounts;
}

/** A campaign's history in the journal. */
export const CAMPAIGN: Aggregate<CampaignEvents> = { type: 'campaign', table: 'campaigns' };
