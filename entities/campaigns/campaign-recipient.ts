import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Account } from '../auth/account';
import { Campaign } from './campaign';
import { CampaignBatch } from './campaign-batch';
import type { RecipientStatus, SuppressionReason } from './campaign-status';

/** Somebody whom a campaign is for, and what became of the message to them. */
@Entity('campaign_recipients')
@Unique('uq_campaign_recipients_number', ['number'])
@Check(
  'ck_campaign_recipients_status',
  "status IN ('pending', 'handed', 'accepted', 'delivered', 'failed', 'ambiguous', 'suppressed')",
)
@Check(
  'ck_campaign_recipients_reason',
  "(reason IS NOT NULL) = (status = 'suppressed') AND reason IN ('not_wanted', 'blacklisted', 'refused', 'number_repeated')",
)
@Check('ck_campaign_recipients_batch', "status <> 'handed' OR batch_id IS NOT NULL")
@Check(
  'ck_campaign_recipients_accepted',
  "(status IN ('accepted', 'delivered', 'failed')) = (provider_message_id IS NOT NULL)",
)
@Check('ck_campaign_recipients_delivered', "(status = 'delivered') = (delivered_at IS NOT NULL)")
@Index('uq_campaign_recipients_recipient', ['campaignId', 'recipient'], {
  unique: true,
  where: 'recipient IS NOT NULL',
})
@Index('ix_campaign_recipients_pending', ['campaignId', 'number'], { where: "status = 'pending'" })
@Index('ix_campaign_recipients_batch', ['batchId'], { where: 'batch_id IS NOT NULL' })
@Index('ix_campaign_recipients_account', ['accountId'])
export class CampaignRecipient {
  @PrimaryColumn('uuid', { name: 'campaign_id', primaryKeyConstraintName: 'pk_campaign_recipients' })
  @ForeignKey(() => Campaign, { name: 'fk_campaign_recipients_campaign' })
  campaignId!: string;

  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'pk_campaign_recipients' })
  @ForeignKey(() => Account, { name: 'fk_campaign_recipients_account' })
  accountId!: string;

  /** Our reference at the provider, and what the link in the message names. Far above those of single messages. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  number!: number;

  /** E.164, from the account when the message is handed over. Null before, and after an erasure. */
  @Column('varchar', { length: 16, nullable: true })
  recipient!: string | null;

  @Column('varchar', { length: 10, default: 'pending' })
  status!: RecipientStatus;

  @Column('varchar', { length: 15, nullable: true })
  reason!: SuppressionReason | null;

  @Column('uuid', { name: 'batch_id', nullable: true })
  @ForeignKey(() => CampaignBatch, { name: 'fk_campaign_recipients_batch' })
  batchId!: string | null;

  @Column('varchar', { name: 'provider_message_id', length: 100, nullable: true })
  providerMessageId!: string | null;

  /** The provider's own code of the delivery. */
  @Column('varchar', { name: 'delivery_code', length: 40, nullable: true })
  deliveryCode!: string | null;

  @Column('timestamptz', { name: 'handed_at', nullable: true })
  handedAt!: Date | null;

  @Column('timestamptz', { name: 'delivered_at', nullable: true })
  deliveredAt!: Date | null;
}

/** Somebody whose number a provider has refused. No campaign goes to it again, unless the number changes. */
@Entity('campaign_suppressions')
export class CampaignSuppression {
  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'pk_campaign_suppressions' })
  @ForeignKey(() => Account, { name: 'fk_campaign_suppressions_account' })
  accountId!: string;

  @Column('varchar', { length: 16 })
  recipient!: string;

  @Column('varchar', { length: 40 })
  provider!: string;

  /** The provider's own code. */
  @Column('varchar', { length: 40 })
  code!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
