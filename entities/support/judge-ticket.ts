import { instant, nullable } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { lockTicketAlone } from './lock-ticket';
import { moveTicket } from './move-ticket';
import { turnClocks } from './turn-clocks';

/** A resolved ticket that its customer leaves alone is closed after so many days. */
export const CLOSED_AFTER_MS = 7 * 86_400_000;

/** Clocks are looked at so often even if nothing is due: a corrected calendar may have moved their deadlines. */
const LOOK_AGAIN_MS = 86_400_000;

/** What a ticket waits for. */
export interface TicketJudgement {
  /** In how many milliseconds to look again; null when only an event can change anything. */
  readonly lookAgainInMs: number | null;
}

const RESOLVED = statement<{ resolvedAt: Date | null }>(
  'SELECT resolved_at AS "resolvedAt" FROM tickets WHERE id = $1',
  { resolvedAt: nullable(instant) },
);

/**
 * Marks what has become true of a ticket by now: clocks that warn, that are breached, whose breach is escalated, and a resolution
 * that nobody objects to. Repeating it changes nothing.
 *
 * @param clock is read once the ticket is locked: what changed it meanwhile comes before
 */
export async function judgeTicket(
  transaction: Transaction,
  { ticketId, clock }: { readonly ticketId: string; readonly clock: () => Date },
): Promise<TicketJudgement> {
  const ticket = await lockTicketAlone(transaction, ticketId);
  if (!ticket || ticket.status === 'closed') return { lookAgainInMs: null };
  const now = clock();
  const { resolvedAt } = (await row(transaction, RESOLVED, [ticketId]))!;
  if (resolvedAt !== null && resolvedAt.getTime() + CLOSED_AFTER_MS <= now.getTime()) {
    const { turn } = await moveTicket(transaction, ticket, { to: 'closed', now });
    await turnClocks(transaction, ticket, now, turn);
    return { lookAgainInMs: null };
  }
  const clocks = await turnClocks(transaction, ticket, now);
  const instants = clocks.flatMap((clock) => {
    if (clock.runningSince === null) return [];
    const { warnedAt, warnAt, breachedAt, dueAt, escalatedAt, escalateAt } = clock;
    const next = [
      warnedAt === null ? warnAt : null,
      breachedAt === null ? dueAt : null,
      breachedAt !== null && escalatedAt === null ? escalateAt : null,
      new Date(now.getTime() + LOOK_AGAIN_MS),
    ];
    return next.filter((at) => at !== null).map((at) => at.getTime());
  });
  if (resolvedAt !== null) instants.push(resolvedAt.getTime() + CLOSED_AFTER_MS);
  return { lookAgainInMs: instants.length > 0 ? Math.max(Math.min(...instants) - now.getTime(), 0) : null };
}
