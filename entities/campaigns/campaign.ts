import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import type { SmsLanguage } from '../sms/sms-status';
import { SmsTemplate } from '../sms/sms-template';
import type { CampaignFilter } from './campaign-filter';
import type { CampaignAudience, CampaignMove, CampaignStatus, PauseReason } from './campaign-status';

/** What a table of numbers came to. No number stands in it. */
export interface UploadCounts {
  readonly lines: number;
  /** Lines without an Iranian mobile number. */
  readonly invalid: number;
  /** Lines with a number of an earlier line. */
  readonly repeated: number;
  /** Numbers of nobody who wants to hear of offers. They are not kept. */
  readonly notWanted: number;
  readonly taken: number;
}

/** What an operator did by hand in Temporal, where nobody is known by an account. */
export interface OperatorMove {
  readonly move: CampaignMove;
  /** Why. It names nobody. */
  readonly note: string;
  readonly at: string;
}

/** The same message to many who want to hear of offers. Its workflow sends it by this row. */
@Entity('campaigns')
@ForeignKey(() => SmsTemplate, ['template', 'language'], ['key', 'language'], {
  name: 'fk_campaigns_template',
})
@Check('ck_campaigns_audience', "audience IN ('filter', 'csv')")
@Check('ck_campaigns_filter', "(audience = 'filter') = (filter IS NOT NULL)")
@Check('ck_campaigns_upload', "audience = 'csv' OR upload IS NULL")
@Check('ck_campaigns_status', "status IN ('draft', 'scheduled', 'running', 'paused', 'done', 'cancelled')")
@Check(
  'ck_campaigns_paused',
  "(status = 'paused') = (pause_reason IS NOT NULL) AND (status = 'paused') = (paused_at IS NOT NULL)",
)
@Check('ck_campaigns_pause_reason', "pause_reason IN ('staff', 'budget', 'approval', 'provider')")
@Check('ck_campaigns_approved', 'approved_by <> created_by AND approved_by <> ALL (authors)')
@Check('ck_campaigns_turn', '(turn_at IS NULL) = (turn_messages IS NULL) AND turn_messages > 0')
@Check('ck_campaigns_hours', 'send_from >= 8 AND send_until <= 21 AND send_from < send_until')
@Check('ck_campaigns_max_cost', 'max_cost > 0')
@Check(
  'ck_campaigns_priced',
  "(status <> 'draft' OR segments IS NULL) AND (segments IS NULL) = (segment_price IS NULL) AND (segments IS NOT NULL OR status IN ('draft', 'cancelled'))",
)
@Check(
  'ck_campaigns_scheduled',
  '(segments IS NULL) = (starts_at IS NULL) AND (segments IS NULL) = (text IS NULL)',
)
@Check('ck_campaigns_finished', "(finished_at IS NOT NULL) = (status IN ('done', 'cancelled'))")
@Check(
  'ck_campaigns_counts',
  'least(pending, handed, accepted, delivered, failed, ambiguous, suppressed) >= 0 AND recipients = pending + handed + accepted + delivered + failed + ambiguous + suppressed',
)
@Check(
  'ck_campaigns_budget',
  'max_cost >= segment_price * segments * (handed + accepted + delivered + failed + ambiguous)',
)
@Check('ck_campaigns_done', "status <> 'done' OR pending + handed = 0")
@Index('ix_campaigns_created', ['createdAt', 'id'])
@Index('ix_campaigns_unfinished', ['createdAt'], {
  where: "status IN ('scheduled', 'running', 'paused') OR handed > 0 OR report_at IS NOT NULL",
})
export class Campaign {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_campaigns' })
  id!: string;

  /** For staff. */
  @Column('varchar', { length: 120 })
  name!: string;

  @Column('varchar', { length: 60 })
  template!: string;

  @Column('varchar', { length: 2 })
  language!: SmsLanguage;

  /** All but the link, which every recipient has of their own. */
  @Column('jsonb')
  variables!: Record<string, string>;

  @Column('varchar', { length: 6 })
  audience!: CampaignAudience;

  @Column('jsonb', { nullable: true })
  filter!: CampaignFilter | null;

  /** What the table of numbers came to; null before one was sent. */
  @Column('jsonb', { nullable: true })
  upload!: UploadCounts | null;

  @Column('varchar', { length: 10, default: 'draft' })
  status!: CampaignStatus;

  @Column('varchar', { name: 'pause_reason', length: 10, nullable: true })
  pauseReason!: PauseReason | null;

  @Column('timestamptz', { name: 'paused_at', nullable: true })
  pausedAt!: Date | null;

