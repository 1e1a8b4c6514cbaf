import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { SmsAttempt } from './sms-attempt';
import { SmsMessage } from './sms-message';
import type { ReportVerdict } from './sms-status';

/**
 * A provider's call about a delivery, stored before anything else happens. The API cannot tell whether it is genuine: it
 * holds no credential of a provider. What it said is erased once a worker has judged it, because it names the recipient.
 */
@Entity('sms_reports')
@Check('ck_sms_reports_verdict', "verdict IN ('genuine', 'forged', 'foreign')")
@Check('ck_sms_reports_processed', '(processed_at IS NULL) = (verdict IS NULL)')
@Check('ck_sms_reports_erased', '(processed_at IS NULL) = (fields IS NOT NULL)')
@Index('ix_sms_reports_message', ['messageId'])
@Index('ix_sms_reports_unprocessed', ['receivedAt'], { where: 'processed_at IS NULL' })
export class SmsReport {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sms_reports' })
  id!: string;

  @Column('uuid', { name: 'message_id' })
  @ForeignKey(() => SmsMessage, { name: 'fk_sms_reports_message' })
  messageId!: string;

  @Column('uuid', { name: 'attempt_id' })
  @ForeignKey(() => SmsAttempt, { name: 'fk_sms_reports_attempt' })
  attemptId!: string;

  @Column('varchar', { length: 40 })
  provider!: string;

  /** The address that was called, as the provider knows it: signatures cover it. */
  @Column('varchar', { length: 1000 })
  url!: string;

  /** The received form: pairs of name and value, in the order in which they came. */
  @Column('jsonb', { nullable: true })
  fields!: [string, string][] | null;

  @Column('varchar', { length: 200, nullable: true })
  signature!: string | null;

  @Column('timestamptz', { name: 'received_at', default: () => 'now()' })
  receivedAt!: Date;

  @Column('timestamptz', { name: 'processed_at', nullable: true })
  processedAt!: Date | null;

  @Column('varchar', { length: 20, nullable: true })
  verdict!: ReportVerdict | null;
}
