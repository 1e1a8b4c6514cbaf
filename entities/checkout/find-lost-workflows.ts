import { jsonList, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

/** How old unfinished business must be before its workflow counts as lost, in milliseconds. */
export interface LostWorkflowSearch {
  /** A callback that no capture has processed. */
  readonly callbacksOlderThanMs: number;
  /** Anything that a running workflow would have finished by now. */
  readonly overdueByMs: number;
  /** How long after its end an attempt is watched for late money. */
  readonly watchLateMs: number;
  readonly limit: number;
}

/** The count starts again after a quiet hour. */
const NOTE_WAKES = `INSERT INTO workflow_wakes AS known (order_id)
  SELECT order_id FROM due
  ON CONFLICT (order_id) DO UPDATE SET woken_at = now(),
    times = CASE WHEN known.woken_at < now() - interval '1 hour' THEN 1 ELSE known.times + 1 END
  RETURNING order_id AS "orderId"`;

const FIND_LOST = statement<{ orderId: string }>(
  `WITH unseen AS (
     SELECT c.id, p.order_id, p.status IN ('open', 'verifying') AS is_unanswered
     FROM payment_callbacks c JOIN payment_attempts p ON p.id = c.attempt_id
     WHERE c.processed_at IS NULL AND c.received_at < now() - $1 * interval '1 millisecond'
   ), answered AS (
     UPDATE payment_callbacks c SET processed_at = now() FROM unseen WHERE c.id = unseen.id AND NOT is_unanswered
   ), unfinished AS (
     SELECT order_id FROM unseen WHERE is_unanswered
     UNION
     SELECT id FROM orders
     WHERE status = 'awaiting_payment' AND payment_deadline < now() - $2 * interval '1 millisecond'
     UNION
     SELECT order_id FROM payment_attempts
     WHERE status IN ('requesting', 'verifying')
       AND coalesce(last_capture_at, created_at) < now() - $2 * interval '1 millisecond'
     UNION
     SELECT order_id FROM payment_attempts
     WHERE status IN ('open', 'refused') AND payable_until < now() - ($2 + $3) * interval '1 millisecond'
     UNION
     SELECT order_id FROM payment_attempts WHERE status = 'surplus' AND refunded < captured
   ), due AS (
     SELECT u.order_id FROM unfinished u LEFT JOIN workflow_wakes w ON w.order_id = u.order_id
     WHERE w.order_id IS NULL
       OR w.woken_at < now() - least($2 * 2 ^ least(w.times - 1, 10), 600000) * interval '1 millisecond'
     ORDER BY w.woken_at NULLS FIRST
     LIMIT $4
   )
   ${NOTE_WAKES}`,
  { orderId: uuid },
);

/** An order whose gateway reports paid attempts that the shop has not settled. */
export interface UnsettledOrder {
  readonly orderId: string;
  readonly attemptIds: string[];
}

const FIND_UNSETTLED = statement<UnsettledOrder>(
  `WITH paid AS (
     SELECT order_id, json_agg(id) AS attempts FROM payment_attempts
     WHERE gateway = $1 AND authority = ANY($2) AND status = 'open'
     GROUP BY order_id
   ), due AS (
     SELECT paid.order_id FROM paid LEFT JOIN workflow_wakes w ON w.order_id = paid.order_id
     WHERE w.order_id IS NULL OR w.woken_at < now() - interval '20 seconds'
   ), noted AS (${NOTE_WAKES})
   SELECT "orderId", attempts AS "attemptIds" FROM noted JOIN paid ON paid.order_id = noted."orderId"`,
  { orderId: uuid, attemptIds: jsonList(text) },
);

const FIND_UNKNOWN = statement<{ authority: string }>(
  `SELECT DISTINCT listed.authority FROM unnest($2::text[]) AS listed(authority)
   WHERE NOT EXISTS (
     SELECT 1 FROM payment_attempts p WHERE p.gateway = $1 AND p.authority = listed.authority)
   ORDER BY listed.authority`,
  { authority: text },
);

/**
 * Finds orders with unfinished business that a running workflow would have finished, and notes that they are about to be
 * woken. One that stays unfinished is found less and less often, at least every ten minutes. A callback that was stored just
 * when its attempt got its final answer is marked as processed here, because nothing else would mark it.
 */
export async function findLostWorkflows(
  transaction: Transaction,
  search: LostWorkflowSearch,
): Promise<string[]> {
  const found = await rows(transaction, FIND_LOST, [
    search.callbacksOlderThanMs,
    search.overdueByMs,
    search.watchLateMs,
    search.limit,
  ]);
  return found.map(({ orderId }) => orderId);
}

/** Finds open attempts by the gateway's names for them. The money of all other attempts goes back by itself. */
export async function findUnsettledAttempts(
  transaction: Transaction,
  gateway: string,
  authorities: readonly string[],
): Promise<UnsettledOrder[]> {
  return rows(transaction, FIND_UNSETTLED, [gateway, authorities]);
}

/** Finds the gateway's names of payments that no attempt has. */
export async function findUnknownAuthorities(
  transaction: Transaction,
  gateway: string,
  authorities: readonly string[],
): Promise<string[]> {
  const found = await rows(transaction, FIND_UNKNOWN, [gateway, authorities]);
  return found.map(({ authority }) => authority);
}
