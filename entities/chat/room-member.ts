import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

import { Account } from '../auth/account';
import { Room } from './room';

/** Only groups have an owner. Rooms of the shop and of support are moderated by staff, whoever has joined them. */
export const MEMBER_ROLES = ['owner', 'moderator', 'member'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** Why somebody is no longer a member. Who was removed does not come back without an invitation. */
export const LEAVING_REASONS = ['left', 'removed', 'erased'] as const;
export type LeavingReason = (typeof LEAVING_REASONS)[number];

/** Somebody who is or was in a room. */
@Entity('room_members')
@Index('uq_room_members_owner', ['roomId'], { unique: true, where: "role = 'owner' AND left_at IS NULL" })
@Index('ix_room_members_account', ['accountId'])
@Check('ck_room_members_role', "role IN ('owner', 'moderator', 'member')")
@Check(
  'ck_room_members_left',
  "(left_at IS NULL) = (left_reason IS NULL) AND left_reason IN ('left', 'removed', 'erased')",
)
@Check('ck_room_members_seq', 'joined_seq >= 0 AND last_read_seq >= 0')
export class RoomMember {
  @PrimaryColumn('uuid', { name: 'room_id', primaryKeyConstraintName: 'pk_room_members' })
  @ForeignKey(() => Room, { name: 'fk_room_members_room' })
  roomId!: string;

  @PrimaryColumn('uuid', { name: 'account_id', primaryKeyConstraintName: 'pk_room_members' })
  @ForeignKey(() => Account, { name: 'fk_room_members_account' })
  accountId!: string;

  @Column('varchar', { length: 9 })
  role!: MemberRole;

  /** The newest message when they last joined. */
  @Column('integer', { name: 'joined_seq' })
  joinedSeq!: number;

  @Column('timestamptz', { name: 'joined_at', default: () => 'now()' })
  joinedAt!: Date;

  @Column('timestamptz', { name: 'left_at', nullable: true })
  leftAt!: Date | null;

  @Column('varchar', { name: 'left_reason', length: 7, nullable: true })
  leftReason!: LeavingReason | null;

  /** The newest message that they have read. It only grows. */
  @Column('integer', { name: 'last_read_seq' })
  lastReadSeq!: number;
}
