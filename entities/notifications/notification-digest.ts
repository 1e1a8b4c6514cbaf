import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { SmsMessage } from '../sms/sms-message';
import { NotificationBox } from './notification-box';

/** The one message of a day for somebody who wants a digest. The row comes first, so that no day has two. */
@Entity('notification_digests')
@Check('ck_notification_digests_notifications', 'notifications > 0')
@Index('ix_notification_digests_day', ['day'])
@Index('ix_notification_digests_message', ['messageId'], { where: 'message_id IS NOT NULL' })
export class NotificationDigest {
  @PrimaryColumn('uuid', { name: 'box_id', primaryKeyConstraintName: 'pk_notification_digests' })
  @ForeignKey(() => NotificationBox, { name: 'fk_notification_digests_box' })
  boxId!: string;

  /** In the zone of its person. */
  @PrimaryColumn('date', { primaryKeyConstraintName: 'pk_notification_digests' })
  day!: string;

  /** How many it sums up. */
  @Column('integer')
  notifications!: number;

  @Column('uuid', { name: 'message_id', nullable: true })
  @ForeignKey(() => SmsMessage, { name: 'fk_notification_digests_message', onDelete: 'SET NULL' })
  messageId!: string | null;
}
