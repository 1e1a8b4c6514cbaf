import { text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

/** Somebody who wants to hear of offers, and the number at this instant. */
interface Person {
  readonly accountId: string;
  readonly phone: string;
}

/**
 * Whoever withdraws the consent, blocks or erases waits for this, or this for them. After the wait, who does not want the message any more
 * is not found.
 */
const LOCK = statement<Person>(
  `SELECT a.id AS "accountId", a.phone FROM accounts a JOIN profiles p ON p.account_id = a.id
   WHERE a.id = ANY ($1::uuid[]) AND a.status = 'active' AND a.phone IS NOT NULL AND p.marketing
   ORDER BY a.id FOR SHARE OF a, p`,
  { accountId: uuid, phone: text },
);

const REFUSED_BEFORE = statement<{ accountId: string }>(
  `SELECT s.account_id AS "accountId" FROM campaign_suppressions s JOIN accounts a ON a.id = s.account_id AND a.phone = s.recipient
   WHERE s.account_id = ANY ($1::uuid[])`,
  { accountId: uuid },
);

/**
 * Finds those of these accounts who want to hear of offers, and keeps them so until the end of the transaction.
 *
 * @returns them, and those among them whose number a provider has refused before
 */
export async function lockPeople(
  transaction: Transaction,
  accountIds: readonly string[],
): Promise<{ readonly people: readonly Person[]; readonly refused: ReadonlySet<string> }> {
  const people = await rows(transaction, LOCK, [accountIds]);
  const willing = people.map(({ accountId }) => accountId);
  const found = await rows(transaction, REFUSED_BEFORE, [willing]);
  return { people, refused: new Set(found.map(({ accountId }) => accountId)) };
}
