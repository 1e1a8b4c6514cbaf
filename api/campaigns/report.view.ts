import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsObject, IsString, IsUUID, ValidateNested } from 'class-validator';

import {
  BATCH_TRANSITIONS,
  RECIPIENT_STATUSES,
  SUPPRESSION_REASONS,
  type BatchStatus,
  type RecipientStatus,
  type SuppressionReason,
} from '../../entities/campaigns/campaign-status';
import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { SmsCostView } from '../sms/sms.view';
import { CampaignCountsView } from './campaigns.view';

/** A recipient of a campaign. */
export class CampaignRecipientView {
  @IsUUID()
  accountId!: string;

  /** Without its middle; null before the message was handed over, and for people who were erased. */
  @Example('+98912•••4567')
  @Nullable()
  @IsString()
  recipient!: string | null;

  @IsIn(RECIPIENT_STATUSES)
  status!: RecipientStatus;

  @Nullable()
  @IsIn(SUPPRESSION_REASONS)
  reason!: SuppressionReason | null;

  @Nullable()
  @IsISO8601()
  handedAt!: string | null;
}

/** A part of the recipients of a campaign. */
export class CampaignRecipientsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => CampaignRecipientView)
  items!: CampaignRecipientView[];

  /** For the next part; null after the last one. */
  @Example(400_000_000_000_100)
  @Nullable()
  @IsInt()
  next!: number | null;
}

/** A call that went wrong, or may have. */
export class TroubledCallView {
  @IsUUID()
  id!: string;

  @Example(17)
  @IsInt()
  ordinal!: number;

  @Example('sms-ir')
  @IsString()
  provider!: string;

  @IsIn(Object.keys(BATCH_TRANSITIONS))
  status!: BatchStatus;

  @Example(100)
  @IsInt()
  size!: number;

  /** The provider's own code of a refusal. */
  @Example('102')
  @Nullable()
  @IsString()
  code!: string | null;

  @Example('the credit is not enough')
  @Nullable()
  @IsString()
  message!: string | null;

  @Nullable()
  @IsISO8601()
  calledAt!: string | null;
}

/** What a campaign has come to. */
export class CampaignReportView {
  @ValidateNested()
  @Type(() => CampaignCountsView)
  counts!: CampaignCountsView;

  /** How many were left out, by reason. */
  @Example({ not_wanted: 12 })
  @IsObject()
  suppressed!: Partial<Record<SuppressionReason, number>>;

  /** What providers say it cost, by unit. Nobody adds units up. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SmsCostView)
  costs!: SmsCostView[];

  /** How many messages were taken without a price. They are missing in the costs. */
  @Example(3)
  @IsInt()
  withoutPrice!: number;

  /** The newest calls that were refused, are looked for, or remained ambiguous; at most 100. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TroubledCallView)
  troubledCalls!: TroubledCallView[];
}
