import { AppError } from '../errors';
import { boolean, instant, integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { LOAD, takeFirst } from './hand-out-tickets';
import { lockQueue } from './lock-ticket';
import type { SupportAgent } from './support-agent';

/** How long somebody is ready after they last said so, in seconds. */
const READY_SECONDS = 90;

/** Against an erasure, which removes what the next statement writes. */
const LOCK_READY = statement<{ id: string }>(
  `SELECT id FROM accounts WHERE id = $1 AND status = 'active' FOR KEY SHARE`,
  { id: uuid },
);

const READY = statement<{ load: number; readyUntil: Date; hasBegun: boolean }>(
  `WITH before AS (
     SELECT FROM support_agents WHERE account_id = $1 AND ready_until > now() AND teams = $2::varchar[] AND most = $3::integer
   )
   INSERT INTO support_agents (account_id, teams, most, ready_until)
   VALUES ($1, $2, $3, now() + ${READY_SECONDS} * interval '1 second')
   ON CONFLICT (account_id) DO UPDATE SET teams = excluded.teams, most = excluded.most, ready_until = excluded.ready_until
   RETURNING ${LOAD('$1')} AS load, ready_until AS "readyUntil", NOT EXISTS (SELECT FROM before) AS "hasBegun"`,
  { load: integer, readyUntil: instant, hasBegun: boolean },
);

/** For whose tickets somebody is ready. */
export type Readiness = Pick<SupportAgent, 'teams' | 'most'>;

/** Until when somebody is ready, and which ticket they have got by saying so; null for none. */
export interface Ready {
  readonly ticketId: string | null;
  readonly readyUntil: Date;
}

/**
 * Somebody of the staff is ready for tickets for the next {@link READY_SECONDS}, whether a socket of theirs is open or not. They get one
 * that waits, unless they have enough. The record says when they became ready and for what, not each time that they say it again.
 *
 * @throws AppError `auth.session_over`
 */
export async function sayReady(
  transaction: Transaction,
  actor: Actor,
  { teams: wanted, most }: Readiness,
): Promise<Ready> {
  await lockQueue(transaction);
  if (!(await row(transaction, LOCK_READY, [actor.accountId]))) throw new AppError('auth.session_over');
  const teams = wanted.toSorted();
  const { load, readyUntil, hasBegun } = (await row(transaction, READY, [actor.accountId, teams, most]))!;
  const ticketId = load < most ? await takeFirst(transaction, actor, { teams, isOwn: false }) : null;
  if (hasBegun) await record(transaction, actor, { did: 'ready', teams: teams.join(' '), most });
  return { ticketId, readyUntil };
}

const AWAY = statement<{ wasReady: boolean }>(
  'DELETE FROM support_agents WHERE account_id = $1 RETURNING ready_until > now() AS "wasReady"',
  { wasReady: boolean },
);

/**
 * Somebody says that they are ready no longer. What they have stays theirs.
 *
 * @throws AppError `auth.session_over`
 */
export async function sayAway(transaction: Transaction, actor: Actor): Promise<void> {
  const ended = await row(transaction, AWAY, [actor.accountId]);
  if (ended?.wasReady) await record(transaction, actor, { did: 'away' });
}

/** Somebody has gone without a word. */
export async function endReadiness(
  transaction: Transaction,
  { accountId }: Pick<Actor, 'accountId'>,
): Promise<void> {
  await rows(transaction, AWAY, [accountId]);
}

async function record(
  transaction: Transaction,
  actor: Actor,
  details: Readonly<Record<string, string | number>>,
): Promise<void> {
  const object = { type: 'account', id: actor.accountId } as const;
  await audited(transaction, actor, { action: 'ticket.work', object, details });
}
