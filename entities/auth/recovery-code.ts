import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { Factor } from './factor';

/** A code that takes the place of a factor once, for somebody who has lost it. It is worth something while the factor is. */
@Entity('recovery_codes')
@Check('ck_recovery_codes_hash', 'octet_length(hash) = 32')
export class RecoveryCode {
  @PrimaryColumn('uuid', { name: 'factor_id', primaryKeyConstraintName: 'pk_recovery_codes' })
  @ForeignKey(() => Factor, { name: 'fk_recovery_codes_factor' })
  factorId!: string;

  /** SHA-256. The code has 128 random bits, so nobody finds it from this. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'pk_recovery_codes' })
  hash!: Buffer;

  @Column('timestamptz', { name: 'used_at', nullable: true })
  usedAt!: Date | null;
}
