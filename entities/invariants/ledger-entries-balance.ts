import { gatewayAccount, OWED_TO_BUYERS_ACCOUNT, SALES_ACCOUNT } from '../payments/ledger-entry';
import type { Invariant } from './invariant';

const isKnown = (account: string) =>
  `(${account} IN ('${SALES_ACCOUNT}', '${OWED_TO_BUYERS_ACCOUNT}') OR ${account} LIKE '${gatewayAccount('')}_%')`;

/** One pass over the ledger and one over the orders, met by hash. */
export const ledgerEntriesBalance: Invariant = {
  invariant: 'ledger-entries-balance',
  sentence:
    "Debits equal credits: every entry moves a positive amount of its order's currency between two known accounts.",
  violations: `
    SELECT e.id AS "entryId", e.posting_key AS "postingKey", e.order_id AS "orderId", e.debit_account AS "debitAccount",
      e.credit_account AS "creditAccount", e.amount, e.currency
    FROM ledger_entries e LEFT JOIN orders o ON o.id = e.order_id
    WHERE e.amount <= 0 OR e.debit_account = e.credit_account OR e.currency IS DISTINCT FROM o.currency
      OR NOT ${isKnown('e.debit_account')} OR NOT ${isKnown('e.credit_account')}`,
};
