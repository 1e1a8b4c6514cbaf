import type { DataSource } from 'typeorm';

import { bookStock } from '../../../entities/inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { awaitStock } from '../../../entities/stock-alerts/subscribe';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';
import { rows } from '../sql';
import { buildAccount } from './accounts';

/** Units that come to the first location, or are lost there. */
export function moveStock(database: DataSource, variantId: string, delta: number): Promise<void> {
  const movement = { variantId, locationId: DEFAULT_LOCATION_ID, delta, ref: newId() };
  return withTransaction(database, async (transaction) => {
    await bookStock(transaction, {
      ...movement,
      ...(delta > 0
        ? { reason: 'received' as const }
        : { reason: 'correction' as const, cause: 'lost' as const }),
    });
  });
}

/** Customers who wait for a variant that is out of stock, in the order in which they asked. */
export async function buildWaiting(
  database: DataSource,
  variantId: string,
  count: number,
): Promise<{ accountId: string; phone: string }[]> {
  const people = [];
  for (let made = 0; made < count; made++) {
    const { id: accountId, phone } = await buildAccount(database);
    await withTransaction(database, (transaction) =>
      awaitStock(transaction, { accountId, variantId, channel: 'sms' }),
    );
    people.push({ accountId, phone });
  }
  return people;
}

/** Who was told of a variant, in no order that means anything. */
export function toldOf(
  database: DataSource,
  variantId: string,
): Promise<{ accountId: string; messageId: string; template: string; kind: string; text: string }[]> {
  return rows(
    database.manager,
    `SELECT n.account_id AS "accountId", m.id AS "messageId", m.template, m.kind, m.variables->>'name' AS text
     FROM stock_notices n JOIN stock_alerts a ON a.id = n.alert_id JOIN sms_messages m ON m.id = n.message_id
     WHERE a.variant_id = $1 ORDER BY n.created_at, m.id`,
    [variantId],
  );
}
