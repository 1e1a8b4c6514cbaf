import { AppError } from '../../entities/errors';
import type { Transaction } from '../../entities/sql';
import type { Actor } from '../../entities/staff/audited';
import { readDeskTicketAs, readOwnTicket } from '../../entities/support/read-tickets';
import { TICKET_MESSAGES } from '../../entities/support/support-limits';
import { presentDeskTicket, presentTicket } from '../../entities/support/ticket.presenter';
import type { DeskTicketView, Side, TicketView } from '../../entities/support/ticket.view';
import type { RateLimit } from '../../platform/rate-limit';
import { withTransaction } from '../../platform/transaction';
import type { Caller, VerbContext } from '../registry';

/** The namespace has no guests. */
export const callerOf = ({ caller }: VerbContext): Caller => caller!;

/** Whose a ticket must be so that the caller may read it; null for anybody's. */
export const ownerOf = (context: VerbContext): string | null =>
  context.reach === 'any' ? null : callerOf(context).accountId;

/** Does something as the caller, in one transaction. */
export function asCaller<Result>(
  context: VerbContext,
  work: (transaction: Transaction, actor: Actor) => Promise<Result>,
): Promise<Result> {
  const { accountId, sessionId } = callerOf(context);
  const actor = { accountId, sessionId, requestId: context.requestId };
  return withTransaction(context.database, (transaction) => work(transaction, actor));
}

/** A ticket as its customer sees it. */
export const showTicket = async (
  { database }: VerbContext,
  ownerId: string | null,
  ticketId: string,
): Promise<TicketView> => presentTicket(await readOwnTicket(database.manager, ownerId, ticketId));

/** A ticket as staff see it, unless it is the caller's own. */
export const showDesk = async (context: VerbContext, ticketId: string): Promise<DeskTicketView> => {
  const { accountId } = callerOf(context);
  return presentDeskTicket(await readDeskTicketAs(context.database.manager, accountId, ticketId));
};

/**
 * Counts what the caller does against a further limit than that of the verb.
 *
 * @throws AppError `request.too_many`
 */
export async function limitAlso(
  context: VerbContext,
  { name, ...limit }: RateLimit & { readonly name: string },
): Promise<void> {
  const { accountId } = callerOf(context);
  const { allowed, retryAfterSeconds } = await context.rateLimiter.consume(name, accountId, limit);
  if (!allowed) throw new AppError('request.too_many', { retryAfterSeconds });
}

/** Counts what was written, with that of requests. */
export function countMessage({ metrics }: VerbContext, by: Side, isNew: boolean): void {
  metrics.counter(...TICKET_MESSAGES).inc({ by, outcome: isNew ? 'written' : 'repeated' });
}
