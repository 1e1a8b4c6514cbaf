import { recordEvents } from '../events/record-events';
import { boolean, text, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { newId } from '../values/uuid';
import type { AccountStatus } from './account';
import { ACCOUNT } from './auth.events';

/** The update changes nothing. It locks the row and returns it, where `DO NOTHING` would return none. */
const FIND_OR_CREATE = statement<{ id: string; status: AccountStatus; isNew: boolean }>(
  `INSERT INTO accounts (id, phone) VALUES ($1, $2)
   ON CONFLICT ON CONSTRAINT uq_accounts_phone DO UPDATE SET phone = excluded.phone
   RETURNING id, status, id = $1 AS "isNew"`,
  { id: uuid, status: text, isNew: boolean },
);

/** The account of a number that its person has proved to have. The first proof creates it. */
export async function findOrCreateAccount(
  transaction: Transaction,
  phone: string,
): Promise<{ readonly accountId: string; readonly status: AccountStatus }> {
  const { id, status, isNew } = (await row(transaction, FIND_OR_CREATE, [newId(), phone]))!;
  if (isNew) await recordEvents(transaction, ACCOUNT, id, { type: 'account.created', payload: {} });
  return { accountId: id, status };
}
