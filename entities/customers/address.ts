import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import { RecipientColumns } from './recipient-columns';

/** An address that a person keeps for later orders. Orders have copies. */
@Entity('addresses')
@Check('ck_addresses_version', 'version > 0')
@Check('ck_addresses_phone', String.raw`phone ~ '^\+[1-9][0-9]{6,14}$'`)
@Check('ck_addresses_postal_code', "postal_code ~ '^[0-9]{10}$'")
@Check('ck_addresses_lines', 'cardinality(lines) BETWEEN 1 AND 3')
@Check('ck_addresses_location', '(latitude IS NULL) = (longitude IS NULL)')
@Index('ix_addresses_account', ['accountId'])
@Index('uq_addresses_default', ['accountId'], { unique: true, where: 'is_default' })
export class Address {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_addresses' })
  id!: string;

  @Column('uuid', { name: 'account_id' })
  @ForeignKey(() => Account, { name: 'fk_addresses_account' })
  accountId!: string;

  /** Grows with each change of what follows. */
  @Column('integer', { default: 1 })
  version!: number;

  /** What its person calls it. */
  @Column('varchar', { length: 40, nullable: true })
  label!: string | null;

  @Column('boolean', { name: 'is_default', default: false })
  isDefault!: boolean;

  @Column(() => RecipientColumns, { prefix: false })
  recipient!: RecipientColumns;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