  @Column('uuid', { name: 'created_by' })
  @ForeignKey(() => Account, { name: 'fk_campaigns_created_by' })
  createdBy!: string;

  /** Who wrote parts of its content since its last approval, each once. */
  @Column('uuid', { array: true })
  authors!: string[];

  /** Who else agreed to its content. A change of the content takes it away. */
  @Column('uuid', { name: 'approved_by', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_campaigns_approved_by' })
  approvedBy!: string | null;

  /** How many recipients, which text and which cost they have agreed to. */
  @Column('integer', { name: 'approved_recipients', nullable: true })
  approvedRecipients!: number | null;

  @Column('varchar', { name: 'approved_text', length: 900, nullable: true })
  approvedText!: string | null;

  @Column('bigint', { name: 'approved_max_cost', nullable: true })
  approvedMaxCost!: number | null;

  /** The hours of Tehran between which it is sent. */
  @Column('smallint', { name: 'send_from' })
  sendFrom!: number;

  @Column('smallint', { name: 'send_until' })
  sendUntil!: number;

  /** What it may cost by the price list, in rials. */
  @Column('bigint', { name: 'max_cost', nullable: true })
  maxCost!: number | null;

  /** The template's text when the campaign was scheduled. A later change of the template is of no effect. */
  @Column('varchar', { length: 900, nullable: true })
  text!: string | null;

  /** How many parts the message has. Fixed with the price when the campaign is scheduled. */
  @Column('smallint', { nullable: true })
  segments!: number | null;

  /** In rials. */
  @Column('bigint', { name: 'segment_price', nullable: true })
  segmentPrice!: number | null;

  /** Beyond how many recipients a second person must agree. */
  @Column('integer', { name: 'approval_above', nullable: true })
  approvalAbove!: number | null;

  /** How many it would have reached when it was scheduled. */
  @Column('integer', { name: 'estimated_recipients', default: 0 })
  estimatedRecipients!: number;

  @Column('timestamptz', { name: 'starts_at', nullable: true })
  startsAt!: Date | null;

  /** The last account that the filter has looked at. */
  @Column('uuid', { name: 'gathered_after', nullable: true })
  gatheredAfter!: string | null;

  /** Whether all recipients have their rows. */
  @Column('boolean', { name: 'is_gathered', default: false })
  isGathered!: boolean;

  /** How many rows there are, and how many of each status. */
  @Column('integer', { default: 0 })
  recipients!: number;

  @Column('integer', { default: 0 })
  pending!: number;

  @Column('integer', { default: 0 })
  handed!: number;

  @Column('integer', { default: 0 })
  accepted!: number;

  @Column('integer', { default: 0 })
  delivered!: number;

  @Column('integer', { default: 0 })
  failed!: number;

  @Column('integer', { default: 0 })
  ambiguous!: number;

  @Column('integer', { default: 0 })
  suppressed!: number;

  /** How many calls were begun. */
  @Column('integer', { default: 0 })
  batches!: number;

  /** The most messages of the next call. It shrinks where one number makes a provider refuse a whole call. */
  @Column('integer', { name: 'batch_most', default: 1000 })
  batchMost!: number;

  /** How often in a row the provider was too busy, or did not answer. */
  @Column('integer', { default: 0 })
  failures!: number;

  /** No call begins before this instant. */
  @Column('timestamptz', { name: 'not_before', nullable: true })
  notBefore!: Date | null;

  /** From when on the pace of its provider lets it call, and for how many messages. Null without such a turn. */
  @Column('timestamptz', { name: 'turn_at', nullable: true })
  turnAt!: Date | null;

  @Column('integer', { name: 'turn_messages', nullable: true })
  turnMessages!: number | null;

  /** The newest moves of operators, the last one at the end. */
  @Column('jsonb', { name: 'operator_moves', default: [] })
  operatorMoves!: OperatorMove[];

  /** When it is next asked what was delivered; null when nobody asks any more. */
  @Column('timestamptz', { name: 'report_at', nullable: true })
  reportAt!: Date | null;

  /** How often that was asked. */
  @Column('integer', { default: 0 })
  reports!: number;

  /** The last call that was asked about this time; 0 before the first. */
  @Column('integer', { name: 'report_after', default: 0 })
  reportAfter!: number;

  @Column('integer', { default: 0 })
  version!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  /** When the rows of its recipients were removed because they were old. */
  @Column('timestamptz', { name: 'forgotten_at', nullable: true })
  forgottenAt!: Date | null;

  /** When the sweep last looked after it, and how often. */
  @Column('timestamptz', { name: 'woken_at', nullable: true })
  wokenAt!: Date | null;

  @Column('integer', { default: 0 })
  wakes!: number;
}
