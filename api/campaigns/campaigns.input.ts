import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

import {
  CAMPAIGN_TRANSITIONS,
  RECIPIENT_STATUSES,
  type CampaignStatus,
  type RecipientStatus,
} from '../../entities/campaigns/campaign-status';
import { Example } from '../../entities/describe/example';
import { Id, WholeNumber } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { Instant } from '../instant';

/** Which campaign. */
export class CampaignParams {
  @Id()
  id!: string;
}

/** The token of a link in a message. */
export class CampaignLinkParams {
  @Example('00002n-Zm9yIGFuIGV4')
  @Matches(/^[\w-]{19,24}$/)
  token!: string;
}

/** When a campaign begins. */
export class StartInput {
  /** At once without it, or when it has passed. */
  @Example('2026-12-01T10:00:00+03:30')
  @MayBeAbsent()
  @Instant()
  startsAt?: string;
}

/** Which part of the list of campaigns. */
export class CampaignsQuery {
  @IsOptional()
  @IsIn(Object.keys(CAMPAIGN_TRANSITIONS))
  status?: CampaignStatus;

  /** `next` of the part before. */
  @IsOptional()
  @Id()
  before?: string;

  @Example(20)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 20;
}

/** Which part of the recipients of a campaign. */
export class RecipientsQuery {
  @IsOptional()
  @IsIn(RECIPIENT_STATUSES)
  status?: RecipientStatus;

  /** `next` of the part before. */
  @Example(400_000_000_000_100)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(999_999_999_999_999)
  after?: number;

  @Example(50)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;
}
