import { holdersOf, mayDo } from '../auth/holders';
import { integer, nullable, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { BoxOwner } from './notification-boxes';
import type { Telling } from './notification-rules';

/** Of the shop's people, as many hear of one event: a shop has fewer. */
const PEOPLE_AT_MOST = 200;

/** Who may work on a ticket and is not its customer. */
const AGENTS = `(
  SELECT DISTINCT holder.account_id AS account FROM ${holdersOf('ticket.work')}
    AND holder.account_id IS DISTINCT FROM (SELECT t.customer_id FROM tickets t WHERE t.id = told.subject)
  ORDER BY 1 LIMIT ${PEOPLE_AT_MOST})`;

/** Who has a ticket, unless they were blocked or work here no longer. */
const ASSIGNEE = `(
  SELECT d.assignee_id AS account FROM ticket_desks d
  WHERE d.id = told.subject AND ${mayDo('ticket.work', 'd.assignee_id')})`;

/** Each branch reads nothing unless it is the audience. Who was told as a guest is not told again as the customer that they became. */
const FIND = statement<{ place: number; accountId: string | null; orderId: string | null }>(
  `SELECT told.place, found.account AS "accountId", found."order" AS "orderId"
   FROM jsonb_to_recordset($1::jsonb) AS told(place integer, audience text, subject uuid, version integer, key text)
   CROSS JOIN LATERAL (
     SELECT told.subject AS account, NULL::uuid AS "order" WHERE told.audience = 'account'
     UNION ALL
     SELECT told.subject, NULL WHERE told.audience = 'returning' AND EXISTS (
       SELECT FROM events e WHERE e.aggregate_type = 'account' AND e.aggregate_id = told.subject
         AND e.version < told.version AND e.type = 'account.session_opened')
     UNION ALL
     SELECT CASE WHEN NOT guest.was_told THEN o.customer_id END,
       CASE WHEN guest.was_told OR o.customer_id IS NULL THEN o.id END
     FROM orders o CROSS JOIN LATERAL (
       SELECT EXISTS (SELECT FROM notifications n WHERE n.box_id = o.id AND n.dedupe_key = told.key) AS was_told) AS guest
     WHERE told.audience = 'buyer' AND o.id = told.subject
     UNION ALL
     SELECT o.customer_id, NULL FROM orders o
     WHERE told.audience IN ('order_customer', 'order_customer_of_staff') AND o.id = told.subject AND o.customer_id IS NOT NULL
       AND (told.audience = 'order_customer'
         OR EXISTS (SELECT FROM staff_actions s WHERE s.object_id = o.id AND s.action = 'order.cancel'))
     UNION ALL
     SELECT t.customer_id, NULL FROM tickets t WHERE told.audience = 'ticket_customer' AND t.id = told.subject
     UNION ALL
     SELECT assignee.account, NULL FROM ${ASSIGNEE} AS assignee WHERE told.audience = 'assignee'
     UNION ALL
     SELECT agent.account, NULL FROM ${AGENTS} AS agent
     WHERE told.audience = 'agents' OR told.audience = 'assignee' AND NOT EXISTS ${ASSIGNEE}
     UNION ALL
     SELECT colleague.account, NULL FROM (
       SELECT DISTINCT holder.account_id AS account FROM ${holdersOf('purchase_order.write')}
       ORDER BY 1 LIMIT ${PEOPLE_AT_MOST}) AS colleague
     WHERE told.audience = 'staff'
   ) AS found
   ORDER BY told.place`,
  { place: integer, accountId: nullable(uuid), orderId: nullable(uuid) },
);

/** Whom each of these concerns, by its place. One statement, whatever their number. */
export async function findPeople(
  transaction: Transaction,
  tellings: readonly Telling[],
): Promise<{ readonly place: number; readonly owner: BoxOwner }[]> {
  const asked = tellings.map(({ audience, subjectId: subject, version, dedupeKey: key }, place) => ({
    ...{ place, audience, subject, version, key },
  }));
  const found = await rows(transaction, FIND, [JSON.stringify(asked)]);
  return found.map(({ place, accountId, orderId }) => ({
    place,
    owner: accountId === null ? { orderId: orderId! } : { accountId },
  }));
}
