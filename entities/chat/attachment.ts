import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import { Room } from './room';

/**
 * `pending`: may be uploaded. `ready`: checked, and can be named in a message. `failed`: refused, `failure` says why. `removed`: its
 * object is still to be removed from the store, then its row goes, too.
 */
export const ATTACHMENT_STATUSES = ['pending', 'ready', 'failed', 'removed'] as const;
export type AttachmentStatus = (typeof ATTACHMENT_STATUSES)[number];

/** Why an upload cannot be sent: nothing came, its size or its content is not what was announced. */
export const ATTACHMENT_FAILURES = ['not_uploaded', 'wrong_size', 'wrong_type'] as const;
export type AttachmentFailure = (typeof ATTACHMENT_FAILURES)[number];

/** The largest file in bytes. Pictures have a lower limit. */
export const LARGEST_FILE_BYTES = 25 * 1024 * 1024;
/** The largest picture in bytes. */
export const LARGEST_IMAGE_BYTES = 10 * 1024 * 1024;

/** A file that belongs to a message, or is on its way to one. */
@Entity('attachments')
@ForeignKey('Message', ['roomId', 'messageSeq'], ['roomId', 'seq'], { name: 'fk_attachments_message' })
@Index('ix_attachments_account', ['accountId', 'createdAt'])
@Index('ix_attachments_message', ['roomId', 'messageSeq'], { where: 'message_seq IS NOT NULL' })
@Index('ix_attachments_unnamed', ['changedAt'], { where: 'message_seq IS NULL' })
@Check('ck_attachments_status', "status IN ('pending', 'ready', 'failed', 'removed')")
@Check('ck_attachments_failure', "(status = 'failed') = (failure IS NOT NULL)")
@Check(
  'ck_attachments_message',
  "(message_seq IS NULL) = (place IS NULL) AND (message_seq IS NULL OR status = 'ready')",
)
@Check('ck_attachments_bytes', 'bytes BETWEEN 1 AND 26214400')
export class Attachment {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_attachments' })
  id!: string;

  @Column('uuid', { name: 'room_id' })
  @ForeignKey(() => Room, { name: 'fk_attachments_room' })
  roomId!: string;

  /** Who uploads it. */
  @Column('uuid', { name: 'account_id' })
  @ForeignKey(() => Account, { name: 'fk_attachments_account' })
  accountId!: string;

  @Column('varchar', { length: 7, default: 'pending' })
  status!: AttachmentStatus;

  @Column('varchar', { length: 12, nullable: true })
  failure!: AttachmentFailure | null;

  /** What the file is called on the device of its sender. */
  @Column('varchar', { length: 150 })
  name!: string;

  /** The announced media type, which the content of a ready one has. */
  @Column('varchar', { length: 50 })
  type!: string;

  /** The announced size, which a ready one has. */
  @Column('integer')
  bytes!: number;

  @Column('varchar', { name: 'object_key', length: 200 })
  objectKey!: string;

  /** Until then it may be uploaded, and with some stores replaced. */
  @Column('timestamptz', { name: 'upload_expires_at' })
  uploadExpiresAt!: Date;

  @Column('integer', { name: 'message_seq', nullable: true })
  messageSeq!: number | null;

  /** Its place among the attachments of its message. */
  @Column('smallint', { nullable: true })
  place!: number | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** When its status changed. */
  @Column('timestamptz', { name: 'changed_at', default: () => 'now()' })
  changedAt!: Date;
}
