import { recordEvents } from '../events/record-events';
import { uuid, boolean } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { ORDER } from './orders.events';

/** At most so many orders join at once. */
export const ORDERS_JOINED_AT_MOST = 20;

const LOCK_ACCOUNT = statement<{ id: string }>(
  `SELECT id FROM accounts WHERE id = $1 AND status = 'active' FOR KEY SHARE`,
  { id: uuid },
);

/** Orders in the order of their ids, so that two customers who hold the same tokens wait for each other. */
const LOCK_ORDERS = statement<{ id: string; isTheirs: boolean }>(
  `SELECT id, customer_id IS NOT NULL AS "isTheirs" FROM orders
   WHERE id = ANY($2::uuid[]) AND (customer_id IS NULL OR customer_id = $1) ORDER BY id FOR NO KEY UPDATE`,
  { id: uuid, isTheirs: boolean },
);

const JOIN = statement('UPDATE orders SET customer_id = $1 WHERE id = ANY($2::uuid[])');

/** Orders whose tokens a customer has shown. */
export interface JoinOrders {
  readonly accountId: string;
  readonly orderIds: readonly string[];
}

/**
 * Gives orders of guests to a customer, and records it. Orders of another customer, and orders that do not exist, stay out.
 *
 * @returns the orders that are the customer's now, also those that were before
 */
export async function joinOrders(
  transaction: Transaction,
  { accountId, orderIds }: JoinOrders,
): Promise<string[]> {
  if (!(await row(transaction, LOCK_ACCOUNT, [accountId]))) return [];
  const found = await rows(transaction, LOCK_ORDERS, [accountId, orderIds]);
  const joining = found.filter(({ isTheirs }) => !isTheirs).map(({ id }) => id);
  if (joining.length > 0) await rows(transaction, JOIN, [accountId, joining]);
  for (const id of joining) await recordEvents(transaction, ORDER, id, { type: 'order.joined', payload: {} });
  return found.map(({ id }) => id);
}
