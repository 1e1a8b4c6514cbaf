import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import { Cart } from '../carts/cart';
import { SmsMessage } from '../sms/sms-message';

/** That a customer was reminded of a cart, by which message. It goes with the cart. */
@Entity('cart_reminders')
@Index('ix_cart_reminders_cart', ['cartId', 'createdAt'])
@Index('ix_cart_reminders_account', ['accountId', 'createdAt'])
export class CartReminder {
  @PrimaryColumn('uuid', { name: 'message_id', primaryKeyConstraintName: 'pk_cart_reminders' })
  @ForeignKey(() => SmsMessage, { name: 'fk_cart_reminders_message' })
  messageId!: string;

  @Column('uuid', { name: 'cart_id' })
  @ForeignKey(() => Cart, { name: 'fk_cart_reminders_cart', onDelete: 'CASCADE' })
  cartId!: string;

  @Column('uuid', { name: 'account_id' })
  @ForeignKey(() => Account, { name: 'fk_cart_reminders_account' })
  accountId!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
