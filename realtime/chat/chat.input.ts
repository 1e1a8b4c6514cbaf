import { Type } from 'class-transformer';
import { IsIn, IsInt, IsUUID, Length, Matches, Max, Min, ValidateNested } from 'class-validator';

import {
  ChangeRoomInput,
  EditMessageInput,
  FileInput,
  LARGEST_SEQ,
  MemberRoleInput,
  ReadInput,
  ReportInput,
  SendMessageInput,
  TitledRoomInput,
} from '../../entities/chat/chat.input';
import { Example } from '../../entities/describe/example';
import { Id } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { CONTENT_TYPES, type ContentType } from '../../platform/storage/object-storage';
import { After } from '../subscribe-to';

/** Nothing to say. */
export class NothingInput {}

/** Which room. */
export class RoomInput {
  @Id()
  roomId!: string;
}

/** Which room to follow, and where to resume. */
export class SubscribeRoomInput extends RoomInput {
  /** The version of the last event that the client has, or of the room as it was last read. */
  @After()
  after?: number;
}

/** Which person. */
export class PersonInput {
  @Id()
  accountId!: string;
}

/** Which person in which room. */
export class MemberInput extends RoomInput {
  @Id()
  accountId!: string;
}

/** Which message of which room. */
export class MessageInput extends RoomInput {
  @Example(12)
  @IsInt()
  @Min(1)
  @Max(LARGEST_SEQ)
  seq!: number;
}

/** How many to show. */
class PageInput {
  @Example(20)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(50)
  limit = 20;
}

/** Where a page of rooms ended. */
export class RoomPlace {
  /** Milliseconds since 1970. */
  @Example(1_795_000_000_000)
  @IsInt()
  @Min(0)
  @Max(99_999_999_999_999)
  activeAt!: number;

  @IsUUID()
  id!: string;
}

/** Which page of rooms. */
export class RoomsInput extends PageInput {
  /** `next` of the page before. */
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => RoomPlace)
  after?: RoomPlace;
}

/** Which page of the rooms of the shop. */
export class ShopRoomsInput extends PageInput {
  /** `next` of the page before. */
  @MayBeAbsent()
  @Id()
  before?: string;
}

/** Which support rooms. */
export class SupportRoomsInput extends RoomsInput {
  /** Only those that nobody of the staff has joined. */
  @Example(true)
  @MayBeAbsent()
  @IsIn([true, false])
  waiting = false;
}

/** A group that somebody opens. */
export class OpenGroupInput extends TitledRoomInput {
  /** A UUID that the client makes. Sent again, also as `Idempotency-Key` of a request, it is the same group. */
  @Id()
  clientId!: string;
}

/** What of a room is to be different. */
export class ChangeInput extends ChangeRoomInput {
  @Id()
  roomId!: string;
}

/** Which role somebody is to have in a room. */
export class RoleInput extends MemberRoleInput {
  @Id()
  roomId!: string;

  @Id()
  accountId!: string;
}

/** Which part of a history: the newest messages, or those before or after a number, not both. */
export class HistoryInput extends RoomInput {
  @Example(40)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(LARGEST_SEQ)
  before?: number;

  @Example(12)
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(LARGEST_SEQ)
  after?: number;

  @Example(50)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;
}

/** What to search for. */
export class SearchInput extends PageInput {
  /** Words of at least two letters, or parts of them. A message has all of them. */
  @Example('کتاب')
  @Length(1, 100)
  @Matches(/\S/, { message: 'text must hold more than spaces' })
  text!: string;

  /** Only in this room. */
  @MayBeAbsent()
  @Id()
  roomId?: string;

  /** `next` of the page before. */
  @MayBeAbsent()
  @Id()
  before?: string;
}

/** A message and its room. */
export class SendInput extends SendMessageInput {
  @Id()
  roomId!: string;
}

/** Another text for a message. */
export class EditInput extends EditMessageInput {
  @Id()
  roomId!: string;

  @Example(12)
  @IsInt()
  @Min(1)
  @Max(LARGEST_SEQ)
  seq!: number;
}

/** Why staff should look at which message. */
export class ReportMessageInput extends ReportInput {
  @Id()
  roomId!: string;

  @Example(12)
  @IsInt()
  @Min(1)
  @Max(LARGEST_SEQ)
  seq!: number;
}

/** How far somebody has read in a room. */
export class ReadRoomInput extends ReadInput {
  @Id()
  roomId!: string;
}

/** A file that somebody is going to upload for a room. */
export class RequestFileInput extends FileInput {
  @Id()
  roomId!: string;

  @Example('application/pdf')
  @IsIn(CONTENT_TYPES)
  type!: ContentType;
}

/** Which file. */
export class FileIdInput {
  @Id()
  attachmentId!: string;
}
