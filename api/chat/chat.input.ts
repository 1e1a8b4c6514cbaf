import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';

import { LONGEST_TEXT } from '../../entities/chat/message';
import {
  REPORT_REASONS,
  REPORT_RESOLUTIONS,
  type ReportReason,
  type ReportResolution,
} from '../../entities/chat/report';
import { ROOM_HISTORIES, type RoomHistory } from '../../entities/chat/room';
import { MEMBER_ROLES, type MemberRole } from '../../entities/chat/room-member';
import { ATTACHMENTS_AT_MOST } from '../../entities/chat/send-message';
import { Example } from '../../entities/describe/example';
import { Flag, Id, Ids, WholeNumber } from '../../entities/input/from-text';
import { Line, Prose } from '../../entities/input/line';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { LARGEST_PICTURE_BYTES } from '../../platform/render-picture';
import { CONTENT_TYPES, LARGEST_OBJECT_BYTES, type ContentType } from '../../platform/storage/object-storage';

const LARGEST_SEQ = 2_147_483_647;

/** Which room. */
export class RoomParams {
  @Id()
  id!: string;
}

/** Which message of which room. */
export class MessageParams extends RoomParams {
  @Example(12)
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(LARGEST_SEQ)
  seq!: number;
}

/** Which person in which room. */
export class MemberParams extends RoomParams {
  @Id()
  accountId!: string;
}

/** Which person. */
export class PersonParams {
  @Id()
  accountId!: string;
}

/** A page of a list. */
export class ChatPageQuery {
  /** `nextCursor` of the page before. */
  @Example('')
  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;

  @Example(20)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(50)
  limit = 20;
}

/** Which support rooms. */
export class SupportRoomsQuery extends ChatPageQuery {
  /** Only those that nobody of the staff has joined. */
  @Example(true)
  @IsOptional()
  @Flag()
  @IsIn([true, false])
  waiting = false;
}

/** With whom. */
export class DirectRoomInput {
  /** The account of the other person, as a room or an order shows it. Nobody is found by a number. */
  @Id()
  accountId!: string;
}

/** A room with a title. */
export class TitledRoomInput {
  @Example('گروه کتاب')
  @Line(80)
  title!: string;

  /** What new members can read: everything, or what is written after they joined. */
  @MayBeAbsent()
  @IsIn(ROOM_HISTORIES)
  history: RoomHistory = 'all';
}

/** What of a room is to be different. */
export class ChangeRoomInput {
  @Example('گروه فیلم')
  @MayBeAbsent()
  @Line(80)
  title?: string;

  @MayBeAbsent()
  @IsIn(ROOM_HISTORIES)
  history?: RoomHistory;
}

/** A role in a group. `owner` passes the group on. */
export class MemberRoleInput {
  @IsIn(MEMBER_ROLES)
  role!: MemberRole;
}

/** How far somebody has read. */
export class ReadInput {
  @Example(12)
  @IsInt()
  @Min(0)
  @Max(LARGEST_SEQ)
  seq!: number;
}

/** Which part of a history: the newest messages, or those before or after a number. */
export class HistoryQuery {
  @Example(40)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(LARGEST_SEQ)
  before?: number;

  @Example(12)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(LARGEST_SEQ)
  after?: number;

  @Example(50)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;
}

/** A message. */
export class SendMessageInput {
  /** A UUIDv7 that the client makes. Sent again with the same content, it is the same message. */
  @Example('019a5f00-0000-7000-8000-00000000000a')
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value))
  @IsUUID('7')
  clientId!: string;

  /** May be empty for a message with files. */
  @Example('سلام، کتاب رسید؟')
  @Prose(LONGEST_TEXT)
  text!: string;

  /** The number of the message in this room that this one answers. */
  @Example(3)
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(LARGEST_SEQ)
  replyToSeq?: number | null;

  /** Of your own uploads for this room that are `ready`. */
  @Example([])
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(ATTACHMENTS_AT_MOST)
  @ArrayUnique()
  @Ids()
  attachmentIds: string[] = [];
}

/** Another text for a message. */
export class EditMessageInput {
  @Example('سلام، کتاب رسید.')
  @Prose(LONGEST_TEXT)
  text!: string;
}

/** What to search for. */
export class MessageSearchQuery extends ChatPageQuery {
  /** Words of at least two letters, or parts of them. A message has all of them. */
  @Example('کتاب')
  @IsString()
  @Length(1, 100)
  @Matches(/\S/, { message: 'q must hold more than spaces' })
  q!: string;

  /** Only in this room. */
  @IsOptional()
  @Id()
  roomId?: string;
}

/** Why staff should look at a message. */
export class ReportInput {
  @IsIn(REPORT_REASONS)
  reason!: ReportReason;

  @Example('شماره کارت می‌خواهد')
  @MayBeAbsent()
  @Prose(500)
  note = '';
}

/** What staff do about a message. */
export class ResolveReportInput {
  @IsIn(REPORT_RESOLUTIONS)
  resolution!: ReportResolution;
}

/** A file that somebody is going to upload. */
export class AttachmentInput {
  /** What it is called, without folders. */
  @Example('فاکتور.pdf')
  @Line(150)
  @Matches(/^[^/\\]+$/, { message: 'name must not name a folder' })
  name!: string;

  @Example('application/pdf')
  @IsIn(CONTENT_TYPES)
  type!: ContentType;

  /** The exact size of the file: at most 10 MB for a picture, 25 MB for anything else. */
  @Example(245_678)
  @IsInt()
  @Min(1)
  @Max(LARGEST_OBJECT_BYTES)
  bytes!: number;
}

/** The most bytes of an attachment of this type. */
export const largestAttachment = (type: ContentType): number =>
  type.startsWith('image/') ? LARGEST_PICTURE_BYTES : LARGEST_OBJECT_BYTES;
