import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import type { Currency } from '../values/money';

/**
 * What a guest or a customer intends to buy. The id is derived from the cart's token (`cartIdOf`), and the token is stored nowhere.
 * The row is made with the first line, and removed when nobody has changed it for a long time. Every change of the cart, its lines
 * or its recipient increments the version, under the lock of this row.
 */
@Entity('carts')
@Check('ck_carts_currency', "currency = 'IRR'")
@Check('ck_carts_version', 'version > 0')
@Check('ck_carts_joined', '(customer_id IS NULL) = (joined_at IS NULL)')
@Index('ix_carts_updated', ['updatedAt'])
@Index('ix_carts_customer', ['customerId', 'joinedAt'], { where: 'customer_id IS NOT NULL' })
export class Cart {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_carts' })
  id!: string;

  @Column('integer', { default: 1 })
  version!: number;

  @Column('char', { length: 3, default: 'IRR' })
  currency!: Currency;

  /** Whose cart it is. From then on the token opens it only for that customer. Null for a guest's. */
  @Column('uuid', { name: 'customer_id', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_carts_customer' })
  customerId!: string | null;

  /** When it became the customer's, or was brought along to another sign-in. The last one is the customer's current cart. */
  @Column('timestamptz', { name: 'joined_at', nullable: true })
  joinedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
