import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Verification } from '../auth/verification';
import type { SmsKind, SmsLanguage, SmsStatus } from './sms-status';
import { SmsTemplate } from './sms-template';

/** A message to one person. The variables of a code are erased once nobody can use them any more. */
@Entity('sms_messages')
@Unique('uq_sms_messages_kind', ['id', 'kind'])
@ForeignKey(() => SmsTemplate, ['template', 'language'], ['key', 'language'], {
  name: 'fk_sms_messages_template',
})
@Check('ck_sms_messages_kind', "kind IN ('code', 'notice')")
@Check(
  'ck_sms_messages_status',
  "status IN ('queued', 'sending', 'ambiguous', 'accepted', 'delivered', 'undelivered', 'unconfirmed', 'refused', 'failed', 'cancelled')",
)
@Check('ck_sms_messages_recipient', String.raw`recipient ~ '^\+[1-9][0-9]{6,14}$'`)
@Check('ck_sms_messages_lifetime', "(kind = 'code') = (expires_at IS NOT NULL)")
@Check('ck_sms_messages_ambiguous', "kind = 'notice' OR status <> 'ambiguous'")
@Check(
  'ck_sms_messages_finished',
  "(finished_at IS NOT NULL) = (status NOT IN ('queued', 'sending', 'ambiguous', 'accepted'))",
)
@Check('ck_sms_messages_erased', "kind = 'notice' OR finished_at IS NULL OR variables IS NULL")
@Check(
  'ck_sms_messages_derived',
  "verification_id IS NULL OR (kind = 'code' AND coalesce(variables, '{}'::jsonb) = '{}'::jsonb)",
)
@Index('ix_sms_messages_verification', ['verificationId'], { where: 'verification_id IS NOT NULL' })
@Index('ix_sms_messages_unfinished', ['createdAt'], { where: 'finished_at IS NULL' })
@Index('ix_sms_messages_created', { synchronize: false })
@Index('ix_sms_messages_late', ['finishedAt'], {
  where: "status = 'cancelled' AND not_after IS NOT NULL",
})
@Index('ix_sms_messages_recipient', ['recipient', 'createdAt'])
@Index('ix_sms_messages_codes', ['expiresAt'], { where: "kind = 'code' AND variables IS NOT NULL" })
export class SmsMessage {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sms_messages' })
  id!: string;

  @Column('varchar', { length: 10 })
  kind!: SmsKind;

  @Column('varchar', { length: 60 })
  template!: string;

  @Column('varchar', { length: 2 })
  language!: SmsLanguage;

  /** E.164. It stands in no workflow, log or metric. */
  @Column('varchar', { length: 16 })
  recipient!: string;

  @Column('jsonb', { nullable: true })
  variables!: Record<string, string> | null;

  /** The code that the message carries. No row holds it: it is derived when the message is sent. */
  @Column('uuid', { name: 'verification_id', nullable: true })
  @ForeignKey(() => Verification, { name: 'fk_sms_messages_verification' })
  verificationId!: string | null;

  @Column('varchar', { length: 20 })
  status!: SmsStatus;

  /** Providers to try last: those that a person's earlier message did not arrive through. */
  @Column('jsonb')
  avoid!: string[];

  /** When a code stops being of use. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  /** After which a notice helps nobody, or would disturb: no send begins any more. */
  @Column('timestamptz', { name: 'not_after', nullable: true })
  notAfter!: Date | null;

  @Column('varchar', { name: 'requested_by', length: 60 })
  requestedBy!: string;

  /** SHA-256 (hex) of the request. Another body under the same key is refused. */
  @Column('varchar', { name: 'request_digest', length: 64 })
  requestDigest!: string;

  /** Why it was refused or failed, for operators. */
  @Column('varchar', { name: 'failure_code', length: 80, nullable: true })
  failureCode!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;

  /** When the sweep last looked after it, and how often. */
  @Column('timestamptz', { name: 'woken_at', nullable: true })
  wokenAt!: Date | null;

  @Column('integer', { default: 0 })
  wakes!: number;
}
