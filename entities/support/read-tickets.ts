import type { EntityManager } from 'typeorm';

import { assertThat } from '../errors';
import { instant, integer, json, nullable, text, uuid, boolean, type RowShape } from '../row-shape';
import { row, rows, statement } from '../sql';
import { CATEGORIES_OF, TICKET_CATEGORIES, type Team, type Ticket } from './ticket';
import type { ClockKind } from './ticket-clocks';
import type { TicketDesk } from './ticket-desk';
import type { TicketMessage, TicketMessageKind } from './ticket-message';

/** A ticket as its customer sees it. */
export interface OwnTicket extends Pick<
  Ticket,
  'id' | 'number' | 'category' | 'subject' | 'status' | 'followsId' | 'lastSeq' | 'version' | 'createdAt'
> {
  /** The score of the last resolution; null where there is none. */
  readonly rating: number | null;
}

const COLUMNS = `t.id, t.number, t.category, t.subject, t.status, t.follows_id AS "followsId", t.last_seq AS "lastSeq", t.version,
  t.created_at AS "createdAt",
  (SELECT score FROM ticket_ratings r WHERE r.ticket_id = t.id AND r.resolution = t.resolutions) AS rating`;

const SHAPE: RowShape<OwnTicket> = {
  id: uuid,
  number: text,
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
  `SELECT ${COLUMNS} FROM tickets t WHERE t.customer_id = $1 AND t.number < $2 ORDER BY t.number DESC LIMIT $3`,
  SHAPE,
);

/** After every number in the order of texts. */
const END = 'TL';

/** The tickets of a customer before a number, the newest first. */
export async function readOwnTickets(
  manager: EntityManager,
  accountId: string,
  { before = END, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<OwnTicket[]> {
  return rows(manager, OWN, [accountId, before, limit]);
}

const ONE = statement<OwnTicket>(
  `SELECT ${COLUMNS} FROM tickets t WHERE t.id = $1 AND t.customer_id = $2`,
  SHAPE,
);

/** @throws AppError `ticket.not_found`, also for the ticket of another person */
export async function readOwnTicket(
  manager: EntityManager,
  accountId: string,
  ticketId: string,
): Promise<OwnTicket> {
  const ticket = await row(manager, ONE, [ticketId, accountId]);
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
export interface DeskTicket
  extends OwnTicket, Pick<Ticket, 'customerId'>, Pick<TicketDesk, 'priority' | 'assigneeId' | 'lastNoteSeq'> {
  /** Of the part that only staff see. */
  readonly deskVersion: number;
  /** At most 50: those that were not met, and the last ones that were. */
  readonly clocks: readonly ShownClock[];
}

const DESK_COLUMNS = `${COLUMNS}, t.customer_id AS "customerId", d.priority, d.assignee_id AS "assigneeId",
  d.last_note_seq AS "lastNoteSeq", d.version AS "deskVersion",
  (SELECT coalesce(jsonb_agg(c), '[]') FROM (
     SELECT kind, round, target_minutes AS "targetMinutes", due_at AS "dueAt", warned_at AS "warnedAt",
       breached_at AS "breachedAt", escalated_at AS "escalatedAt", met_at AS "metAt"
     FROM sla_clocks WHERE ticket_id = t.id ORDER BY (met_at IS NULL) DESC, round DESC, kind LIMIT 50) AS c) AS clocks`;

const DESK_SHAPE: RowShape<DeskTicket> = {
  ...SHAPE,
  customerId: uuid,
  priority: text,
  assigneeId: nullable(uuid),
  lastNoteSeq: integer,
  deskVersion: integer,
  clocks: json(),
};

const QUEUE = statement<DeskTicket>(
  `SELECT ${DESK_COLUMNS} FROM tickets t JOIN ticket_desks d ON d.id = t.id
   WHERE t.status <> 'closed' AND t.number > $1 AND t.category = ANY($2::text[])
     AND ($3::uuid IS NULL OR d.assignee_id = $3) AND (NOT $4::boolean OR d.assignee_id IS NULL)
   ORDER BY t.number LIMIT $5`,
  DESK_SHAPE,
);

/** Which part of the queue. */
export interface QueuePart {
  readonly team?: Team | undefined;
  /** Only those of this person. */
  readonly assigneeId?: string | undefined;
  /** Only those that nobody has taken. */
  readonly isUnassigned: boolean;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The tickets that are not closed after a number, the oldest first. */
export async function readQueue(
  manager: EntityManager,
  { team, assigneeId, isUnassigned, after = '', limit }: QueuePart,
): Promise<DeskTicket[]> {
  const categories = team === undefined ? TICKET_CATEGORIES : CATEGORIES_OF[team];
  return rows(manager, QUEUE, [after, categories, assigneeId ?? null, isUnassigned, limit]);
}

const DESK = statement<DeskTicket>(
  `SELECT ${DESK_COLUMNS} FROM tickets t JOIN ticket_desks d ON d.id = t.id WHERE t.id = $1`,
  DESK_SHAPE,
);

/** @throws AppError `ticket.not_found` */
export async function readDeskTicket(manager: EntityManager, ticketId: string): Promise<DeskTicket> {
  const ticket = await row(manager, DESK, [ticketId]);
  assertThat(ticket, 'ticket.not_found');
  return ticket;
}

/** What somebody has written on a ticket, as its row says now. */
export type ShownMessage = Pick<TicketMessage, 'seq' | 'text' | 'isFromCustomer' | 'clientId' | 'createdAt'>;

const MESSAGES = statement<ShownMessage>(
  `SELECT seq, text, is_from_customer AS "isFromCustomer", client_id AS "clientId", created_at AS "createdAt"
   FROM ticket_messages WHERE ticket_id = $1 AND kind = $2 AND seq > $3 ORDER BY seq LIMIT $4`,
  { seq: integer, text, isFromCustomer: boolean, clientId: uuid, createdAt: instant },
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
): Promise<ShownMessage[]> {
  return rows(manager, MESSAGES, [ticketId, kind, after, limit]);
}
