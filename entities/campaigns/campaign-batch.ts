import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Campaign } from './campaign';
import type { BatchStatus } from './campaign-status';

/** One call of a provider with many messages of a campaign. It is called once, also when its workflow is reset. */
@Entity('campaign_batches')
@Unique('uq_campaign_batches_ordinal', ['campaignId', 'ordinal'])
@Check(
  'ck_campaign_batches_status',
  "status IN ('sending', 'unknown', 'accepted', 'refused', 'ambiguous', 'not_sent')",
)
@Check('ck_campaign_batches_size', 'size > 0')
@Check('ck_campaign_batches_answered', "(status = 'sending') = (answered_at IS NULL)")
@Check('ck_campaign_batches_find', "(status = 'unknown') = (find_at IS NOT NULL)")
@Check('ck_campaign_batches_refused', "(status = 'refused') = (outcome_class IS NOT NULL)")
@Check('ck_campaign_batches_cost', '(cost IS NULL) = (cost_unit IS NULL)')
@Index('uq_campaign_batches_one_sending', ['campaignId'], { unique: true, where: "status = 'sending'" })
@Index('ix_campaign_batches_called', ['calledAt'], { where: 'called_at IS NOT NULL' })
@Index('ix_campaign_batches_lost', ['campaignId', 'findAt'], { where: "status = 'unknown'" })
export class CampaignBatch {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_campaign_batches' })
  id!: string;

  @Column('uuid', { name: 'campaign_id' })
  @ForeignKey(() => Campaign, { name: 'fk_campaign_batches_campaign' })
  campaignId!: string;

  /** Counts the calls of a campaign from 1. */
  @Column('integer')
  ordinal!: number;

  @Column('varchar', { length: 40 })
  provider!: string;

  /** How many messages were given to the provider. */
  @Column('integer')
  size!: number;

  @Column('varchar', { length: 10, default: 'sending' })
  status!: BatchStatus;

  /** The provider's name for the call, where it gives one. */
  @Column('varchar', { name: 'pack_id', length: 100, nullable: true })
  packId!: string | null;

  /** Why it was refused: stop, bug, config or overload. */
  @Column('varchar', { name: 'outcome_class', length: 20, nullable: true })
  outcomeClass!: string | null;

  /** The provider's own code of a refusal. */
  @Column('varchar', { length: 40, nullable: true })
  code!: string | null;

  /** What the answer was, for operators. */
  @Column('varchar', { length: 300, nullable: true })
  message!: string | null;

  /** An exact decimal in the provider's unit. */
  @Column('numeric', { nullable: true })
  cost!: string | null;

  @Column('varchar', { name: 'cost_unit', length: 20, nullable: true })
  costUnit!: string | null;

  /** For how many of its messages the provider has named a price. */
  @Column('integer', { default: 0 })
  priced!: number;

  /** How often it was looked for with an answer, and when it is next. */
  @Column('integer', { default: 0 })
  finds!: number;

  /** How often in a row the search itself has failed. */
  @Column('integer', { name: 'find_failures', default: 0 })
  findFailures!: number;

  @Column('timestamptz', { name: 'find_at', nullable: true })
  findAt!: Date | null;

  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt!: Date;

  @Column('timestamptz', { name: 'called_at', nullable: true })
  calledAt!: Date | null;

  @Column('timestamptz', { name: 'answered_at', nullable: true })
  answeredAt!: Date | null;
}
