import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';

import { FileInput, LARGEST_SEQ } from '../../entities/chat/chat.input';
import { REPORT_RESOLUTIONS, type ReportResolution } from '../../entities/chat/report';
import { Example } from '../../entities/describe/example';
import { Flag, Id, WholeNumber } from '../../entities/input/from-text';
import { CONTENT_TYPES, type ContentType } from '../../platform/storage/object-storage';
import { PageQuery } from '../page.input';

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

/** Which support rooms. */
export class SupportRoomsQuery extends PageQuery {
  /** Only those that nobody of the staff has joined. */
  @Example(true)
  @IsOptional()
  @Flag()
  @IsIn([true, false])
  waiting = false;
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

/** What to search for. */
export class MessageSearchQuery extends PageQuery {
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

/** What staff do about a message. */
export class ResolveReportInput {
  @IsIn(REPORT_RESOLUTIONS)
  resolution!: ReportResolution;
}

/** A file that somebody is going to upload. */
export class AttachmentInput extends FileInput {
  @Example('application/pdf')
  @IsIn(CONTENT_TYPES)
  type!: ContentType;
}
