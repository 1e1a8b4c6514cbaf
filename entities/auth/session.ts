import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Account } from './account';
import { Factor } from './factor';
import { FACTOR_ATTEMPTS_AT_MOST, Verification } from './verification';

/** A customer's session opens with a code. A staff session also needs a second factor, and is short. */
export type SessionKind = 'customer' | 'staff';

/**
 * Why a session ended: its person signed out here or from another device, it was the oldest of too many, a refresh token was
 * used that had been replaced, or the account was blocked, erased, or lost a role or its second
 * factor.
 */
export type SessionEnd =
  | 'signed_out'
  | 'ended_elsewhere'
  | 'replaced'
  | 'reuse'
  | 'blocked'
  | 'erased'
  | 'role_lost'
  | 'factor_lost';

/**
 * A device on which a person is signed in: the family of its refresh tokens. The rows hold no token and no hash of one. A
 * refresh token is a signature over the session and a generation, so the same one can be given again.
 */
@Entity('sessions')
@Unique('uq_sessions_verification', ['verificationId'])
@Check('ck_sessions_kind', "kind IN ('customer', 'staff')")
@Check('ck_sessions_factor', "(kind = 'staff') = (factor_id IS NOT NULL)")
@Check('ck_sessions_proof_attempts', `proof_attempts BETWEEN 0 AND ${FACTOR_ATTEMPTS_AT_MOST}`)
@Check('ck_sessions_generation', 'generation >= 1')
@Check('ck_sessions_confirmed', 'confirmed IN (generation - 1, generation)')
@Check('ck_sessions_idle', 'idle_until <= ends_at')
@Check('ck_sessions_end', '(ended_at IS NULL) = (end_reason IS NULL)')
@Check(
  'ck_sessions_end_reason',
  "end_reason IN ('signed_out', 'ended_elsewhere', 'replaced', 'reuse', 'blocked', 'erased', 'role_lost', 'factor_lost')",
)
// BRIN, which TypeORM does not know.
@Index('ix_sessions_signed_in', { synchronize: false })
@Index('ix_sessions_account', ['accountId'])
@Index('ix_sessions_factor', ['factorId'], { where: 'factor_id IS NOT NULL' })
@Index('ix_sessions_open', ['accountId'], { where: 'ended_at IS NULL' })
export class Session {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_sessions' })
  id!: string;

  @Column('uuid', { name: 'account_id' })
  @ForeignKey(() => Account, { name: 'fk_sessions_account' })
  accountId!: string;

  /** The used code that opened the session. One code opens one session. */
  @Column('uuid', { name: 'verification_id' })
  @ForeignKey(() => Verification, { name: 'fk_sessions_verification' })
  verificationId!: string;

  @Column('varchar', { length: 20 })
  kind!: SessionKind;

  /** The second factor that opened a staff session. */
  @Column('uuid', { name: 'factor_id', nullable: true })
  @ForeignKey(() => Factor, { name: 'fk_sessions_factor' })
  factorId!: string | null;

  /** How often in a row a wrong second factor was shown in this session. */
  @Column('integer', { name: 'proof_attempts', default: 0 })
  proofAttempts!: number;

  /** The number of the newest refresh token. */
  @Column('integer', { default: 1 })
  generation!: number;

  /** The newest generation that its owner has shown to have. The one after it can be given again. */
  @Column('integer', { default: 0 })
  confirmed!: number;

  @Column('timestamptz', { name: 'rotated_at', default: () => 'now()' })
  rotatedAt!: Date;

  @Column('timestamptz', { name: 'signed_in_at', default: () => 'now()' })
  signedInAt!: Date;

  /** When the person last proved all factors. Some actions need a recent proof. */
  @Column('timestamptz', { name: 'proved_at', default: () => 'now()' })
  provedAt!: Date;

  /** Without a refresh the session ends then. */
  @Column('timestamptz', { name: 'idle_until' })
  idleUntil!: Date;

  /** With any number of refreshes the session ends then. */
  @Column('timestamptz', { name: 'ends_at' })
  endsAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column('varchar', { name: 'end_reason', length: 20, nullable: true })
  endReason!: SessionEnd | null;

  /** What its person calls the device, for the list of devices. */
  @Column('varchar', { name: 'device_label', length: 80 })
  deviceLabel!: string;

  /** A keyed hash of the client's address at sign-in. The address is not stored. */
  @Column('varchar', { name: 'client_key', length: 64 })
  clientKey!: string;
}
