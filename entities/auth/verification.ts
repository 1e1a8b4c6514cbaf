import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from './account';

/** What a code is for. A code for one purpose is worth nothing for another. */
export type VerificationPurpose = 'sign_in' | 'change_number' | 'confirm_action';

/** The languages that a code can be sent in. */
export type VerificationLanguage = 'fa' | 'en';

/** How often a code may be tried, with all messages that carry it. */
export const ATTEMPTS_AT_MOST = 5;

/** How many messages may carry one code. */
export const MESSAGES_AT_MOST = 3;

/** How often a second factor may be tried after one code. */
export const FACTOR_ATTEMPTS_AT_MOST = 5;

/**
 * A one-time code that somebody has asked for. The row does not hold the code, which is derived from the row and a secret. A
 * number may have several at once: each belongs to whoever has its id, so that a stranger's does not replace the owner's.
 */
@Entity('verifications')
@Check('ck_verifications_purpose', "purpose IN ('sign_in', 'change_number', 'confirm_action')")
@Check('ck_verifications_phone', String.raw`phone ~ '^\+[1-9][0-9]{6,14}$'`)
@Check('ck_verifications_salt', 'octet_length(salt) = 16')
@Check('ck_verifications_attempts', `attempts BETWEEN 0 AND ${ATTEMPTS_AT_MOST}`)
@Check('ck_verifications_factor_attempts', `factor_attempts BETWEEN 0 AND ${FACTOR_ATTEMPTS_AT_MOST}`)
@Check('ck_verifications_used', 'used_at IS NULL OR (attempts > 0 AND used_at < expires_at)')
@Check(
  'ck_verifications_lifetime',
  "expires_at > created_at AND expires_at <= created_at + interval '10 minutes'",
)
@Check('ck_verifications_language', "language IN ('fa', 'en')")
@Check('ck_verifications_sends', `sends BETWEEN 0 AND ${MESSAGES_AT_MOST}`)
@Check('ck_verifications_sent', '(sends = 0) = (last_sent_at IS NULL)')
@Check(
  'ck_verifications_account',
  "forget_at IS NOT NULL AND account_id IS NULL OR forget_at IS NULL AND (purpose = 'sign_in') = (account_id IS NULL)",
)
@Index('ix_verifications_phone', ['phone', 'createdAt'])
@Index('ix_verifications_client', ['clientKey', 'createdAt'])
@Index('ix_verifications_created', ['createdAt'])
@Index('ix_verifications_forget', ['forgetAt'], { where: 'forget_at IS NOT NULL' })
export class Verification {
  /** Derived from a keyed hash of the purpose, the number and the asker's key. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_verifications' })
  id!: string;

  @Column('varchar', { length: 20 })
  purpose!: VerificationPurpose;

  /** E.164. It stands in no workflow, log or metric. */
  @Column('varchar', { length: 16 })
  phone!: string;

  /** 16 random bytes that nobody sees. Who knows a pepper and an id cannot compute the code without them. */
  @Column('bytea')
  salt!: Buffer;

  /** The pepper that the code is derived with. */
  @Column('varchar', { name: 'pepper_id', length: 16 })
  pepperId!: string;

  /** How often a code was tried, with the right one. */
  @Column('integer', { default: 0 })
  attempts!: number;

  /** How often somebody who has used the code then tried a second factor, with the right one. */
  @Column('integer', { name: 'factor_attempts', default: 0 })
  factorAttempts!: number;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  /** A keyed hash of the asker's address. The address is not stored. */
  @Column('varchar', { name: 'client_key', length: 64 })
  clientKey!: string;

  /** Whose number changes or who confirms. Whether a number that signs in has an account is not looked up. */
  @Column('uuid', { name: 'account_id', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_verifications_account' })
  accountId!: string | null;

  /** A keyed hash of a device that has signed in with this number before. Its limits are its own, whatever strangers do. */
  @Column('varchar', { name: 'device_key', length: 64, nullable: true })
  deviceKey!: string | null;

  @Column('varchar', { length: 2, default: 'fa' })
  language!: VerificationLanguage;

  /** How many messages carry the code. */
  @Column('integer', { default: 0 })
  sends!: number;

  @Column('timestamptz', { name: 'last_sent_at', nullable: true })
  lastSentAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** When no limit counts the code of an erased person any more, and its row goes. Null for everybody else. */
  @Column('timestamptz', { name: 'forget_at', nullable: true })
  forgetAt!: Date | null;
}

/** In SQL: whether a code cannot be used any more. */
export const isCodeOver = (verification: string): string =>
  `(${verification}.used_at IS NOT NULL OR ${verification}.attempts >= ${ATTEMPTS_AT_MOST} OR ${verification}.expires_at <= now())`;
