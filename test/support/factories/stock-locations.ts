import { randomUUID } from 'node:crypto';

import type { DataSource } from 'typeorm';

import { bookStock } from '../../../entities/inventory/book-stock';
import { StockLocation, type LocationKind } from '../../../entities/inventory/stock-location';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';

let made = 0;

/** A further location. It sells, after the first one, unless the request says otherwise. */
export async function buildLocation(
  database: DataSource,
  request: { priority?: number; sells?: boolean; kind?: LocationKind } = {},
): Promise<string> {
  made += 1;
  const id = newId();
  const { priority = 200 + made, sells = true, kind = 'warehouse' } = request;
  await database.manager.insert(StockLocation, {
    ...{ id, code: `place-${made}-${id.slice(-6)}`, title: `انبار ${made}` },
    ...{ priority, sells, kind },
  });
  return id;
}

/** Units of a variant that arrive at a location. */
export async function receive(
  database: DataSource,
  variantId: string,
  locationId: string,
  units: number,
): Promise<void> {
  await withTransaction(database, (transaction) =>
    bookStock(transaction, { variantId, locationId, delta: units, reason: 'received', ref: randomUUID() }),
  );
}
