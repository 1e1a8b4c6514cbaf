import { mayDo } from '../auth/holders';
import { recordEvents } from '../events/record-events';
import { boolean, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { lockQueue, lockTicketAlone, lockTicketAsStaff, type LockedTicket } from './lock-ticket';
import { putBack } from './put-back-tickets';
import { TICKET_STAFF } from './support.events';
import { CATEGORIES_OF, TEAMS, type Team } from './ticket';
import type { TicketStatus } from './ticket-status';

/** How often the ticket that is due first may be taken by hand before the caller hears that none waits. */
const ATTEMPTS = 10;

/** In which statuses the shop has something to do on a ticket. */
const TO_DO: readonly TicketStatus[] = ['open', 'in_progress', 'pending_agent'];
const isToDo = ({ status, assigneeId }: LockedTicket) => assigneeId === null && TO_DO.includes(status);

/** How many tickets a person has to work on, as SQL. */
export const LOAD = (person: string) => `(
  SELECT count(*) FROM ticket_desks held JOIN tickets h ON h.id = held.id
  WHERE held.assignee_id = ${person} AND h.status = ANY('{${TO_DO.join(',')}}'))`;

/** Looked at before the lock: most tickets that are judged have somebody. */
const WAITS = statement<{ id: string }>(
  `SELECT t.id FROM tickets t JOIN ticket_desks d ON d.id = t.id
   WHERE t.id = $1 AND t.status = ANY('{${TO_DO.join(',')}}') AND CASE WHEN d.assignee_id IS NULL
     THEN EXISTS (SELECT FROM support_agents WHERE ready_until > now()) ELSE NOT ${mayDo('ticket.work', 'd.assignee_id')} END`,
  { id: uuid },
);

const HAS_LEFT = statement<{ hasLeft: boolean }>(`SELECT NOT ${mayDo('ticket.work', '$1')} AS "hasLeft"`, {
  hasLeft: boolean,
});

const FREEST = statement<{ accountId: string }>(
  `SELECT account_id AS "accountId" FROM (
     SELECT s.account_id, s.most, s.last_given_at, ${LOAD('s.account_id')} AS load
     FROM support_agents s JOIN tickets t ON t.id = $1 JOIN ticket_desks d ON d.id = t.id
     WHERE s.ready_until > now() AND $2 = ANY(s.teams)
       AND s.account_id <> t.customer_id AND s.account_id IS DISTINCT FROM d.passed_by AND ${mayDo('ticket.work', 's.account_id')}
   ) AS fit
   WHERE load < most ORDER BY load, last_given_at NULLS FIRST, account_id LIMIT 1`,
  { accountId: uuid },
);

const teamOf = (ticket: LockedTicket): Team =>
  TEAMS.find((team) => CATEGORIES_OF[team].includes(ticket.category))!;

/**
 * Gives a ticket that nobody has to whoever is ready for its team and has the fewest to work on; among equals to whoever got none for
 * longest. It changes nothing where nobody is ready, or somebody has the ticket. What is still with somebody who may not work on it any more goes back into the queue first.
 * Repeating it changes nothing.
 *
 * @returns who has got it, or null
 */
export async function handOutTicket(
  transaction: Transaction,
  { ticketId }: { readonly ticketId: string },
): Promise<string | null> {
  if (!(await row(transaction, WAITS, [ticketId]))) return null;
  await lockQueue(transaction);
  const ticket = await lockTicketAlone(transaction, ticketId);
  if (!ticket || !TO_DO.includes(ticket.status)) return null;
  if (ticket.assigneeId !== null) {
    const { hasLeft } = (await row(transaction, HAS_LEFT, [ticket.assigneeId]))!;
    if (!hasLeft) return null;
    await putBack(transaction, ticket);
  }
  const freest = await row(transaction, FREEST, [ticketId, teamOf(ticket)]);
  if (!freest) return null;
  await give(transaction, ticketId, { assigneeId: freest.accountId, isOwn: false });
  return freest.accountId;
}

const GIVE = statement<{ id: string }>(
  `WITH given AS (
     UPDATE ticket_desks SET assignee_id = $2, passed_by = NULL WHERE id = $1 AND assignee_id IS NULL RETURNING id
   ), noted AS (
     UPDATE support_agents SET last_given_at = clock_timestamp() WHERE account_id = $2 AND EXISTS (SELECT FROM given)
   )
   SELECT id FROM given`,
  { id: uuid },
);

async function give(
  transaction: Transaction,
  ticketId: string,
  { assigneeId, isOwn }: { readonly assigneeId: string; readonly isOwn: boolean },
): Promise<void> {
  if (!(await row(transaction, GIVE, [ticketId, assigneeId]))) return;
  const payload = { assigneeId, isOwn, isHandedOut: !isOwn };
  await recordEvents(transaction, TICKET_STAFF, ticketId, { type: 'ticket_staff.assigned', payload });
}

const NEXT = statement<{ id: string }>(
  `SELECT t.id FROM tickets t JOIN ticket_desks d ON d.id = t.id
   WHERE t.status = ANY('{${TO_DO.join(',')}}') AND d.assignee_id IS NULL AND t.category = ANY($1::text[])
     AND t.customer_id <> $2 AND ($3::boolean OR d.passed_by IS DISTINCT FROM $2)
   ORDER BY (SELECT min(due_at) FROM sla_clocks c WHERE c.ticket_id = t.id) NULLS LAST, t.number LIMIT 1`,
  { id: uuid },
);

/**
 * Gives somebody of the staff the ticket of these teams that is due first among those that nobody has.
 *
 * @returns which; null where there is none
 * @throws AppError `auth.session_over`
 */
export async function takeNextTicket(
  transaction: Transaction,
  actor: Actor,
  { teams }: { readonly teams: readonly Team[] },
): Promise<string | null> {
  await lockQueue(transaction);
  return takeFirst(transaction, actor, { teams, isOwn: true });
}

/** Who takes, and how. */
interface Taking {
  readonly teams: readonly Team[];
  /** Whether they ask for this one now: then they need not be told, and get also what they have put back. */
  readonly isOwn: boolean;
}

/** Gives somebody the ticket that is due first. It comes after the lock of the queue. */
export async function takeFirst(
  transaction: Transaction,
  actor: Actor,
  { teams, isOwn }: Taking,
): Promise<string | null> {
  const categories = teams.flatMap((team) => CATEGORIES_OF[team]);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const next = await row(transaction, NEXT, [categories, actor.accountId, isOwn]);
    if (!next) return null;
    const ticket = await lockTicketAsStaff(transaction, actor.accountId, next.id);
    // Somebody has taken or resolved it by hand meanwhile.
    if (!isToDo(ticket)) continue;
    await give(transaction, next.id, { assigneeId: actor.accountId, isOwn });
    await audited(transaction, actor, {
      action: 'ticket.work',
      object: { type: 'ticket', id: next.id },
      details: { did: 'take' },
    });
    return next.id;
  }
  return null;
}
