import type { Invariant } from '../invariant';
import { ATTEMPT_TRANSITIONS } from './attempt-status';
import { gatewayAccount, OWED_TO_BUYERS_ACCOUNT, SALES_ACCOUNT } from './ledger-entry';

const known = Object.keys(ATTEMPT_TRANSITIONS).map((status) => `'${status}'`);

const isKnown = (account: string) =>
  `(${account} IN ('${SALES_ACCOUNT}', '${OWED_TO_BUYERS_ACCOUNT}') OR ${account} LIKE '${gatewayAccount('')}_%')`;

/** What holds at every instant for attempts and the ledger. */
export const PAYMENT_INVARIANTS: readonly Invariant[] = [
  // One pass over the attempts.
  {
    invariant: 'attempts-move-along-their-table',
    sentence:
      'An attempt has what its status needs: an authority once it was open, a capture round once it was verifying.',
    violations: `
      SELECT id AS "attemptId", order_id AS "orderId", status, authority, capture_round AS "captureRound"
      FROM payment_attempts
      WHERE status NOT IN (${known.join(', ')})
        OR (status = 'requesting' AND (authority IS NOT NULL OR capture_round > 0))
        OR (gateway <> 'none' AND status NOT IN ('requesting', 'closed') AND authority IS NULL)
        OR (gateway <> 'none' AND status IN ('verifying', 'settled') AND capture_round = 0)`,
  },
  // The unique partial index that says the same.
  {
    invariant: 'one-capture-at-a-time',
    sentence: 'At most one attempt of an order is verifying or settled.',
    violations: `
      SELECT order_id AS "orderId", count(*) AS attempts
      FROM payment_attempts WHERE status IN ('verifying', 'settled') GROUP BY order_id HAVING count(*) > 1`,
  },
  // One pass over the attempts.
  {
    invariant: 'captures-cover-refunds',
    sentence:
      'The captured sum is the amount of a settled or surplus attempt, and covers its finished and pending refunds.',
    violations: `
      SELECT id AS "attemptId", order_id AS "orderId", status, amount, captured, refunded, refund_pending AS "refundPending"
      FROM payment_attempts
      WHERE captured <> CASE WHEN status IN ('settled', 'surplus') THEN amount ELSE 0 END
        OR refunded < 0 OR refund_pending < 0 OR captured < refunded + refund_pending`,
  },
  // One pass over the unique index that says the same.
  {
    invariant: 'receipts-are-used-once',
    sentence: "A gateway's receipt, like its authority, belongs to one attempt.",
    violations: `
      SELECT gateway, ref_id AS "refId", NULL AS authority, count(*) AS attempts
      FROM payment_attempts WHERE ref_id IS NOT NULL GROUP BY gateway, ref_id HAVING count(*) > 1
      UNION ALL
      SELECT gateway, NULL, authority, count(*)
      FROM payment_attempts WHERE authority IS NOT NULL GROUP BY gateway, authority HAVING count(*) > 1`,
  },
  // One pass over the attempts and one over the ledger, joined by hash.
  {
    invariant: 'postings-match-money',
    sentence:
      'Every capture and refund is posted once, between the right accounts, and nothing else is posted.',
    violations: `
      WITH due AS (
        SELECT 'capture:' || id AS posting_key, order_id, currency, '${gatewayAccount('')}' || gateway AS debit_account,
          CASE status WHEN 'settled' THEN '${SALES_ACCOUNT}' ELSE '${OWED_TO_BUYERS_ACCOUNT}' END AS credit_account,
          captured::numeric AS amount
        FROM payment_attempts WHERE captured <> 0
        UNION ALL
        SELECT 'refund:' || id, order_id, currency, '${OWED_TO_BUYERS_ACCOUNT}', '${gatewayAccount('')}' || gateway, refunded
        FROM payment_attempts WHERE refunded <> 0
      ), posted AS (
        SELECT posting_key, order_id, currency, debit_account, credit_account, sum(amount) AS amount
        FROM ledger_entries GROUP BY posting_key, order_id, currency, debit_account, credit_account
      )
      SELECT posting_key AS "postingKey", order_id AS "orderId", debit_account AS "debitAccount",
        credit_account AS "creditAccount", coalesce(due.amount, 0) AS due, coalesce(posted.amount, 0) AS posted
      FROM due FULL JOIN posted USING (posting_key, order_id, currency, debit_account, credit_account)
      WHERE coalesce(due.amount, 0) <> coalesce(posted.amount, 0)`,
  },
  // One pass over the attempts and one over the ledger; each leaves only the few rows about surplus.
  {
    invariant: 'surplus-is-owed-until-refunded',
    sentence: 'The ledger owes the buyers exactly what surplus attempts captured and have not refunded.',
    violations: `
      SELECT order_id AS "orderId", coalesce(s.owed, 0) AS owed, coalesce(l.owed, 0) AS "owedInLedger"
      FROM (
        SELECT order_id, sum(captured - refunded) AS owed
        FROM payment_attempts WHERE status = 'surplus' GROUP BY order_id
      ) AS s FULL JOIN (
        SELECT order_id, sum(CASE credit_account WHEN '${OWED_TO_BUYERS_ACCOUNT}' THEN amount ELSE -amount END) AS owed
        FROM ledger_entries WHERE '${OWED_TO_BUYERS_ACCOUNT}' IN (debit_account, credit_account) GROUP BY order_id
      ) AS l USING (order_id)
      WHERE coalesce(s.owed, 0) <> coalesce(l.owed, 0)`,
  },
  // One pass over the ledger and one over the orders, joined by hash.
  {
    invariant: 'ledger-entries-balance',
    sentence:
      "Debits equal credits: every entry moves a positive amount of its order's currency between two known accounts.",
    violations: `
      SELECT e.id AS "entryId", e.posting_key AS "postingKey", e.order_id AS "orderId", e.debit_account AS "debitAccount",
        e.credit_account AS "creditAccount", e.amount, e.currency
      FROM ledger_entries e LEFT JOIN orders o ON o.id = e.order_id
      WHERE e.amount <= 0 OR e.debit_account = e.credit_account OR e.currency IS DISTINCT FROM o.currency
        OR NOT ${isKnown('e.debit_account')} OR NOT ${isKnown('e.credit_account')}`,
  },
];
