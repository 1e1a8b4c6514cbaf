import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsString,
  IsUUID,
  ValidateNested,
} from 'class-validator';

import {
  ATTACHMENT_FAILURES,
  ATTACHMENT_STATUSES,
  type AttachmentFailure,
  type AttachmentStatus,
} from '../../entities/chat/attachment';
import {
  REPORT_REASONS,
  REPORT_RESOLUTIONS,
  type ReportReason,
  type ReportResolution,
} from '../../entities/chat/report';
import {
  ROOM_HISTORIES,
  ROOM_KINDS,
  ROOM_STATES,
  type RoomHistory,
  type RoomKind,
  type RoomState,
} from '../../entities/chat/room';
import { MEMBER_ROLES, type MemberRole } from '../../entities/chat/room-member';
import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';

/** A file of a message. */
export class AttachedFileView {
  @IsUUID()
  id!: string;

  @Example('فاکتور.pdf')
  @IsString()
  name!: string;

  @Example('application/pdf')
  @IsString()
  type!: string;

  @Example(245_678)
  @IsInt()
  bytes!: number;
}

/** A message. Of a deleted one the text is empty. */
export class MessageView {
  @IsUUID()
  roomId!: string;

  /** Its number in the room. */
  @Example(12)
  @IsInt()
  seq!: number;

  @IsUUID()
  senderId!: string;

  /** As the sender calls themselves; null where they have said nothing. */
  @Nullable()
  @Example('زیبا')
  @IsString()
  senderName!: string | null;

  @IsUUID()
  clientId!: string;

  @Example('سلام، کتاب رسید؟')
  @IsString()
  text!: string;

  @Nullable()
  @Example(null)
  @IsInt()
  replyToSeq!: number | null;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AttachedFileView)
  attachments!: AttachedFileView[];

  @IsISO8601()
  createdAt!: string;

  @Nullable()
  @IsISO8601()
  editedAt!: string | null;

  @Nullable()
  @IsISO8601()
  deletedAt!: string | null;
}

/** A part of a history, the oldest first. */
export class HistoryView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MessageView)
  items!: MessageView[];

  /** `before` of the page with older messages; null at the beginning. */
  @Nullable()
  @Example(13)
  @IsInt()
  before!: number | null;

  /** `after` of the page with newer ones; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  after!: number | null;
}

/** What a search has found, the newest first. */
export class FoundMessagesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MessageView)
  items!: MessageView[];

  @Nullable()
  @Example(null)
  @IsString()
  nextCursor!: string | null;
}

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

/** A page of rooms. */
export class RoomsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RoomView)
  items!: RoomView[];

  @Nullable()
  @Example(null)
  @IsString()
  nextCursor!: string | null;
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

/** A page of the rooms of the shop, the newest first. */
export class ShopRoomsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ShopRoomView)
  items!: ShopRoomView[];

  @Nullable()
  @Example(null)
  @IsString()
  nextCursor!: string | null;
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

/** How to upload a file: a PUT of its bytes with the headers, or a POST of a form with the fields and then `file`. */
export class AttachmentUploadView {
  @IsUUID()
  attachmentId!: string;

  @IsIn(['PUT', 'POST'])
  method!: 'PUT' | 'POST';

  @Example('http://127.0.0.1:3000/uploads/chat/5f0c7b5e-7a0e-4b0e-9d0a-2b7f4f0f3c11.pdf?token=…')
  @IsString()
  url!: string;

  @Example({ 'content-type': 'application/pdf' })
  @IsObject()
  headers!: Readonly<Record<string, string>>;

  @Example({})
  @IsObject()
  fields!: Readonly<Record<string, string>>;

  @IsISO8601()
  expiresAt!: string;
}

/** What became of an upload. */
export class AttachmentView extends AttachedFileView {
  @IsIn(ATTACHMENT_STATUSES)
  status!: AttachmentStatus;

  @Nullable()
  @Example(null)
  @IsIn(ATTACHMENT_FAILURES)
  failure!: AttachmentFailure | null;
}

/** Where a file can be read for a minute. The address needs no token, so it does not leave the device. */
export class AttachmentLinkView {
  @Example('http://127.0.0.1:3000/uploads/chat/5f0c7b5e-7a0e-4b0e-9d0a-2b7f4f0f3c11.pdf?token=…')
  @IsString()
  url!: string;

  @IsISO8601()
  expiresAt!: string;
}

/** A message that somebody wants staff to look at, as it is now. */
export class ReportView {
  @IsUUID()
  id!: string;

  @IsUUID()
  roomId!: string;

  @IsIn(ROOM_KINDS)
  roomKind!: RoomKind;

  @Example(12)
  @IsInt()
  seq!: number;

  @IsUUID()
  senderId!: string;

  @Example('شماره کارتت را بفرست')
  @IsString()
  text!: string;

  @IsBoolean()
  isDeleted!: boolean;

  @IsUUID()
  reporterId!: string;

  @IsIn(REPORT_REASONS)
  reason!: ReportReason;

  @Example('شماره کارت می‌خواهد')
  @IsString()
  note!: string;

  @IsISO8601()
  createdAt!: string;

  @Nullable()
  @Example(null)
  @IsIn(REPORT_RESOLUTIONS)
  resolution!: ReportResolution | null;

  @Nullable()
  @IsISO8601()
  resolvedAt!: string | null;
}

/** The reports that nobody has resolved, the oldest first. */
export class ReportsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ReportView)
  items!: ReportView[];

  @Nullable()
  @Example(null)
  @IsString()
  nextCursor!: string | null;
}
