import { ROOM } from '../../entities/chat/chat.events';
import { presentMessage } from '../../entities/chat/chat.presenter';
import { hydrateRoomEvents, withoutMessage, type Hydrated } from '../../entities/chat/hydrate-events';
import { readsAsStaff } from '../../entities/chat/room-access';
import { readRoomAudiences, type RoomAudience } from '../../entities/chat/room-audience';
import { defineFollow, type RoutedEvent } from '../registry';
import { ROOM_PAYLOADS } from './chat.view';

/** Who has a room open. */
export const roomOf = (roomId: string): string => `room:${roomId}`;
/** Who has the list of their rooms open. */
export const inboxOf = (accountId: string): string => `inbox:${accountId}`;
/** Those of them whose session works for the shop: rooms of customers that they have joined come here only. */
export const agentInboxOf = (accountId: string): string => `inbox:${accountId}:agent`;
/** Whoever has a room open, so that others can be told what they are not. */
export const personOf = (accountId: string): string => `person:${accountId}`;
/** Staff who have the list of customers' rooms open. */
export const SUPPORT_QUEUE = 'queue:support';

/** The ids of the rooms of the shop among those of a socket. */
export const roomIdsIn = (rooms: readonly string[]): string[] =>
  rooms.filter((room) => room.startsWith(roomOf(''))).map((room) => room.slice(roomOf('').length));

interface RoomEvent {
  readonly aggregateId: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What clients see of an event: what the journal says, and the message as it is now. */
export function presentRoomEvent({ type, payload, message }: Hydrated<RoomEvent>): Record<string, unknown> {
  if (!type.startsWith('message.')) return { ...payload };
  return { ...payload, message: message && presentMessage(message) };
}

/** Members hear of their rooms, in the room and in their list. Whoever has just left hears that. */
function roomsOf(
  { aggregateId, type, payload }: RoomEvent,
  { kind, members, openedBy }: RoomAudience,
): string[] {
  const listOf = (accountId: string) =>
    kind === 'support' && accountId !== openedBy ? agentInboxOf(accountId) : inboxOf(accountId);
  const gone = type === 'member.left' ? [listOf(String(payload['accountId']))] : [];
  const queue = kind === 'support' ? [SUPPORT_QUEUE] : [];
  return [roomOf(aggregateId), ...members.map(listOf), ...gone, ...queue];
}

/** Whoever has left hears nothing more, unless by now they are a member again, or may read the room as staff. */
function stayOf(
  { aggregateId, payload }: RoomEvent,
  { kind, members }: RoomAudience,
): RoutedEvent['mayStay'] {
  const accountId = String(payload['accountId']);
  return (caller, room) =>
    room !== roomOf(aggregateId) ||
    accountId !== caller?.accountId ||
    members.includes(accountId) ||
    readsAsStaff(caller.roles, kind);
}

/**
 * What those get who came after their rooms were read, and must not see what was written before. They may have the room open by the
 * time that the event is sent.
 */
function partOf(event: Hydrated<RoomEvent>, { kind, history, members }: RoomAudience): RoutedEvent['part'] {
  if (event.message === null || history === 'all') return undefined;
  const known = new Set(members);
  return {
    payload: presentRoomEvent(withoutMessage(event)),
    isFor: (caller) => !caller || !(known.has(caller.accountId) || readsAsStaff(caller.roles, kind)),
  };
}

/** How events of rooms reach their members: a batch costs two statements. */
export const FOLLOW_ROOMS = defineFollow({
  aggregate: ROOM,
  payloads: ROOM_PAYLOADS,
  roomOf,
  async route(manager, events) {
    const ids = [...new Set(events.map(({ aggregateId }) => aggregateId))];
    // First who hears of it, and then what all of them may see: who comes between the two is not told. Who comes later is told a part.
    const audiences = new Map(
      (await readRoomAudiences(manager, ids)).map((audience) => [audience.id, audience]),
    );
    const hydrated = await hydrateRoomEvents(manager, events, (roomId) => audiences.get(roomId)?.floor ?? 0);
    return hydrated.map((event) => {
      const audience = audiences.get(event.aggregateId);
      return (
        audience && {
          rooms: roomsOf(event, audience),
          payload: presentRoomEvent(event),
          part: partOf(event, audience),
          ...(event.type === 'member.left' ? { mayStay: stayOf(event, audience) } : {}),
        }
      );
    });
  },
});
