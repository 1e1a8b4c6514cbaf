import type { Action } from '../auth/policy';
import { AppError } from '../errors';
import { uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { ActedOn } from './staff-action';

/** Somebody of the staff, in a session and a request. */
export interface Actor {
  readonly accountId: string;
  readonly sessionId: string;
  readonly requestId: string;
}

/** What somebody does, by ids and reasons: nothing personal. */
export interface AuditedAction {
  readonly action: Action;
  readonly object: { readonly type: ActedOn; readonly id: string | null };
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Losing a role, a block and a lost factor end sessions. The lock makes them wait for this change, or this one see the end. */
const RECORD = statement<{ sessionId: string }>(
  `WITH alive AS (
     SELECT id, account_id FROM sessions WHERE id = $2 AND account_id = $1 AND ended_at IS NULL FOR SHARE
   )
   INSERT INTO staff_actions (account_id, session_id, action, object_type, object_id, details, request_id)
   SELECT account_id, id, $3, $4, $5, $6, $7 FROM alive
   RETURNING session_id AS "sessionId"`,
  { sessionId: uuid },
);

/**
 * Records what somebody of the staff does, in the transaction of the change: there is no change without its record, and no record
 * of a change that was rolled back. It comes after the locks of the change.
 *
 * @throws AppError `auth.session_over` for somebody whose session has ended since the request came, say because a role was taken
 */
export async function audited(
  transaction: Transaction,
  { accountId, sessionId, requestId }: Actor,
  { action, object, details = {} }: AuditedAction,
): Promise<void> {
  const recorded = await row(transaction, RECORD, [
    accountId,
    sessionId,
    action,
    object.type,
    object.id,
    JSON.stringify(details),
    requestId,
  ]);
  if (!recorded) throw new AppError('auth.session_over');
}
