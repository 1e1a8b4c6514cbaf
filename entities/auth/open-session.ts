import { AppError } from '../errors';
import { recordEvents } from '../events/record-events';
import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { newId } from '../values/uuid';
import { ACCOUNT } from './auth.events';
import { lockAccount } from './lock-account';
import type { SessionKind } from './session';

/** A further device ends the session of the one that signed in first. */
export const DEVICES_AT_MOST = 10;

const DAY = 86_400;

/** How long sessions live without a refresh, and at the longest, in seconds (ASVS 5.0 7.1.1 wants it written down). */
export const SESSION_LIVES: Readonly<Record<SessionKind, { readonly idle: number; readonly most: number }>> =
  {
    customer: { idle: 30 * DAY, most: 180 * DAY },
    staff: { idle: 30 * 60, most: 12 * 60 * 60 },
  };

export type OpenSession = SessionOf & Proof;

/** What opens a session beside the code: nothing a customer's, the second factor one of staff. */
type Proof =
  | { readonly kind: 'customer'; readonly factorId?: undefined }
  | { readonly kind: 'staff'; readonly factorId: string };

interface SessionOf {
  readonly accountId: string;
  readonly verificationId: string;
  readonly deviceLabel: string;
  readonly clientKey: string;
}

const END_OLDEST = statement<{ id: string }>(
  `UPDATE sessions SET ended_at = now(), end_reason = 'replaced'
   WHERE id IN (
     SELECT id FROM sessions WHERE account_id = $1 AND ended_at IS NULL
     ORDER BY idle_until > now() DESC, signed_in_at DESC, id DESC OFFSET $2 - 1)
   RETURNING id`,
  { id: uuid },
);

const INSERT = statement<{ id: string }>(
  `INSERT INTO sessions (id, account_id, verification_id, kind, idle_until, ends_at, device_label, client_key, factor_id)
   VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second', now() + $6 * interval '1 second', $7, $8, $9)
   RETURNING id`,
  { id: uuid },
);

/**
 * Signs a device in, with generation 1. Where the account has too many devices, those that have idled too long are signed
 * out, then those that signed in first.
 *
 * @throws AppError `auth.account_blocked`
 */
export async function openSession(
  transaction: Transaction,
  { accountId, verificationId, kind, factorId, deviceLabel, clientKey }: OpenSession,
): Promise<{ readonly sessionId: string; readonly generation: number }> {
  const account = await lockAccount(transaction, accountId);
  if (account?.status !== 'active') throw new AppError('auth.account_blocked');
  const replaced = await rows(transaction, END_OLDEST, [accountId, DEVICES_AT_MOST]);
  const sessionId = newId();
  const { idle, most } = SESSION_LIVES[kind];
  await rows(transaction, INSERT, [
    sessionId,
    accountId,
    verificationId,
    kind,
    idle,
    most,
    deviceLabel,
    clientKey,
    factorId ?? null,
  ]);
  await recordEvents(
    transaction,
    ACCOUNT,
    accountId,
    ...replaced.map(({ id }) => ({
      type: 'account.session_ended' as const,
      payload: { sessionId: id, reason: 'replaced' as const },
    })),
    { type: 'account.session_opened', payload: { sessionId } },
  );
  return { sessionId, generation: 1 };
}
