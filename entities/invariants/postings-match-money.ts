import { gatewayAccount, OWED_TO_BUYERS_ACCOUNT, SALES_ACCOUNT } from '../payments/ledger-entry';
import type { Invariant } from './invariant';

/** One pass over the attempts and one over the ledger, met by hash. */
export const postingsMatchMoney: Invariant = {
  invariant: 'postings-match-money',
  sentence:
    'What an attempt captured and refunded is posted once, between the accounts it belongs to, and nothing else is.',
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
};
