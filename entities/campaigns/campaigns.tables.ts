import { Campaign } from './campaign';
import { CampaignBatch } from './campaign-batch';
import { CampaignPace } from './campaign-pace';
import { CampaignRecipient, CampaignSuppression } from './campaign-recipient';

/** The tables of campaigns. */
export const CAMPAIGN_TABLES = [
  Campaign,
  CampaignBatch,
  CampaignRecipient,
  CampaignSuppression,
  CampaignPace,
];
