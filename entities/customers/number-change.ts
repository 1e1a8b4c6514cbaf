import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import { Verification } from '../auth/verification';

/**
 * `open`: codes were sent. `proved`: the new number is proved, the old one is lost, and staff must approve. `approved`: it is
 * carried out at `effective_at`, unless its person cancels. The others are its ends.
 */
export type NumberChangeStatus = 'open' | 'proved' | 'approved' | 'changed' | 'cancelled' | 'taken';

/** Another number for an account. The numbers go when it ends, but for the old one of a change that was made. */
@Entity('number_changes')
@Check(
  'ck_number_changes_status',
  "status IN ('open', 'proved', 'approved', 'changed', 'cancelled', 'taken')",
)
@Check('ck_number_changes_new_phone', String.raw`new_phone ~ '^\+[1-9][0-9]{6,14}$'`)
@Check('ck_number_changes_under_way', "(status IN ('open', 'proved', 'approved')) = (new_phone IS NOT NULL)")
@Check('ck_number_changes_ended', '(new_phone IS NULL) = (ended_at IS NOT NULL)')
@Check('ck_number_changes_effective', "status <> 'approved' OR effective_at IS NOT NULL")
@Check('ck_number_changes_lost', 'NOT is_old_lost OR (old_verification_id IS NULL AND NOT old_proved)')
@Index('uq_number_changes_under_way', ['accountId'], { unique: true, where: 'new_phone IS NOT NULL' })
@Index('ix_number_changes_account', ['accountId'])
@Index('ix_number_changes_new_verification', ['newVerificationId'])
@Index('ix_number_changes_old_verification', ['oldVerificationId'], {
  where: 'old_verification_id IS NOT NULL',
})
export class NumberChange {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_number_changes' })
  id!: string;

  @Column('uuid', { name: 'account_id' })
  @ForeignKey(() => Account, { name: 'fk_number_changes_account' })
  accountId!: string;

  @Column('varchar', { length: 20, default: 'open' })
  status!: NumberChangeStatus;

  /** E.164. */
  @Column('varchar', { name: 'old_phone', length: 16, nullable: true })
  oldPhone!: string | null;

  @Column('varchar', { name: 'new_phone', length: 16, nullable: true })
  newPhone!: string | null;

  @Column('boolean', { name: 'is_old_lost' })
  isOldLost!: boolean;

  @Column('uuid', { name: 'new_verification_id' })
  @ForeignKey(() => Verification, { name: 'fk_number_changes_new_verification' })
  newVerificationId!: string;

  /** Null where the old number is lost. */
  @Column('uuid', { name: 'old_verification_id', nullable: true })
  @ForeignKey(() => Verification, { name: 'fk_number_changes_old_verification' })
  oldVerificationId!: string | null;

  /** Whether the code to the new number was right. A right code is used up, also beside a wrong one. */
  @Column('boolean', { name: 'new_proved', default: false })
  newProved!: boolean;

  @Column('boolean', { name: 'old_proved', default: false })
  oldProved!: boolean;

  /** When an approved change is carried out. */
  @Column('timestamptz', { name: 'effective_at', nullable: true })
  effectiveAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;
}
