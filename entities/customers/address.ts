import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';

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

  @Column('varchar', { length: 80 })
  name!: string;

  /** E.164. */
  @Column('varchar', { length: 16 })
  phone!: string;

  /** ISO 3166-2. */
  @Column('varchar', { length: 5 })
  province!: string;

  @Column('varchar', { length: 6 })
  city!: string;

  @Column('varchar', { name: 'postal_code', length: 10 })
  postalCode!: string;

  @Column('text', { array: true })
  lines!: string[];

  @Column('varchar', { length: 10, nullable: true })
  plaque!: string | null;

  @Column('varchar', { length: 10, nullable: true })
  unit!: string | null;

  @Column('double precision', { nullable: true })
  latitude!: number | null;

  @Column('double precision', { nullable: true })
  longitude!: number | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
