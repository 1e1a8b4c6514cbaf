import type { EntityManager } from 'typeorm';

import { integer, text, uuid } from '../row-shape';
import { row, rows, statement } from '../sql';
import { CLOSED_AFTER_MS } from './judge-ticket';

/** By then the workflow of a ticket has made a mark long ago, also when a worker was replaced. */
const OVERDUE_AFTER_MS = 5 * 60_000;

/** Tickets whose next mark was due before `$1`, or that were resolved before `$2`: by the indexes of clocks that run and of tickets. */
const OVERDUE = `FROM tickets t
  WHERE t.id IN (
    SELECT ticket_id FROM sla_clocks WHERE running_since IS NOT NULL AND CASE
      WHEN warned_at IS NULL THEN warn_at
      WHEN breached_at IS NULL THEN due_at
      WHEN escalated_at IS NULL THEN escalate_at END < $1
    UNION SELECT id FROM tickets WHERE status <> 'closed' AND resolved_at < $2)`;

const since = (now: Date) =>
  [OVERDUE_AFTER_MS, OVERDUE_AFTER_MS + CLOSED_AFTER_MS].map((ms) => new Date(now.getTime() - ms));

/** A ticket whose workflow has not done what was due. */
export interface OverdueTicket {
  readonly id: string;
  readonly number: string;
}

const FIND = statement<OverdueTicket>(
  `SELECT t.id, t.number ${OVERDUE} AND t.number > $3 ORDER BY t.number LIMIT $4`,
  { id: uuid, number: text },
);

/** A part of the tickets whose next mark has been due for five minutes, after the one with a number. A look makes them others. */
export async function findOverdueTickets(
  manager: EntityManager,
  { now, after, limit }: { readonly now: Date; readonly after: string; readonly limit: number },
): Promise<OverdueTicket[]> {
  return rows(manager, FIND, [...since(now), after, limit]);
}

const COUNT = statement<{ overdue: number }>(`SELECT count(*) AS overdue ${OVERDUE}`, { overdue: integer });

/** How many tickets {@link findOverdueTickets} finds in all. */
export async function countOverdueTickets(manager: EntityManager, now: Date): Promise<number> {
  return (await row(manager, COUNT, since(now)))!.overdue;
}
