import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from './account';

/** `totp`: an authenticator that shows codes. */
export type FactorKind = 'totp';

/**
 * A second factor of a person who works for the shop. It counts from its confirmation until it is retired. Beside the one that
 * counts there may be one that is about to take its place.
 */
@Entity('factors')
@Check('ck_factors_kind', "kind IN ('totp')")
@Check('ck_factors_secret', '(retired_at IS NULL) = (secret IS NOT NULL)')
@Check('ck_factors_last_step', 'last_step >= 0')
@Index('ix_factors_account', ['accountId'])
@Index('uq_factors_confirmed', ['accountId'], {
  unique: true,
  where: 'confirmed_at IS NOT NULL AND retired_at IS NULL',
})
@Index('uq_factors_pending', ['accountId'], {
  unique: true,
  where: 'confirmed_at IS NULL AND retired_at IS NULL',
})
export class Factor {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_factors' })
  id!: string;

  @Column('uuid', { name: 'account_id' })
  @ForeignKey(() => Account, { name: 'fk_factors_account' })
  accountId!: string;

  @Column('varchar', { length: 20 })
  kind!: FactorKind;

  /** Sealed for this row alone. It is erased with the retirement. */
  @Column('bytea', { nullable: true })
  secret!: Buffer | null;

  /** The key that has sealed the secret. */
  @Column('varchar', { name: 'key_id', length: 16 })
  keyId!: string;

  /** The newest step whose code was used. Its code and older ones are worth nothing any more. */
  @Column('bigint', { name: 'last_step', default: 0 })
  lastStep!: number;

  @Column('timestamptz', { name: 'confirmed_at', nullable: true })
  confirmedAt!: Date | null;

  @Column('timestamptz', { name: 'retired_at', nullable: true })
  retiredAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
