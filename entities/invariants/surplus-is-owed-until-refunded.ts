import { OWED_TO_BUYERS_ACCOUNT } from '../payments/ledger-entry';
import type { Invariant } from './invariant';

/** One pass over the attempts and one over the ledger; both leave only the few rows that have to do with surplus. */
export const surplusIsOwedUntilRefunded: Invariant = {
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
};
