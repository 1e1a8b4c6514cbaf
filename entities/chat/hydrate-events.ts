import type { EntityManager } from 'typeorm';

import type { RecordedEvent } from '../events/read-events';
import { readMissedEvents, type MissedEvents } from '../events/read-missed-events';
import { rows, statement } from '../sql';
import { ROOM } from './chat.events';
import { MESSAGE_COLUMNS, MESSAGE_SHAPE, type ChatMessage } from './read-messages';
import { requireRoom, type ChatReader } from './room-access';

/** What of an event of a room tells which message it is about. */
interface MessageEvent {
  readonly aggregateId: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An event with its message as the row says now. */
export type Hydrated<Event> = Event & {
  /** Null where the event is about no message, or about one that its reader must not see or that is gone. */
  readonly message: ChatMessage | null;
};

/**
 * One message may have several events in a batch. With a floor the messages above it, for one reader. Without one those that everybody
 * in their room can see.
 */
const READ = statement<ChatMessage>(
  `SELECT ${MESSAGE_COLUMNS}
   FROM (SELECT DISTINCT room_id, seq FROM unnest($1::uuid[], $2::integer[]) AS n(room_id, seq)) AS named
     JOIN messages m ON (m.room_id, m.seq) = (named.room_id, named.seq) JOIN rooms r ON r.id = m.room_id
   WHERE CASE WHEN $3::integer IS NOT NULL THEN m.seq > $3
     ELSE r.history = 'all' OR NOT EXISTS (
       SELECT 1 FROM room_members later
       WHERE later.room_id = m.room_id AND later.left_at IS NULL AND later.joined_seq >= m.seq) END`,
  MESSAGE_SHAPE,
);

/** The number of the message that an event is about; undefined when it is about none. */
function seqOf({ type, payload }: Pick<MessageEvent, 'type' | 'payload'>): number | undefined {
  const { seq } = payload;
  return type.startsWith('message.') && typeof seq === 'number' ? seq : undefined;
}

async function hydrate<Event extends MessageEvent>(
  manager: EntityManager,
  events: readonly Event[],
  floor: number | null,
  isShown: (event: Event, seq: number) => boolean = () => true,
): Promise<Hydrated<Event>[]> {
  const named = events.filter((event) => {
    const seq = seqOf(event);
    return seq !== undefined && isShown(event, seq);
  });
  const places = [named.map(({ aggregateId }) => aggregateId), named.map(seqOf)];
  const found = named.length === 0 ? [] : await rows(manager, READ, [...places, floor]);
  const messages = new Map(found.map((message) => [`${message.roomId}:${message.seq}`, message]));
  return events.map((event) => {
    const seq = seqOf(event);
    const isNamed = seq !== undefined && isShown(event, seq);
    const message = (isNamed && messages.get(`${event.aggregateId}:${seq}`)) || null;
    return message ? { ...event, message } : withoutMessage(event);
  });
}

/** An event for those who must not see its message. They do not learn from whom it is, either. */
export function withoutMessage<Event extends MessageEvent>(event: Event): Hydrated<Event> {
  const isHidden = event.type === 'message.sent';
  return { ...event, ...(isHidden && { payload: { ...event.payload, senderId: null } }), message: null };
}

/**
 * Adds to events of rooms what their messages say now, in one query for all of them: a text that was deleted meanwhile is told by no
 * event. For everybody in the room: where new members cannot read what was written before they came, the message of an older one is
 * left out, and who can see it reads it by its number.
 *
 * @param events of the aggregate `room`, in their order, which stays
 * @param floorOf the number in a room up to which somebody to whom it is told must not see the messages, although by now they may have left
 */
export function hydrateRoomEvents<Event extends MessageEvent>(
  manager: EntityManager,
  events: readonly Event[],
  floorOf: (roomId: string) => number = () => 0,
): Promise<Hydrated<Event>[]> {
  return hydrate(manager, events, null, ({ aggregateId }, seq) => seq > floorOf(aggregateId));
}

/** A part of a room's history in the journal. */
export interface RoomEventsPart {
  readonly roomId: string;
  /** The version after which to read. */
  readonly after: number;
  readonly limit: number;
}

/** What a reader of a room has missed, with the messages as they are now. */
export interface MissedRoomEvents extends Omit<MissedEvents, 'events'> {
  readonly events: readonly Hydrated<RecordedEvent & { readonly aggregateId: string }>[];
}

/**
 * What happened in a room after a version, as one reader may see it now, oldest first.
 *
 * @throws AppError `chat.room_not_found`
 */
export async function readRoomEvents(
  manager: EntityManager,
  reader: ChatReader,
  { roomId, after, limit }: RoomEventsPart,
): Promise<MissedRoomEvents> {
  const { floor } = await requireRoom(manager, reader, roomId);
  const missed = await readMissedEvents(manager, ROOM, roomId, { after, limit });
  const named = missed.events.map((event) => ({ ...event, aggregateId: roomId }));
  return { ...missed, events: await hydrate(manager, named, floor) };
}
