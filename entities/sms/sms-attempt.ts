import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import type { SmsAttemptStatus, SmsDelivery, SmsKind, SmsOperation } from './sms-status';

/** One send of a message through one provider, with what it cost and what became of it. */
@Entity('sms_attempts')
@Unique('uq_sms_attempts_ordinal', ['messageId', 'ordinal'])
@Unique('uq_sms_attempts_number', ['number'])
@Unique('uq_sms_attempts_provider_message', ['provider', 'providerMessageId'])
@ForeignKey('SmsMessage', ['messageId', 'kind'], ['id', 'kind'], { name: 'fk_sms_attempts_message' })
@Check(
  'ck_sms_attempts_status',
  "status IN ('sending', 'accepted', 'refused', 'unknown', 'not_sent', 'abandoned')",
)
@Check('ck_sms_attempts_operation', "operation IN ('template', 'text')")
@Check('ck_sms_attempts_accepted', "(status = 'accepted') = (provider_message_id IS NOT NULL)")
@Check('ck_sms_attempts_answered', "(status = 'sending') = (answered_at IS NULL)")
@Check('ck_sms_attempts_refused', "(status = 'refused') = (outcome_class IS NOT NULL)")
@Check('ck_sms_attempts_cost', '(cost IS NULL) = (cost_unit IS NULL)')
@Check('ck_sms_attempts_delivery', "delivery IN ('pending', 'undelivered', 'delivered', 'failed')")
@Check('ck_sms_attempts_reported', "delivery IS NULL OR status = 'accepted'")
@Check('ck_sms_attempts_delivered', "(delivered_at IS NOT NULL) = (coalesce(delivery, '') = 'delivered')")
@Index('ix_sms_attempts_started', ['startedAt'])
@Index('uq_sms_attempts_one_sending', ['messageId'], { unique: true, where: "status = 'sending'" })
@Index('uq_sms_attempts_notice_once', ['messageId'], {
  unique: true,
  where:
    "kind = 'notice' AND status IN ('sending', 'accepted', 'unknown') AND coalesce(delivery, '') <> 'failed'",
})
export class SmsAttempt {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sms_attempts' })
  id!: string;

  @Column('uuid', { name: 'message_id' })
  messageId!: string;

  /** That of the message. */
  @Column('varchar', { length: 10 })
  kind!: SmsKind;

  /** Counts the attempts of a message from 1. */
  @Column('integer')
  ordinal!: number;

  /** Our reference at the provider: its idempotency key, where it has one. */
  @Column({ type: 'bigint', generated: 'identity', generatedIdentity: 'ALWAYS' })
  number!: number;

  @Column('varchar', { length: 40 })
  provider!: string;

  @Column('varchar', { length: 10 })
  operation!: SmsOperation;

  @Column('varchar', { length: 20 })
  status!: SmsAttemptStatus;

  /** Why it was refused: stop, bug, config or overload. */
  @Column('varchar', { name: 'outcome_class', length: 20, nullable: true })
  outcomeClass!: string | null;

  /** The provider's own code of a refusal. */
  @Column('varchar', { length: 40, nullable: true })
  code!: string | null;

  /** What the answer was, for operators. */
  @Column('varchar', { length: 300, nullable: true })
  message!: string | null;

  @Column('varchar', { name: 'provider_message_id', length: 100, nullable: true })
  providerMessageId!: string | null;

  /** An exact decimal in the provider's unit. */
  @Column('numeric', { nullable: true })
  cost!: string | null;

  @Column('varchar', { name: 'cost_unit', length: 20, nullable: true })
  costUnit!: string | null;

  @Column('integer', { name: 'latency_ms', nullable: true })
  latencyMs!: number | null;

  /** Whether it tries a provider whose breaker was open. */
  @Column('boolean', { name: 'is_probe' })
  isProbe!: boolean;

  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt!: Date;

  /** When the provider was called. An attempt is called once, also when its workflow is reset. */
  @Column('timestamptz', { name: 'called_at', nullable: true })
  calledAt!: Date | null;

  @Column('timestamptz', { name: 'answered_at', nullable: true })
  answeredAt!: Date | null;

  @Column('varchar', { length: 20, nullable: true })
  delivery!: SmsDelivery | null;

  /** The provider's own code of the delivery. */
  @Column('varchar', { name: 'delivery_code', length: 40, nullable: true })
  deliveryCode!: string | null;

  @Column('timestamptz', { name: 'delivered_at', nullable: true })
  deliveredAt!: Date | null;

  @Column('timestamptz', { name: 'reported_at', nullable: true })
  reportedAt!: Date | null;
}
