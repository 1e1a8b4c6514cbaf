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

import { MessageView } from '../../entities/chat/message.view';
import {
  REPORT_REASONS,
  REPORT_RESOLUTIONS,
  type ReportReason,
  type ReportResolution,
} from '../../entities/chat/report';
import { ROOM_KINDS, type RoomKind } from '../../entities/chat/room';
import { RoomView, ShopRoomView } from '../../entities/chat/room.view';
import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';

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
