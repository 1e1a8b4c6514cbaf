import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

import type { Currency } from '../values/money';

/**
 * What a guest intends to buy. The id is derived from the guest's token (`cartIdOf`), and the token is stored nowhere. The row is
 * made with the first line, and removed when nobody has changed it for a long time. Every change of the cart or its lines increments the version, under the lock of this row.
 */
@Entity('carts')
@Check('ck_carts_currency', "currency = 'IRR'")
@Check('ck_carts_version', 'version > 0')
@Index('ix_carts_updated', ['updatedAt'])
export class Cart {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_carts' })
  id!: string;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('char', { length: 3, default: 'IRR' })
  currency!: Currency;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
