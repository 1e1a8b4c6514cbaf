import type { EntityManager } from 'typeorm';

import { assertThat } from '../errors';
import { instant, integer, json, nullable, text, uuid, type RowShape } from '../row-shape';
import { row, rows, statement } from '../sql';
import type { Ticket } from './ticket';
import type { ClockKind } from './ticket-clocks';
import type { TicketDesk } from './ticket-desk';
import type { TicketStatus } from './ticket-status';

/** A ticket as its customer sees it. */
export interface OwnTicket extends Pick<
  Ticket,
  | 'id'
  | 'number'
  | 'customerId'
  | 'category'
  | 'subject'
  | 'status'
  | 'followsId'
  | 'lastSeq'
  | 'version'
  | 'createdAt'
> {
  /** The score of the last resolution; null where there is none. */
  readonly rating: number | null;
}

const COLUMNS = `t.id, t.number, t.customer_id AS "customerId", t.category, t.subject, t.status, t.follows_id AS "followsId", t.last_seq AS "lastSeq", t.version,
  t.created_at AS "createdAt",
  (SELECT score FROM ticket_ratings r WHERE r.ticket_id = t.id AND r.resolution = t.resolutions) AS rating`;

const SHAPE: RowShape<OwnTicket> = {
  id: uuid,
  number: text,
  customerId: uuid,
  category: text,
  subject: text,
  status: text,
  followsId: nullable(uuid),
  lastSeq: integer,
  version: integer,
  createdAt: instant,
  rating: nullable(integer),
};

const OWN = statement<OwnTicket>(
  `SELECT ${COLUMNS} FROM tickets t
   WHERE t.customer_id = $1 AND ($2::text IS NULL OR t.status = $2)
     AND ($3::uuid IS NULL OR t.number < (SELECT number FROM tickets WHERE id = $3 AND customer_id = $1))
   ORDER BY t.number DESC LIMIT $4`,
  SHAPE,
);

/** Which tickets of a customer. */
export interface OwnPart {
  readonly status?: TicketStatus | undefined;
  /** Only older ones than this. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The tickets of a customer, the newest first. */
export async function readOwnTickets(
  manager: EntityManager,
  accountId: string,
  { status, before, limit }: OwnPart,
): Promise<OwnTicket[]> {
  return rows(manager, OWN, [accountId, status ?? null, before ?? null, limit]);
}

const ONE = statement<OwnTicket>(
  `SELECT ${COLUMNS} FROM tickets t WHERE t.id = $1 AND ($2::uuid IS NULL OR t.customer_id = $2)`,
  SHAPE,
);

/**
 * A ticket as its customer sees it.
 *
 * @param ownerId whose it must be; null for anybody's
 * @throws AppError `ticket.not_found`, also for the ticket of another person
 */
export async function readOwnTicket(
  manager: EntityManager,
  ownerId: string | null,
  ticketId: string,
): Promise<OwnTicket> {
  const ticket = await row(manager, ONE, [ticketId, ownerId]);
  assertThat(ticket, 'ticket.not_found');
  return ticket;
}

/** A clock as staff see it. */
export interface ShownClock {
  readonly kind: ClockKind;
  readonly round: number;
  readonly targetMinutes: number;
  /** Instants as ISO 8601. `dueAt` is null for a clock that does not run. */
  readonly dueAt: string | null;
  readonly warnedAt: string | null;
  readonly breachedAt: string | null;
  readonly escalatedAt: string | null;
  readonly metAt: string | null;
}

/** A ticket as staff see it. */
export interface DeskTicket extends OwnTicket, Pick<TicketDesk, 'priority' | 'assigneeId' | 'lastNoteSeq'> {
  /** When the first of its clocks is due; null while none runs. */
  readonly dueAt: Date | null;
  /** Of the part that only staff see. */
  readonly deskVersion: number;
  /** At most 50: those that were not met, and the last ones that were. */
  readonly clocks: readonly ShownClock[];
}

/** What a ticket shows to staff. */
export const DESK_COLUMNS = `${COLUMNS}, d.priority, d.assignee_id AS "assigneeId",
  d.last_note_seq AS "lastNoteSeq", d.version AS "deskVersion",
  (SELECT min(due_at) FROM sla_clocks WHERE ticket_id = t.id) AS "dueAt",
  (SELECT coalesce(jsonb_agg(c), '[]') FROM (
     SELECT kind, round, target_minutes AS "targetMinutes", due_at AS "dueAt", warned_at AS "warnedAt",
       breached_at AS "breachedAt", escalated_at AS "escalatedAt", met_at AS "metAt"
     FROM sla_clocks WHERE ticket_id = t.id ORDER BY (met_at IS NULL) DESC, round DESC, kind LIMIT 50) AS c) AS clocks`;

/** The shape of {@link DESK_COLUMNS}. */
export const DESK_SHAPE: RowShape<DeskTicket> = {
  ...SHAPE,
  priority: text,
  assigneeId: nullable(uuid),
  lastNoteSeq: integer,
  deskVersion: integer,
  dueAt: nullable(instant),
  clocks: json(),
};

const DESK = statement<DeskTicket>(
  `SELECT ${DESK_COLUMNS} FROM tickets t JOIN ticket_desks d ON d.id = t.id WHERE t.id = $1`,
  DESK_SHAPE,
);

/**
 * A ticket with what only staff see. For somebody who asks, use {@link readDeskTicketAs}.
 *
 * @throws AppError `ticket.not_found`
 */
export async function readDeskTicket(manager: EntityManager, ticketId: string): Promise<DeskTicket> {
  const ticket = await row(manager, DESK, [ticketId]);
  assertThat(ticket, 'ticket.not_found');
  return ticket;
}

/**
 * A ticket as this person of the staff may see it. The desk of their own ticket is closed to them: colleagues write there about them.
 *
 * @throws AppError `ticket.not_found`, `ticket.own`
 */
export async function readDeskTicketAs(
  manager: EntityManager,
  readerId: string,
  ticketId: string,
): Promise<DeskTicket> {
  const ticket = await readDeskTicket(manager, ticketId);
  assertThat(ticket.customerId !== readerId, 'ticket.own');
  return ticket;
}
