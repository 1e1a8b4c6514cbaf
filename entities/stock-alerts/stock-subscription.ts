import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import { Category } from '../catalog/category';
import { Variant } from '../catalog/variant';

/** What people are told of stock: it is low, it is out, it is back. */
export const STOCK_ALERT_KINDS = ['low', 'out', 'back'] as const;
export type StockAlertKind = (typeof STOCK_ALERT_KINDS)[number];

/** `staff` hear of each crossing. A `customer` waits for one variant and hears of it once. */
export type StockAudience = 'staff' | 'customer';

/** How people are told. */
export const STOCK_CHANNELS = ['sms'] as const;
export type StockChannel = (typeof STOCK_CHANNELS)[number];

/** Who wants to hear of the stock of a variant, of a category with those below it, or of everything. */
@Entity('stock_subscriptions')
@Check('ck_stock_subscriptions_audience', "audience IN ('staff', 'customer')")
@Check('ck_stock_subscriptions_kind', "kind IN ('low', 'out', 'back')")
@Check('ck_stock_subscriptions_channel', "channel IN ('sms')")
@Check('ck_stock_subscriptions_scope', 'variant_id IS NULL OR category_id IS NULL')
@Check('ck_stock_subscriptions_customer', "audience = 'staff' OR (kind = 'back' AND variant_id IS NOT NULL)")
@Index('ix_stock_subscriptions_account', ['accountId'])
@Index('ix_stock_subscriptions_variant', ['variantId', 'createdAt'], { where: "audience = 'customer'" })
@Index('ix_stock_subscriptions_staff', ['kind'], { where: "audience = 'staff'" })
export class StockSubscription {
  /** Derived from the account, the audience, the kind and the scope: nobody subscribes twice to the same. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_stock_subscriptions' })
  id!: string;

  @Column('uuid', { name: 'account_id' })
  @ForeignKey(() => Account, { name: 'fk_stock_subscriptions_account' })
  accountId!: string;

  @Column('varchar', { length: 8 })
  audience!: StockAudience;

  @Column('varchar', { length: 4 })
  kind!: StockAlertKind;

  @Column('uuid', { name: 'variant_id', nullable: true })
  @ForeignKey(() => Variant, { name: 'fk_stock_subscriptions_variant', onDelete: 'CASCADE' })
  variantId!: string | null;

  @Column('uuid', { name: 'category_id', nullable: true })
  @ForeignKey(() => Category, { name: 'fk_stock_subscriptions_category', onDelete: 'CASCADE' })
  categoryId!: string | null;

  @Column('varchar', { length: 8, default: 'sms' })
  channel!: StockChannel;

  /** The oldest customer is told first, so it is the clock at the insert, not the start of the transaction. */
  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
