import { integer, nullable, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import { tellingsOf, type Audience, type NotableEvent } from './notification-rules';
import { notify, type Created, type Wanted } from './notify';

/** Of the shop's people, as many hear of one event: a shop has fewer. */
const PEOPLE_AT_MOST = 200;

/** As many as one transaction tells. It holds their accounts for that long: 500 people take 0.3 to 0.5 s on two busy cores. */
const TOLD_AT_ONCE = 500;

const MANY: readonly Audience[] = ['agents', 'assignee', 'staff'];

/** Cuts events, in their order, into parts that one transaction can tell. */
export function inParts<Event extends NotableEvent>(events: readonly Event[]): Event[][] {
  const parts: Event[][] = [[]];
  let told = 0;
  for (const event of events) {
    const people = tellingsOf(event).reduce(
      (sum, { audience }) => sum + (MANY.includes(audience) ? PEOPLE_AT_MOST : 1),
      0,
    );
    if (told > 0 && told + people > TOLD_AT_ONCE) {
      parts.push([]);
      told = 0;
    }
    parts.at(-1)!.push(event);
    told += people;
  }
  return parts;
}

const withRole = (roles: string) =>
  `(SELECT DISTINCT r.account_id AS account, NULL::uuid AS "order" FROM account_roles r WHERE r.role IN (${roles})
    ORDER BY 1 LIMIT ${PEOPLE_AT_MOST})`;

/** Each branch reads nothing unless it is the audience. Who was told as a guest is not told again as the customer that they became. */
const FIND = statement<{ place: number; accountId: string | null; orderId: string | null }>(
  `SELECT told.place, found.account AS "accountId", found."order" AS "orderId"
   FROM jsonb_to_recordset($1::jsonb) AS told(place integer, audience text, subject uuid, key text) CROSS JOIN LATERAL (
     SELECT told.subject AS account, NULL::uuid AS "order" WHERE told.audience = 'account'
     UNION ALL
     SELECT told.subject, NULL WHERE told.audience = 'returning'
       AND EXISTS (SELECT FROM sessions s WHERE s.account_id = told.subject OFFSET 1)
     UNION ALL
     SELECT CASE WHEN NOT guest.was_told THEN o.customer_id END,
       CASE WHEN guest.was_told OR o.customer_id IS NULL THEN o.id END
     FROM orders o CROSS JOIN LATERAL (
       SELECT EXISTS (SELECT FROM notifications n WHERE n.box_id = o.id AND n.dedupe_key = told.key) AS was_told) AS guest
     WHERE told.audience = 'buyer' AND o.id = told.subject
     UNION ALL
     SELECT t.customer_id, NULL FROM tickets t WHERE told.audience = 'ticket_customer' AND t.id = told.subject
     UNION ALL
     SELECT d.assignee_id, NULL FROM ticket_desks d
     WHERE told.audience = 'assignee' AND d.id = told.subject AND d.assignee_id IS NOT NULL
     UNION ALL
     SELECT agent.account, NULL FROM ${withRole("'support', 'staff', 'admin'")} AS agent
     WHERE told.audience = 'agents' OR told.audience = 'assignee'
       AND NOT EXISTS (SELECT FROM ticket_desks d WHERE d.id = told.subject AND d.assignee_id IS NOT NULL)
     UNION ALL
     SELECT colleague.account, NULL FROM ${withRole("'staff', 'admin'")} AS colleague WHERE told.audience = 'staff'
   ) AS found
   ORDER BY told.place`,
  { place: integer, accountId: nullable(uuid), orderId: nullable(uuid) },
);

/**
 * Makes notifications of events of the journal: the rules say which event concerns whom, one statement finds these people for the
 * whole batch, and whoever heard already hears nothing. Returns what is new.
 */
export async function noteEvents(
  transaction: Transaction,
  events: readonly NotableEvent[],
): Promise<Created[]> {
  const tellings = events.flatMap(tellingsOf);
  if (tellings.length === 0) return [];
  const asked = tellings.map(({ audience, subjectId: subject, dedupeKey: key }, place) => ({
    ...{ place, audience, subject, key },
  }));
  const found = await rows(transaction, FIND, [JSON.stringify(asked)]);
  const wanted = found.map(({ place, accountId, orderId }): Wanted => {
    const { kind, dedupeKey, data, at } = tellings[place]!;
    return { owner: accountId === null ? { orderId: orderId! } : { accountId }, kind, dedupeKey, data, at };
  });
  return notify(transaction, wanted);
}
