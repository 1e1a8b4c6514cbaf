import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

import { Account } from '../auth/account';

/** `direct`: two people. `group`: whom its owner and moderators invite. `support`: a customer and the shop. `shop`: whoever joins. */
export const ROOM_KINDS = ['direct', 'group', 'support', 'shop'] as const;
export type RoomKind = (typeof ROOM_KINDS)[number];

/** In an archived room everything can be read and nothing be written. */
export const ROOM_STATES = ['active', 'archived'] as const;
export type RoomState = (typeof ROOM_STATES)[number];

/** What a new member can read: everything, or what is written after they joined. */
export const ROOM_HISTORIES = ['all', 'since_joining'] as const;
export type RoomHistory = (typeof ROOM_HISTORIES)[number];

/** A place in which people write to each other. Who changes anything in it locks its row first. */
@Entity('rooms')
@Unique('uq_rooms_direct', ['directKey'])
@Index('uq_rooms_support', ['openedBy'], { unique: true, where: "kind = 'support' AND state = 'active'" })
@Index('ix_rooms_opener', ['openedBy'])
@Index('ix_rooms_shop', ['id'], { where: "kind = 'shop' AND state = 'active'" })
@Index('ix_rooms_archived', ['archivedAt'], { where: 'archived_at IS NOT NULL' })
@Check('ck_rooms_kind', "kind IN ('direct', 'group', 'support', 'shop')")
@Check('ck_rooms_state', "state IN ('active', 'archived')")
@Check('ck_rooms_archived', "(state = 'archived') = (archived_at IS NOT NULL)")
@Check('ck_rooms_history', "history IN ('all', 'since_joining')")
@Check('ck_rooms_direct', "(kind = 'direct') = (direct_key IS NOT NULL)")
@Check('ck_rooms_title', "(kind IN ('group', 'shop')) = (title IS NOT NULL)")
export class Room {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_rooms' })
  id!: string;

  @Column('varchar', { length: 8 })
  kind!: RoomKind;

  /** The ids of the two people of a direct room in their order: they share one room at most. */
  @Column('varchar', { name: 'direct_key', length: 73, nullable: true })
  directKey!: string | null;

  @Column('varchar', { length: 8, default: 'active' })
  state!: RoomState;

  /** What a group or a room of the shop is called. */
  @Column('varchar', { length: 80, nullable: true })
  title!: string | null;

  @Column('varchar', { length: 13, default: 'all' })
  history!: RoomHistory;

  /** Of a support room: the customer. */
  @Column('uuid', { name: 'opened_by' })
  @ForeignKey(() => Account, { name: 'fk_rooms_opener' })
  openedBy!: string;

  /** The number of the newest message. */
  @Column('integer', { name: 'last_seq', default: 0 })
  lastSeq!: number;

  /** The version of the last event of this room. */
  @Column('integer', { default: 0 })
  version!: number;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** When the last message was sent, in whole milliseconds. No index has it, so that a message rewrites none. */
  @Column('timestamptz', {
    name: 'active_at',
    default: () => "date_trunc('milliseconds', clock_timestamp())",
  })
  activeAt!: Date;

  @Column('timestamptz', { name: 'archived_at', nullable: true })
  archivedAt!: Date | null;
}
