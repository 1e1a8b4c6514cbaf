import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';

import type { CampaignFilter } from '../../entities/campaigns/campaign-filter';
import {
  AUDIENCES,
  CAMPAIGN_MOVES,
  CAMPAIGN_TRANSITIONS,
  type CampaignAudience,
  type CampaignMove,
  type CampaignStatus,
  type PauseReason,
} from '../../entities/campaigns/campaign-status';
import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import type { SmsLanguage } from '../../entities/sms/sms-status';

/** Whether the owner of a link hears of offers. */
export class OfferMessagesView {
  @IsBoolean()
  areWanted!: boolean;
}

/** How many recipients stand where. */
export class CampaignCountsView {
  @Example(10_000)
  @IsInt()
  recipients!: number;

  @IsInt()
  pending!: number;

  /** In a call of the provider, or in one whose answer got lost and is looked for. */
  @IsInt()
  handed!: number;

  @IsInt()
  accepted!: number;

  @IsInt()
  delivered!: number;

  @IsInt()
  failed!: number;

  /** Nobody can tell whether these went out. They are not repeated. */
  @IsInt()
  ambiguous!: number;

  /** Left out: they do not want it, or their number was refused. */
  @IsInt()
  suppressed!: number;
}

/** What a table of numbers came to. */
export class UploadCountsView {
  @Example(5_000)
  @IsInt()
  lines!: number;

  /** Lines without an Iranian mobile number. */
  @IsInt()
  invalid!: number;

  @IsInt()
  repeated!: number;

  /** Numbers of nobody who wants to hear of offers. They are not kept. */
  @IsInt()
  notWanted!: number;

  @Example(4_200)
  @IsInt()
  taken!: number;
}

/** A campaign, in a list. */
export class CampaignSummaryView {
  @IsUUID()
  id!: string;

  @Example('Norooz offers')
  @IsString()
  name!: string;

  @IsIn(Object.keys(CAMPAIGN_TRANSITIONS))
  status!: CampaignStatus;

  /** Why it is paused. `budget`, `approval` and `provider` need somebody. */
  @Nullable()
  @IsIn(['staff', 'budget', 'approval', 'provider'])
  pauseReason!: PauseReason | null;

  @IsISO8601()
  createdAt!: string;

  @Nullable()
  @IsISO8601()
  startsAt!: string | null;

  @Nullable()
  @IsISO8601()
  finishedAt!: string | null;

  @ValidateNested()
  @Type(() => CampaignCountsView)
  counts!: CampaignCountsView;
}

/** What an operator did by hand in Temporal. */
export class OperatorMoveView {
  @IsIn(CAMPAIGN_MOVES)
  move!: CampaignMove;

  @Example('the provider asked us to wait')
  @IsString()
  note!: string;

  @IsISO8601()
  at!: string;
}

/** A campaign with what it says and to whom. */
export class CampaignView extends CampaignSummaryView {
  @Example(3)
  @IsInt()
  version!: number;

  @Example('campaign_offer')
  @IsString()
  template!: string;

  @IsIn(['fa', 'en'])
  language!: SmsLanguage;

  @Example({ text: 'حراج نوروزی آغاز شد' })
  @IsObject()
  variables!: Record<string, string>;

  @IsIn(AUDIENCES)
  audience!: CampaignAudience;

  @Example({ spentAtLeast: 5_000_000 })
  @Nullable()
  @IsObject()
  filter!: CampaignFilter | null;

  @Nullable()
  @ValidateNested()
  @Type(() => UploadCountsView)
  upload!: UploadCountsView | null;

  @IsUUID()
  createdBy!: string;

  /** Who wrote parts of it since its last approval. None of them may approve it. */
  @Example(['01934f3e-8a5b-7c1d-9e2f-3a4b5c6d7e8f'])
  @IsArray()
  @IsUUID(undefined, { each: true })
  authors!: string[];

  @Nullable()
  @IsUUID()
  approvedBy!: string | null;

  @Example(9)
  @IsInt()
  sendFrom!: number;

  @Example(20)
  @IsInt()
  sendUntil!: number;

  /** In rials. */
  @Example(2_000_000)
  @Nullable()
  @IsInt()
  maxCost!: number | null;

  /** How many parts each message has; fixed when it is scheduled. */
  @Example(2)
  @Nullable()
  @IsInt()
  segments!: number | null;

  /** In rials, at that time. */
  @Example(2_000)
  @Nullable()
  @IsInt()
  segmentPrice!: number | null;

  /** What was handed over, by that price, in rials. */
  @Example(400_000)
  @Nullable()
  @IsInt()
  cost!: number | null;

  @Nullable()
  @IsISO8601()
  startedAt!: string | null;

  /** The newest 20, the last one at the end. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => OperatorMoveView)
  operatorMoves!: OperatorMoveView[];
}

/** A part of the list of campaigns, the newest first. */
export class CampaignsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CampaignSummaryView)
  items!: CampaignSummaryView[];

  /** For the next part; null after the last one. */
  @Nullable()
  @IsUUID()
  next!: string | null;
}

/** What a campaign would be if it began now. Nothing is promised: prices and providers' counting may differ. */
export class CampaignPreviewView {
  /** 200,001 stands for more than a campaign may have. */
  @Example(4_200)
  @IsInt()
  recipients!: number;

  /** The message as a recipient would read it. Its link leads nowhere. */
  @Example('حراج نوروزی آغاز شد\nلغو: https://shop.example/u/000000-AAAAAAAAAAAA')
  @IsString()
  text!: string;

  @Example(2)
  @IsInt()
  segments!: number;

  /** In rials. */
  @Example(2_000)
  @IsInt()
  segmentPrice!: number;

  /** Recipients × segments × price, in rials. */
  @Example(16_800_000)
  @IsInt()
  cost!: number;

  /** Whether somebody else must approve it before it starts now: by itself, or with the other campaigns of these days. */
  @IsBoolean()
  needsApproval!: boolean;
}
