import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

import type { BreakerStatus, SmsOperation } from './sms-status';

/**
 * The circuit breaker of a provider's operation, which all workers share. Without a row it is closed. `judge-breaker.ts` has
 * its rules.
 */
@Entity('sms_breakers')
@Check('ck_sms_breakers_operation', "operation IN ('template', 'text')")
@Check('ck_sms_breakers_status', "status IN ('closed', 'open', 'half_open')")
@Check('ck_sms_breakers_open', "(status = 'closed') = (open_until IS NULL)")
@Check(
  'ck_sms_breakers_probe',
  "(probe_attempt_id IS NULL) = (probe_until IS NULL) AND (status = 'half_open' OR probe_attempt_id IS NULL)",
)
export class SmsBreaker {
  @PrimaryColumn('varchar', { length: 40, primaryKeyConstraintName: 'pk_sms_breakers' })
  provider!: string;

  @PrimaryColumn('varchar', { length: 10, primaryKeyConstraintName: 'pk_sms_breakers' })
  operation!: SmsOperation;

  @Column('varchar', { length: 20, default: 'closed' })
  status!: BreakerStatus;

  /** Failures in a row. */
  @Column('integer', { default: 0 })
  failures!: number;

  /** Calls and failures since the window began. */
  @Column('timestamptz', { name: 'window_began_at', default: () => 'now()' })
  windowBeganAt!: Date;

  @Column('integer', { name: 'window_calls', default: 0 })
  windowCalls!: number;

  @Column('integer', { name: 'window_failures', default: 0 })
  windowFailures!: number;

  /** How often it opened since it was last closed: each time it stays open twice as long. */
  @Column('integer', { default: 0 })
  openings!: number;

  @Column('timestamptz', { name: 'open_until', nullable: true })
  openUntil!: Date | null;

  /** Good probes in a row. */
  @Column('integer', { name: 'good_probes', default: 0 })
  goodProbes!: number;

  /** The attempt that probes, and until when it has the right to: its worker may be dead. */
  @Column('uuid', { name: 'probe_attempt_id', nullable: true })
  probeAttemptId!: string | null;

  @Column('timestamptz', { name: 'probe_until', nullable: true })
  probeUntil!: Date | null;

  /** The answer that opened it, for operators. */
  @Column('varchar', { length: 80, nullable: true })
  reason!: string | null;

  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt!: Date;
}
