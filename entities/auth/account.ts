import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

export type AccountStatus = 'active' | 'blocked' | 'erased';

/**
 * A person who has signed in once. The number identifies the person and is kept as E.164. An erased account keeps its id, so
 * that orders still belong to one customer, and nothing personal.
 */
@Entity('accounts')
@Unique('uq_accounts_phone', ['phone'])
@Check('ck_accounts_status', "status IN ('active', 'blocked', 'erased')")
@Check('ck_accounts_erased', "(status = 'erased') = (phone IS NULL)")
@Check('ck_accounts_phone', String.raw`phone ~ '^\+[1-9][0-9]{6,14}$'`)
export class Account {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_accounts' })
  id!: string;

  @Column('varchar', { length: 16, nullable: true })
  phone!: string | null;

  @Column('varchar', { length: 20, default: 'active' })
  status!: AccountStatus;

  /** The version of the last event of this account. */
  @Column('integer', { default: 0 })
  version!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
