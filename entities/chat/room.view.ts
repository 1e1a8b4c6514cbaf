import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';

import { Example } from '../describe/example';
import { Nullable } from '../describe/nullable';
import {
  ROOM_HISTORIES,
  ROOM_KINDS,
  ROOM_STATES,
  type RoomHistory,
  type RoomKind,
  type RoomState,
} from './room';
import { MEMBER_ROLES, type MemberRole } from './room-member';

/** The last message of a room. */
export class LastMessageView {
  @Example(12)
  @IsInt()
  seq!: number;

  @IsUUID()
  senderId!: string;

  /** The beginning of its text; empty when it was deleted or has files only. */
  @Example('سلام، کتاب رسید؟')
  @IsString()
  excerpt!: string;

  @IsBoolean()
  isDeleted!: boolean;

  @IsISO8601()
  createdAt!: string;
}

/** A room as the caller sees it. */
export class RoomView {
  @IsUUID()
  id!: string;

  @IsIn(ROOM_KINDS)
  kind!: RoomKind;

  @IsIn(ROOM_STATES)
  state!: RoomState;

  /** Of a group and a room of the shop. */
  @Nullable()
  @Example('گروه کتاب')
  @IsString()
  title!: string | null;

  @IsIn(ROOM_HISTORIES)
  history!: RoomHistory;

  /** Null for staff who have not joined. */
  @Nullable()
  @IsIn(MEMBER_ROLES)
  role!: MemberRole | null;

  /** Of its last event: where a socket resumes. */
  @Example(24)
  @IsInt()
  version!: number;

  @Example(12)
  @IsInt()
  lastSeq!: number;

  @Example(10)
  @IsInt()
  lastReadSeq!: number;

  /** Messages of others that the caller has not read, counted up to 100. */
  @Example(2)
  @IsInt()
  unread!: number;

  @Example(3)
  @IsInt()
  members!: number;

  /** The other person of a direct room, the customer of a support room. */
  @Nullable()
  @IsUUID()
  peerId!: string | null;

  @Nullable()
  @Example('زیبا')
  @IsString()
  peerName!: string | null;

  /** Whether the caller can write in it. */
  @IsBoolean()
  isWritable!: boolean;

  @Nullable()
  @ValidateNested()
  @Type(() => LastMessageView)
  lastMessage!: LastMessageView | null;

  /** When something was last written. */
  @IsISO8601()
  activeAt!: string;
}

/** A room of the shop that can be joined. */
export class ShopRoomView {
  @IsUUID()
  id!: string;

  @Example('پیشنهادهای روز')
  @IsString()
  title!: string;

  @Example(42)
  @IsInt()
  members!: number;

  @IsBoolean()
  isMember!: boolean;

  @IsISO8601()
  createdAt!: string;
}

/** Somebody in a room. */
export class MemberView {
  @IsUUID()
  accountId!: string;

  @Nullable()
  @Example('زیبا')
  @IsString()
  name!: string | null;

  @IsIn(MEMBER_ROLES)
  role!: MemberRole;

  @IsISO8601()
  joinedAt!: string;

  /** 0 for the other of a direct room while one of the two has blocked the other. */
  @Example(10)
  @IsInt()
  lastReadSeq!: number;
}

/** Who is in a room, the longest member first; at most 100. */
export class MembersView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MemberView)
  items!: MemberView[];
}

/** How far the caller has read. */
export class ReadView {
  @Example(12)
  @IsInt()
  lastReadSeq!: number;
}

/** Somebody whom the caller has blocked. */
export class BlockView {
  @IsUUID()
  accountId!: string;

  @Nullable()
  @Example('زیبا')
  @IsString()
  name!: string | null;

  @IsISO8601()
  createdAt!: string;
}

/** Whom the caller has blocked, the latest first. */
export class BlocksView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => BlockView)
  items!: BlockView[];
}
