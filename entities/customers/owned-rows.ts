import { array, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { Owner } from './personal-data';

/** What the rows of a person are found by. */
export type OwnedIds = Readonly<Record<Owner, readonly string[]>>;

/**
 * A number counts for its person from the first code for signing in, which comes before the account, until it was changed: a
 * number that somebody gave up belongs to somebody else later. What a guest's order told its recipient counts for who has joined it.
 */
const READ = statement<Omit<Record<Owner, string[]>, 'account'>>(
  `WITH account AS (SELECT id, phone, created_at - interval '1 hour' AS since FROM accounts WHERE id = $1),
     held AS (
       SELECT phone, since, 'infinity'::timestamptz AS until FROM account
       UNION ALL
       SELECT n.old_phone, a.since, n.ended_at
       FROM number_changes n JOIN account a ON a.id = n.account_id WHERE n.status = 'changed'
     ), codes AS (
       SELECT v.id FROM held JOIN verifications v
         ON v.phone = held.phone AND v.created_at BETWEEN held.since AND held.until
       UNION SELECT verification_id FROM sessions WHERE account_id = $1
       UNION SELECT unnest(ARRAY[new_verification_id, old_verification_id]) FROM number_changes WHERE account_id = $1
     )
   SELECT ARRAY(SELECT id FROM carts WHERE customer_id = $1) AS cart,
     ARRAY(SELECT id FROM orders WHERE customer_id = $1) AS "order",
     ARRAY(SELECT id FROM tickets WHERE customer_id = $1) AS ticket,
     ARRAY(SELECT id FROM factors WHERE account_id = $1) AS factor,
     ARRAY(SELECT id FROM codes WHERE id IS NOT NULL) AS verification,
     ARRAY(
       SELECT m.id FROM held JOIN sms_messages m
         ON m.recipient = held.phone AND m.created_at BETWEEN held.since AND held.until
       UNION SELECT m.id FROM codes JOIN sms_messages m ON m.verification_id = codes.id
       UNION SELECT d.message_id FROM orders o JOIN notification_deliveries d ON d.box_id = o.id
       WHERE o.customer_id = $1 AND d.message_id IS NOT NULL
     ) AS message,
     ARRAY(
       SELECT id FROM notification_boxes WHERE account_id = $1
       UNION SELECT b.id FROM orders o JOIN notification_boxes b ON b.id = o.id WHERE o.customer_id = $1
     ) AS box`,
  {
    cart: array(uuid),
    order: array(uuid),
    ticket: array(uuid),
    factor: array(uuid),
    verification: array(uuid),
    message: array(uuid),
    box: array(uuid),
  },
);

/** The ids by which the rows of a person are found. */
export async function readOwnedIds(transaction: Transaction, accountId: string): Promise<OwnedIds> {
  return { account: [accountId], ...(await row(transaction, READ, [accountId]))! };
}
