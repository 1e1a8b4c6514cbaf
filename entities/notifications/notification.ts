import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { NotificationBox } from './notification-box';
import type { NotificationCategory } from './notification-categories';
import type { NotificationKind } from './notification-kinds';

/** Something that happened and concerns somebody. It holds ids only: its text is made of the rows when it is read. */
@Entity('notifications')
@Unique('uq_notifications_key', ['boxId', 'dedupeKey'])
@Check(
  'ck_notifications_category',
  "category IN ('order', 'payment', 'support', 'stock', 'security', 'desk', 'purchasing')",
)
@Check('ck_notifications_data', "jsonb_typeof(data) = 'object'")
@Check('ck_notifications_version', 'version > 0')
@Check('ck_notifications_seen', 'read_at IS NULL OR seen_at IS NOT NULL')
@Index('ix_notifications_shown', ['boxId', 'id'], { where: 'is_shown' })
@Index('ix_notifications_unread', ['boxId', 'version'], { where: 'is_shown AND read_at IS NULL' })
@Index('ix_notifications_unseen', ['boxId', 'version'], { where: 'is_shown AND seen_at IS NULL' })
@Index('ix_notifications_created', ['createdAt'])
export class Notification {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_notifications' })
  id!: string;

  @Column('uuid', { name: 'box_id' })
  @ForeignKey(() => NotificationBox, { name: 'fk_notifications_box' })
  boxId!: string;

  @Column('varchar', { length: 30 })
  kind!: NotificationKind;

  @Column('varchar', { length: 10 })
  category!: NotificationCategory;

  /** `<kind>:<aggregate>:<version>`: who reads the journal again tells nobody twice. */
  @Column('varchar', { name: 'dedupe_key', length: 120 })
  dedupeKey!: string;

  @Column('jsonb')
  data!: Record<string, string>;

  /** The version of the box with which it came. */
  @Column('integer')
  version!: number;

  /** Whether it is in the list of the shop: its person had not switched that off. */
  @Column('boolean', { name: 'is_shown' })
  isShown!: boolean;

  /** When it happened. */
  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'seen_at', nullable: true })
  seenAt!: Date | null;

  @Column('timestamptz', { name: 'read_at', nullable: true })
  readAt!: Date | null;
}
