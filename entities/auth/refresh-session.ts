import { recordEvents } from '../events/record-events';
import { integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { ACCOUNT } from './auth.events';
import { SESSION_LIVES } from './open-session';
import type { SessionKind } from './session';

/** A refresh token that its signature says is ours. */
export interface RefreshSession {
  readonly sessionId: string;
  readonly generation: number;
}

/**
 * What a refresh token is worth. `rotated`: the newest one, replaced now. `repeated`: the one before it, whose answer may have got
 * lost, or which several tabs have shown at once: its child is given again. `reused`: an older one, so somebody else has a
 * copy, and the session has ended. `over`: the session has ended before, or the token is not of this session.
 */
export type RefreshVerdict = 'rotated' | 'repeated' | 'reused' | 'over';

export type RefreshedSession =
  | {
      readonly verdict: 'rotated' | 'repeated';
      readonly accountId: string;
      readonly generation: number;
      readonly kind: SessionKind;
    }
  | { readonly verdict: 'reused' | 'over' };

/** For so long tabs may show the same token although its child has been seen, in seconds. */
const TABS_SECONDS = 30;

/** Account before session, as everywhere. */
const REFRESH = statement<{
  verdict: Exclude<RefreshVerdict, 'over'>;
  generation: number;
  accountId: string;
  kind: SessionKind;
}>(
  `WITH account AS (
     SELECT id FROM accounts WHERE id = (SELECT account_id FROM sessions WHERE id = $1) AND status = 'active'
     FOR NO KEY UPDATE
   ), judged AS (
     SELECT s.id, CASE WHEN $2 = s.generation THEN 'rotated'
         WHEN $2 = s.generation - 1
           AND (s.confirmed < s.generation OR s.rotated_at > now() - $3 * interval '1 second') THEN 'repeated'
         ELSE 'reused' END AS verdict
     FROM sessions s JOIN account ON account.id = s.account_id
     WHERE s.id = $1 AND s.ended_at IS NULL AND s.idle_until > now() AND $2 <= s.generation
     FOR NO KEY UPDATE OF s
   )
   UPDATE sessions s SET
     generation = s.generation + (verdict = 'rotated')::int,
     confirmed = CASE WHEN verdict = 'rotated' THEN s.generation ELSE s.confirmed END,
     rotated_at = CASE WHEN verdict = 'rotated' THEN clock_timestamp() ELSE s.rotated_at END,
     idle_until = CASE WHEN verdict = 'reused' THEN s.idle_until
       ELSE least(now() + CASE s.kind WHEN 'staff' THEN $5::int ELSE $4::int END * interval '1 second', s.ends_at) END,
     ended_at = CASE WHEN verdict = 'reused' THEN now() END,
     end_reason = CASE WHEN verdict = 'reused' THEN 'reuse' END
   FROM judged WHERE s.id = judged.id
   RETURNING verdict, s.generation, s.account_id AS "accountId", s.kind`,
  { verdict: text, generation: integer, accountId: uuid, kind: text },
);

/**
 * Exchanges a refresh token for its child. A token that a lost answer has replaced is good until its child is shown. An older
 * one ends the session, which is returned, so that it is committed.
 */
export async function refreshSession(
  transaction: Transaction,
  { sessionId, generation }: RefreshSession,
): Promise<RefreshedSession> {
  const refreshed = await row(transaction, REFRESH, [
    sessionId,
    generation,
    TABS_SECONDS,
    SESSION_LIVES.customer.idle,
    SESSION_LIVES.staff.idle,
  ]);
  if (!refreshed) return { verdict: 'over' };
  const { verdict, accountId, generation: child, kind } = refreshed;
  if (verdict !== 'reused') return { verdict, accountId, generation: child, kind };
  await recordEvents(transaction, ACCOUNT, accountId, {
    type: 'account.session_ended',
    payload: { sessionId, reason: 'reuse' },
  });
  return { verdict };
}

const CONFIRM = statement(
  'UPDATE sessions SET confirmed = $2 WHERE id = $1 AND confirmed < $2 AND $2 <= generation AND ended_at IS NULL',
);

/** The owner has shown an access token of this generation, so its refresh token has arrived as well. */
export async function confirmGeneration(
  transaction: Transaction,
  { sessionId, generation }: RefreshSession,
): Promise<void> {
  await rows(transaction, CONFIRM, [sessionId, generation]);
}
