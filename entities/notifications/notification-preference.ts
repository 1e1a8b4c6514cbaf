import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

import { NotificationBox } from './notification-box';
import type { NotificationCategory, NotificationChannel } from './notification-categories';

/** What somebody has chosen for a channel of a category. Without a row the default counts. */
@Entity('notification_preferences')
@Check(
  'ck_notification_preferences_category',
  "category IN ('order', 'payment', 'support', 'stock', 'security', 'desk', 'purchasing')",
)
@Check('ck_notification_preferences_channel', "channel IN ('in_app', 'sms')")
export class NotificationPreference {
  @PrimaryColumn('uuid', { name: 'box_id', primaryKeyConstraintName: 'pk_notification_preferences' })
  @ForeignKey(() => NotificationBox, { name: 'fk_notification_preferences_box' })
  boxId!: string;

  @PrimaryColumn('varchar', { length: 10, primaryKeyConstraintName: 'pk_notification_preferences' })
  category!: NotificationCategory;

  @PrimaryColumn('varchar', { length: 6, primaryKeyConstraintName: 'pk_notification_preferences' })
  channel!: NotificationChannel;

  @Column('boolean', { name: 'is_on' })
  isOn!: boolean;
}
