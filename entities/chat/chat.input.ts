import { Transform } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  Min,
} from 'class-validator';

import { Example } from '../describe/example';
import { Id, Ids } from '../input/from-text';
import { Line, Prose } from '../input/line';
import { MayBeAbsent } from '../input/may-be-absent';
import { LARGEST_FILE_BYTES } from './attachment';
import { LONGEST_TEXT } from './message';
import { REPORT_REASONS, type ReportReason } from './report';
import { ROOM_HISTORIES, type RoomHistory } from './room';
import { MEMBER_ROLES, type MemberRole } from './room-member';
import { ATTACHMENTS_AT_MOST } from './send-message';

/** The largest number that a message can have. */
export const LARGEST_SEQ = 2_147_483_647;

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

/** Why staff should look at a message. */
export class ReportInput {
  @IsIn(REPORT_REASONS)
  reason!: ReportReason;

  @Example('شماره کارت می‌خواهد')
  @MayBeAbsent()
  @Prose(500)
  note = '';
}

/** What a file that somebody is going to upload is called, and its size. */
export class FileInput {
  /** What it is called, without folders. */
  @Example('فاکتور.pdf')
  @Line(150)
  @Matches(/^[^/\\]+$/, { message: 'name must not name a folder' })
  name!: string;

  /** The exact size of the file: at most 10 MB for a picture, 25 MB for anything else. */
  @Example(245_678)
  @IsInt()
  @Min(1)
  @Max(LARGEST_FILE_BYTES)
  bytes!: number;
}
