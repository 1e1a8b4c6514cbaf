import type { EntityManager } from 'typeorm';

import { integer } from '../row-shape';
import { rows, statement } from '../sql';
import { DESK_COLUMNS, DESK_SHAPE, type DeskTicket } from './read-tickets';
import { CATEGORIES_OF, TICKET_CATEGORIES, type Team, type TicketCategory } from './ticket';
import { TICKET_PRIORITIES, type TicketPriority } from './ticket-desk';
import { TICKET_STATUSES, type TicketStatus } from './ticket-status';

/** Where a ticket is in the queue: when it is due in milliseconds, and its id. */
export interface QueuePlace {
  readonly key: number;
  readonly id: string;
}

/** A ticket in the queue. */
export interface QueuedTicket extends DeskTicket {
  readonly key: number;
}

/** The place of tickets of which no clock runs: after all others. */
const NEVER = 99_999_999_999_999;

/** All that wait are sorted: customers have at most 20 each, and each costs a look at its clocks by primary key. */
const QUEUE = statement<QueuedTicket>(
  `WITH due AS MATERIALIZED (
     SELECT t.id, coalesce(
       (SELECT floor(extract(epoch FROM min(due_at)) * 1000) FROM sla_clocks WHERE ticket_id = t.id), ${NEVER})::bigint AS key
     FROM tickets t JOIN ticket_desks d ON d.id = t.id
     WHERE t.status <> 'closed' AND t.category = ANY($1::text[]) AND t.status = ANY($2::text[])
       AND d.priority = ANY($3::text[]) AND ($4::uuid IS NULL OR d.assignee_id = $4)
       AND (NOT $5::boolean OR d.assignee_id IS NULL) AND t.customer_id <> $10
       AND (NOT $6::boolean OR EXISTS (
         SELECT FROM sla_clocks WHERE ticket_id = t.id AND breached_at IS NOT NULL AND met_at IS NULL))
   ), page AS (
     SELECT id, key FROM due WHERE (key, id) > ($7::bigint, $8::uuid) ORDER BY key, id LIMIT $9
   )
   SELECT ${DESK_COLUMNS}, page.key
   FROM page JOIN tickets t ON t.id = page.id JOIN ticket_desks d ON d.id = t.id ORDER BY page.key, page.id`,
  { ...DESK_SHAPE, key: integer },
);

/** Which part of the queue. */
export interface QueuePart {
  readonly team?: Team | undefined;
  readonly category?: TicketCategory | undefined;
  readonly status?: TicketStatus | undefined;
  readonly priority?: TicketPriority | undefined;
  /** Only those of this person. */
  readonly assigneeId?: string | undefined;
  /** Only those that nobody has taken. */
  readonly unassigned?: boolean | undefined;
  /** Only those with a clock that was breached and not met. */
  readonly breached?: boolean | undefined;
  readonly after?: QueuePlace | undefined;
  readonly limit: number;
  /** Who reads. Their own tickets are not for them. */
  readonly readerId: string;
}

const FIRST: QueuePlace = { key: -1, id: '00000000-0000-0000-0000-000000000000' };

/** The tickets that are not closed, those that are due first before the others. */
export async function readQueue(manager: EntityManager, part: QueuePart): Promise<QueuedTicket[]> {
  const { team, category, status, priority, assigneeId, after = FIRST, limit, readerId } = part;
  const ofTeam = team === undefined ? TICKET_CATEGORIES : CATEGORIES_OF[team];
  return rows(manager, QUEUE, [
    ofTeam.filter((one) => category === undefined || one === category),
    status === undefined ? TICKET_STATUSES : [status],
    priority === undefined ? TICKET_PRIORITIES : [priority],
    assigneeId ?? null,
    part.unassigned ?? false,
    part.breached ?? false,
    after.key,
    after.id,
    limit,
    readerId,
  ]);
}
