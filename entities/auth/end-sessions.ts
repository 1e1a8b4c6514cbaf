import { recordEvents } from '../events/record-events';
import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { ACCOUNT } from './auth.events';
import { lockAccount } from './lock-account';
import type { SessionEnd } from './session';

export interface EndSessions {
  readonly accountId: string;
  readonly reason: SessionEnd;
  /** This one only; all of the account without it. */
  readonly sessionId?: string;
  /** All but this one. */
  readonly except?: string;
}

const END = statement<{ id: string }>(
  `UPDATE sessions SET ended_at = now(), end_reason = $2
   WHERE account_id = $1 AND ended_at IS NULL AND ($3::uuid IS NULL OR id = $3) AND ($4::uuid IS NULL OR id <> $4)
   RETURNING id`,
  { id: uuid },
);

/** Ends sessions of an account that have not ended. Returns how many; another account's session is none. */
export async function endSessions(
  transaction: Transaction,
  { accountId, reason, sessionId, except }: EndSessions,
): Promise<number> {
  // No session escapes that opens meanwhile.
  await lockAccount(transaction, accountId);
  const ended = await rows(transaction, END, [accountId, reason, sessionId ?? null, except ?? null]);
  if (ended.length > 0) {
    await recordEvents(
      transaction,
      ACCOUNT,
      accountId,
      ...ended.map(({ id }) => ({
        type: 'account.session_ended' as const,
        payload: { sessionId: id, reason },
      })),
    );
  }
  return ended.length;
}
