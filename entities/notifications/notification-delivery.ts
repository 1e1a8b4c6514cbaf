import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { SmsMessage } from '../sms/sms-message';
import { Notification } from './notification';
import { NotificationBox } from './notification-box';
import type { NotificationChannel } from './notification-categories';

/**
 * `deferred`: it waits for the end of quiet hours, for a digest or for more. `sent`: it is in the list, or the message is handed to SMS, whose
 * row says what became of it.
 */
export type DeliveryStatus = 'queued' | 'deferred' | 'sent' | 'failed' | 'suppressed';

/** Why something waits. `more`: more lines may follow soon. `deploy`: its kind or its template is not known yet. */
export type DeferralReason = 'quiet' | 'digest' | 'more' | 'deploy';

/**
 * Why somebody is not told. `preference`: the channel is off. `read`: the person has read it meanwhile. `stale`: it is too old to
 * help. `limit`: the person had enough messages today. `gone`: there is no account or number any more. `role`: the person works
 * for the shop no longer. `unknown`: for a day no worker knew its kind.
 */
export type SuppressionReason = 'preference' | 'read' | 'stale' | 'limit' | 'gone' | 'role' | 'unknown';

/** How one channel tells of a notification. A trigger refuses moves beside the transition table (docs/notifications.md). */
@Entity('notification_deliveries')
@Check('ck_notification_deliveries_channel', "channel IN ('in_app', 'sms')")
@Check(
  'ck_notification_deliveries_status',
  "status IN ('queued', 'deferred', 'sent', 'failed', 'suppressed')",
)
@Check(
  'ck_notification_deliveries_reason',
  "(status IN ('deferred', 'failed', 'suppressed')) = (reason IS NOT NULL)",
)
@Check('ck_notification_deliveries_due', "(status = 'deferred') = (due_at IS NOT NULL)")
@Check('ck_notification_deliveries_message', "message_id IS NULL OR (channel = 'sms' AND status = 'sent')")
@Index('ix_notification_deliveries_box', ['boxId', 'createdAt'])
@Index('ix_notification_deliveries_open', ['boxId', 'createdAt'], {
  where: "status IN ('queued', 'deferred')",
})
@Index('ix_notification_deliveries_due', { synchronize: false })
@Index('ix_notification_deliveries_message', ['messageId'], { where: 'message_id IS NOT NULL' })
export class NotificationDelivery {
  @PrimaryColumn('uuid', { name: 'notification_id', primaryKeyConstraintName: 'pk_notification_deliveries' })
  @ForeignKey(() => Notification, { name: 'fk_notification_deliveries_notification', onDelete: 'CASCADE' })
  notificationId!: string;

  @PrimaryColumn('varchar', { length: 6, primaryKeyConstraintName: 'pk_notification_deliveries' })
  channel!: NotificationChannel;

  /** Of the notification. */
  @Column('uuid', { name: 'box_id' })
  @ForeignKey(() => NotificationBox, { name: 'fk_notification_deliveries_box' })
  boxId!: string;

  @Column('varchar', { length: 10 })
  status!: DeliveryStatus;

  /** Why it waits or was not sent; of a failure, the code of the refusal. */
  @Column('varchar', { length: 60, nullable: true })
  reason!: string | null;

  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt!: Date | null;

  /** When its kind or template was first missing. */
  @Column('timestamptz', { name: 'deploy_since', nullable: true })
  deploySince!: Date | null;

  /** Its own, or that of the digest with it. */
  @Column('uuid', { name: 'message_id', nullable: true })
  @ForeignKey(() => SmsMessage, { name: 'fk_notification_deliveries_message', onDelete: 'SET NULL' })
  messageId!: string | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** How often it was queued again, because its message was cancelled before any provider took it. */
  @Column('smallint', { default: 0 })
  reopened!: number;

  /** When it was sent, or given up. */
  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;
}
