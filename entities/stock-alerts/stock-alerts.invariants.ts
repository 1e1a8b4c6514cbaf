import type { Invariant } from '../invariant';

/** What holds at every instant for alerts of stock. */
export const STOCK_ALERT_INVARIANTS: readonly Invariant[] = [
  // As many rows as people wait, with an index for each join.
  {
    invariant: 'subscriptions-can-be-answered',
    sentence: 'Whoever waits for stock has an active account, and the variant is still sold.',
    violations: `
      SELECT s.id AS "subscriptionId", s.variant_id AS "variantId", a.status AS "accountStatus"
      FROM stock_subscriptions s JOIN accounts a ON a.id = s.account_id LEFT JOIN variants v ON v.id = s.variant_id
      WHERE a.status <> 'active' OR v.status <> 'active'`,
  },
  {
    invariant: 'customers-hear-of-returns-only',
    sentence: 'A customer is told only of stock that is back.',
    violations: `
      SELECT n.alert_id AS "alertId", n.message_id AS "messageId", a.kind
      FROM stock_notices n JOIN stock_alerts a ON a.id = n.alert_id
      WHERE n.audience = 'customer' AND a.kind <> 'back'`,
  },
];
