import type { EntityManager } from 'typeorm';

import type { Aggregate } from '../events/aggregate';
import { readMissedEvents, type MissedEvents } from '../events/read-missed-events';
import { boolean, instant, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement } from '../sql';
import { TICKET, TICKET_STAFF } from './support.events';
import type { TicketMessage, TicketMessageKind } from './ticket-message';

/** What somebody has written on a ticket, as its row says now. Who of the staff it was is for staff only. */
export type WrittenOnTicket = Pick<
  TicketMessage,
  'seq' | 'text' | 'isFromCustomer' | 'clientId' | 'senderId' | 'createdAt'
>;

const COLUMNS = `m.seq, m.text, m.is_from_customer AS "isFromCustomer", m.client_id AS "clientId", m.sender_id AS "senderId",
  m.created_at AS "createdAt"`;
const SHAPE = {
  ...{ seq: integer, text, isFromCustomer: boolean },
  ...{ clientId: uuid, senderId: uuid, createdAt: instant },
};

const MESSAGES = statement<WrittenOnTicket>(
  `SELECT ${COLUMNS} FROM ticket_messages m
   WHERE m.ticket_id = $1 AND m.kind = $2 AND m.seq > $3 ORDER BY m.seq LIMIT $4`,
  SHAPE,
);

/** Which messages of a ticket. Only answers are for its customer. */
export interface MessagesPart {
  readonly ticketId: string;
  readonly kind: TicketMessageKind;
  readonly after: number;
  readonly limit: number;
}

/** Messages of a ticket that the caller may read, after a number, the oldest first. */
export async function readTicketMessages(
  manager: EntityManager,
  { ticketId, kind, after, limit }: MessagesPart,
): Promise<WrittenOnTicket[]> {
  return rows(manager, MESSAGES, [ticketId, kind, after, limit]);
}

/** The message with a number, which is there. */
export async function readTicketMessage(
  manager: EntityManager,
  part: Pick<MessagesPart, 'ticketId' | 'kind'> & Pick<WrittenOnTicket, 'seq'>,
): Promise<WrittenOnTicket> {
  const found = await row(manager, MESSAGES, [part.ticketId, part.kind, part.seq - 1, 1]);
  return found!;
}

/** What of an event tells what it is about. */
export interface TicketEvent {
  readonly aggregateId: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An event of a ticket with whose it is, and what was written as the row says now. */
export interface HydratedTicketEvent {
  readonly customerId: string;
  /** Null where the event is about nothing that was written. */
  readonly message: WrittenOnTicket | null;
}

const HYDRATE = statement<{ place: number; customerId: string } & WrittenColumns>(
  `SELECT n.place, t.customer_id AS "customerId", ${COLUMNS}
   FROM unnest($1::uuid[], $2::integer[]) WITH ORDINALITY AS n(ticket_id, seq, place)
     JOIN tickets t ON t.id = n.ticket_id
     LEFT JOIN ticket_messages m ON m.ticket_id = n.ticket_id AND m.kind = $3 AND m.seq = n.seq`,
  {
    ...{ place: integer, customerId: uuid, seq: nullable(integer), text: nullable(text) },
    ...{ isFromCustomer: nullable(boolean), clientId: nullable(uuid), senderId: nullable(uuid) },
    createdAt: nullable(instant),
  },
);

type WrittenColumns = { [Column in keyof WrittenOnTicket]: WrittenOnTicket[Column] | null };

/** Which events tell of what is written: answers belong to the history for customers, notes to that for staff and to no other. */
const WRITTEN = { answer: 'ticket.answered', note: 'ticket_staff.noted' } as const;
const HISTORY: Readonly<Record<TicketMessageKind, Aggregate<object>>> = {
  answer: TICKET,
  note: TICKET_STAFF,
};

/**
 * Adds to events of the history with answers, or of that with notes, what was written, in one query for all of them: a text that was
 * blanked meanwhile is told by no event.
 */
export async function hydrateTicketEvents(
  manager: EntityManager,
  kind: TicketMessageKind,
  events: readonly TicketEvent[],
): Promise<(HydratedTicketEvent | undefined)[]> {
  const seqs = events.map(({ type, payload }) => (type === WRITTEN[kind] ? Number(payload['seq']) : 0));
  const found = await rows(manager, HYDRATE, [events.map((event) => event.aggregateId), seqs, kind]);
  const hydrated = new Map(
    found.map(({ place, customerId, ...written }) => [
      place,
      { customerId, message: written.seq === null ? null : (written as WrittenOnTicket) },
    ]),
  );
  return events.map((_event, place) => hydrated.get(place + 1));
}

/** A part of a ticket's history, after a version. */
interface EventsPart {
  readonly ticketId: string;
  readonly after: number;
  readonly limit: number;
}

/** What somebody has missed of a ticket whose history they may read, each event with its message. */
export async function readTicketEvents(
  manager: EntityManager,
  kind: TicketMessageKind,
  { ticketId, ...part }: EventsPart,
  present: (event: TicketEvent, message: WrittenOnTicket | null) => Record<string, unknown>,
): Promise<MissedEvents> {
  const missed = await readMissedEvents(manager, HISTORY[kind], ticketId, part);
  const named = missed.events.map((event) => ({ ...event, aggregateId: ticketId }));
  const hydrated = named.length === 0 ? [] : await hydrateTicketEvents(manager, kind, named);
  const events = named.map(({ aggregateId: _aggregateId, ...event }, place) => ({
    ...event,
    payload: present(named[place]!, hydrated[place]?.message ?? null),
  }));
  return { ...missed, events };
}
