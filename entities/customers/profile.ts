import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';

export const LANGUAGES = ['fa', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a person has said of themselves. There is no row before the first change. Erasure removes it. */
@Entity('profiles')
@Check('ck_profiles_language', "language IN ('fa', 'en')")
@Check('ck_profiles_marketing', 'NOT marketing OR marketing_at IS NOT NULL')
export class Profile {
  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'pk_profiles' })
  @ForeignKey(() => Account, { name: 'fk_profiles_account' })
  accountId!: string;

  @Column('varchar', { length: 80, nullable: true })
  name!: string | null;

  /** Not verified. It identifies nobody. */
  @Column('varchar', { length: 254, nullable: true })
  email!: string | null;

  @Column('varchar', { length: 2, default: 'fa' })
  language!: Language;

  /** Whether the person wants to hear of offers. */
  @Column('boolean', { default: false })
  marketing!: boolean;

  /** When they last consented or withdrew; null before the first time. */
  @Column('timestamptz', { name: 'marketing_at', nullable: true })
  marketingAt!: Date | null;
}
