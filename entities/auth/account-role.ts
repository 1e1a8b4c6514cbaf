import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { Account } from './account';
import type { StaffRole } from './policy';

/** A role that an account was given, beside that of customer, which every account has. It counts in staff sessions only. */
@Entity('account_roles')
@Check('ck_account_roles_role', "role IN ('support', 'staff', 'admin')")
export class AccountRole {
  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'pk_account_roles' })
  @ForeignKey(() => Account, { name: 'fk_account_roles_account' })
  accountId!: string;

  @PrimaryColumn('varchar', { length: 20, primaryKeyConstraintName: 'pk_account_roles' })
  role!: StaffRole;

  /** Null for the role of the command `create-admin`. */
  @Column('uuid', { name: 'granted_by', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_account_roles_granted_by' })
  grantedBy!: string | null;

  @Column('timestamptz', { name: 'granted_at', default: () => 'now()' })
  grantedAt!: Date;
}
