import type { EntityManager } from 'typeorm';

import { integer, text, uuid } from '../row-shape';
import { row, rows, statement } from '../sql';
import { CLOSED_AFTER_MS } from './judge-ticket';

/** By then the workflow of a ticket has made a mark long ago, also when a worker was replaced. */
const OVERDUE_AFTER = `interval '5 minutes'`;

/** The instants since which something is due, of clocks that run and of tickets that were resolved, before an instant. */
const dueBefore = (instant: string) => `(
  SELECT ticket_id, due FROM (
    SELECT ticket_id, CASE
      WHEN warned_at IS NULL THEN warn_at
      WHEN breached_at IS NULL THEN due_at
      WHEN escalated_at IS NULL THEN escalate_at END AS due
    FROM sla_clocks WHERE running_since IS NOT NULL) AS running
  WHERE due < ${instant}
  UNION ALL
  SELECT id, resolved_at + ${CLOSED_AFTER_MS} * interval '1 millisecond' FROM tickets
  WHERE status <> 'closed' AND resolved_at < ${instant} - ${CLOSED_AFTER_MS} * interval '1 millisecond')`;

const OVERDUE = dueBefore(`$1::timestamptz - ${OVERDUE_AFTER}`);

/** A ticket whose workflow has not done what was due. */
export interface OverdueTicket {
  readonly id: string;
  readonly number: string;
}

const FIND = statement<OverdueTicket>(
  `SELECT t.id, t.number FROM tickets t
   WHERE t.number > $2 AND t.id IN (
     SELECT ticket_id FROM ${OVERDUE} AS overdue
     WHERE $1::timestamptz - due < interval '1 hour' OR mod(extract(epoch FROM $1::timestamptz - due), 3600) < 120)
   ORDER BY t.number LIMIT $3`,
  { id: uuid, number: text },
);

/**
 * A part of the tickets to wake now, after the one with a number: something has been due for five minutes, and nothing has been done. A
 * ticket is found at any time of the first hour, then during two minutes of each hour. What fails for days would otherwise be signalled
 * each minute, and Temporal takes a bounded number of signals for each run.
 */
export async function findOverdueTickets(
  manager: EntityManager,
  { now, after, limit }: { readonly now: Date; readonly after: string; readonly limit: number },
): Promise<OverdueTicket[]> {
  return rows(manager, FIND, [now, after, limit]);
}

const COUNT = statement<{ overdue: number }>(
  `SELECT count(DISTINCT ticket_id) AS overdue FROM ${OVERDUE} AS overdue`,
  { overdue: integer },
);

/** Of how many tickets something has been due for five minutes, however often they are woken. */
export async function countOverdueTickets(manager: EntityManager, now: Date): Promise<number> {
  return (await row(manager, COUNT, [now]))!.overdue;
}
