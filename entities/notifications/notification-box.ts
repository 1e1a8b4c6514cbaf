import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import { Order } from '../orders/order';

/**
 * What one recipient is told, counted by `version`. A box belongs to an account, or to the order of a guest, whose recipient hears
 * of it by SMS. Who changes anything of a box locks this row first, after the account.
 */
@Entity('notification_boxes')
@Check(
  'ck_notification_boxes_owner',
  'num_nonnulls(account_id, order_id) = 1 AND id = coalesce(account_id, order_id)',
)
export class NotificationBox {
  /** Of the account or of the order. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_notification_boxes' })
  id!: string;

  @Column('uuid', { name: 'account_id', nullable: true })
  @ForeignKey(() => Account, { name: 'fk_notification_boxes_account' })
  accountId!: string | null;

  @Column('uuid', { name: 'order_id', nullable: true })
  @ForeignKey(() => Order, { name: 'fk_notification_boxes_order' })
  orderId!: string | null;

  @Column('integer', { default: 0 })
  version!: number;

  /** When its workflow was last woken because something was overdue. */
  @Column('timestamptz', { name: 'woken_at', nullable: true })
  wokenAt!: Date | null;
}
