import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsInt, IsUUID, ValidateNested } from 'class-validator';

import type { RoomEvents } from '../../entities/chat/chat.events';
import { MessageView } from '../../entities/chat/message.view';
import { ROOM_KINDS, type RoomKind } from '../../entities/chat/room';
import {
  LEAVING_REASONS,
  MEMBER_ROLES,
  type LeavingReason,
  type MemberRole,
} from '../../entities/chat/room-member';
import { RoomView, ShopRoomView } from '../../entities/chat/room.view';
import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { PRESENCES, type PresenceState } from '../presence';
import type { Shape } from '../registry';
import { RoomPlace } from './chat.input';

/** A page of rooms, with their versions. */
export class LiveRoomsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RoomView)
  rooms!: RoomView[];

  /** `after` of the next page; null at the end. */
  @Nullable()
  @ValidateNested()
  @Type(() => RoomPlace)
  next!: RoomPlace | null;
}

/** A page of the rooms of the shop, the newest first. */
export class LiveShopRoomsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ShopRoomView)
  rooms!: ShopRoomView[];

  /** `before` of the next page; null at the end. */
  @Nullable()
  @IsUUID()
  next!: string | null;
}

/** A room that somebody opened. */
export class OpenedRoomView {
  @ValidateNested()
  @Type(() => RoomView)
  room!: RoomView;

  /** False where it was there. */
  @Example(true)
  @IsBoolean()
  isNew!: boolean;
}

/** A message that was sent. */
export class SentView {
  /** As it is now. */
  @ValidateNested()
  @Type(() => MessageView)
  message!: MessageView;

  /** False where the same message was sent before. */
  @Example(true)
  @IsBoolean()
  isNew!: boolean;
}

/** What a search has found, the newest first. */
export class FoundView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => MessageView)
  messages!: MessageView[];

  /** `before` of the next page; null at the end. */
  @Nullable()
  @IsUUID()
  next!: string | null;
}

/** How somebody of a room is. */
export class PersonPresenceView {
  @IsUUID()
  accountId!: string;

  /** `unknown` is not `offline`: the server cannot tell at this moment, or does not tell of people of whom one has blocked the other. */
  @IsIn(PRESENCES)
  state!: PresenceState;
}

/** Who of a room is there. */
export class RoomPresenceView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PersonPresenceView)
  people!: PersonPresenceView[];
}

/** Somebody types. Forget it after 6 s. */
export class TypingView {
  @IsUUID()
  roomId!: string;

  @IsUUID()
  accountId!: string;
}

/** Somebody of a room has come or gone. */
export class PresenceView extends PersonPresenceView {
  @IsUUID()
  roomId!: string;
}

/** A room was opened. */
class RoomOpenedPayload {
  @IsIn(ROOM_KINDS)
  kind!: RoomKind;
}

/** There is nothing more to say: read the room. */
class RoomPayload {}

/** Somebody and their role. */
class MemberPayload {
  @IsUUID()
  accountId!: string;

  @IsIn(MEMBER_ROLES)
  role!: MemberRole;
}

/** Somebody is no longer in the room. */
class MemberLeftPayload {
  @IsUUID()
  accountId!: string;

  /** With `erased` forget what this person has written. */
  @IsIn(LEAVING_REASONS)
  reason!: LeavingReason;
}

/** How far somebody has read. */
class MemberReadPayload {
  @IsUUID()
  accountId!: string;

  @Example(12)
  @IsInt()
  seq!: number;
}

/** A message that was edited or deleted. */
class MessagePayload {
  @Example(12)
  @IsInt()
  seq!: number;

  /** As it is now, so that a text that was deleted since is in no event. Null where a member must not see it. */
  @Nullable()
  @ValidateNested()
  @Type(() => MessageView)
  message!: MessageView | null;
}

/** A message that was sent. */
class MessageSentPayload extends MessagePayload {
  /** Null where a member must not see the message. */
  @Nullable()
  @IsUUID()
  senderId!: string | null;
}

/** What clients see of each event of a room. */
export const ROOM_PAYLOADS = {
  'room.opened': RoomOpenedPayload,
  'room.changed': RoomPayload,
  'room.archived': RoomPayload,
  'room.blocks_changed': RoomPayload,
  'member.joined': MemberPayload,
  'member.left': MemberLeftPayload,
  'member.role': MemberPayload,
  'member.read': MemberReadPayload,
  'message.sent': MessageSentPayload,
  'message.edited': MessagePayload,
  'message.deleted': MessagePayload,
} satisfies Record<keyof RoomEvents, Shape>;
