import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Account } from '../auth/account';
import { Room } from './room';

/** The longest text of a message, in code points. */
export const LONGEST_TEXT = 4_000;

/** What somebody has written in a room, in its order. Of a deleted message nothing is left but its place. */
@Entity('messages')
@Unique('uq_messages_client', ['senderId', 'roomId', 'clientId'])
@ForeignKey('Message', ['roomId', 'replyToSeq'], ['roomId', 'seq'], {
  name: 'fk_messages_reply',
  onDelete: 'SET NULL',
})
@Index('ix_messages_reply', ['roomId', 'replyToSeq'], { where: 'reply_to_seq IS NOT NULL' })
@Index('ix_messages_folded', { synchronize: false })
@Check('ck_messages_seq', 'seq > 0 AND reply_to_seq < seq')
@Check('ck_messages_deleted', "deleted_at IS NULL OR text = '' AND request_digest IS NULL")
export class Message {
  @PrimaryColumn('uuid', { name: 'room_id', primaryKeyConstraintName: 'pk_messages' })
  @ForeignKey(() => Room, { name: 'fk_messages_room' })
  roomId!: string;

  /** Its number in the room, without gaps from one. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_messages' })
  seq!: number;

  /** A search lists messages of several rooms in this order. */
  @Column('uuid')
  id!: string;

  @Column('uuid', { name: 'sender_id' })
  @ForeignKey(() => Account, { name: 'fk_messages_sender' })
  senderId!: string;

  /** Made by the sender's client: sent again, it is the same message. */
  @Column('uuid', { name: 'client_id' })
  clientId!: string;

  /** Of what was sent. Null once the message was edited or deleted: a short text could be guessed from its digest. */
  @Column('varchar', { name: 'request_digest', length: 64, nullable: true })
  requestDigest!: string | null;

  @Column('varchar', { length: LONGEST_TEXT })
  text!: string;

  /** How a search compares it. The database generates it. */
  @Column({
    type: 'text',
    generatedType: 'STORED',
    asExpression: 'persian_text(text)',
    select: false,
    insert: false,
    update: false,
  })
  folded!: string;

  /** The message that this one answers. */
  @Column('integer', { name: 'reply_to_seq', nullable: true })
  replyToSeq!: number | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'edited_at', nullable: true })
  editedAt!: Date | null;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;
}
