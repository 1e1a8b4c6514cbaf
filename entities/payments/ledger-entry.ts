import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import type { Currency } from '../values/money';

/** The accounts of the ledger. A gateway holds captured money until it pays out. */
export const SALES_ACCOUNT = 'sales';
export const OWED_TO_BUYERS_ACCOUNT = 'owed_to_buyers';
export const gatewayAccount = (gateway: string): string => `gateway:${gateway}`;

/** One double entry, immutable: the amount moves from the credit account to the debit account. */
@Entity('ledger_entries')
@Unique('uq_ledger_entries_posting', ['postingKey', 'line'])
@Check('ck_ledger_entries_amount', 'amount > 0')
@Check('ck_ledger_entries_accounts', 'debit_account <> credit_account')
@Index('ix_ledger_entries_order', ['orderId'])
export class LedgerEntry {
  @PrimaryColumn('bigint', {
    generated: 'identity',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'pk_ledger_entries',
  })
  id!: number;

  /** The business act behind the entry. One act is posted once. */
  @Column('varchar', { name: 'posting_key', length: 200 })
  postingKey!: string;

  @Column('integer')
  line!: number;

  @Column('uuid', { name: 'order_id' })
  @ForeignKey('Order', { name: 'fk_ledger_entries_order' })
  orderId!: string;

  @Column('varchar', { name: 'debit_account', length: 80 })
  debitAccount!: string;

  @Column('varchar', { name: 'credit_account', length: 80 })
  creditAccount!: string;

  @Column('bigint')
  amount!: number;

  @Column('char', { length: 3 })
  currency!: Currency;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
