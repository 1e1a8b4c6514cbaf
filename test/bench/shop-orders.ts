import { randomUUID } from 'node:crypto';

import type { DataSource } from 'typeorm';

import { bookStockMany } from '../../entities/inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { rows } from '../../entities/sql';
import { withTransaction } from '../../platform/transaction';
import { authorityOf, Buyer, type ShelfItem } from '../support/buyer';
import type { ZarinpalControl } from '../support/zarinpal';
import { closedLoop, Stopwatch } from './closed-loop';
import type { Round } from './report';

const UNITS = 1_000_000;

/** Fills the shelves, so that no run sells out, and tells what is on them. */
export async function stockUp(database: DataSource): Promise<ShelfItem[]> {
  const items = await rows<ShelfItem>(
    database.manager,
    `SELECT v.id AS "variantId", v.sku, v.price, 0 AS available
     FROM variants v JOIN products p ON p.id = v.product_id
     WHERE v.status = 'active' AND p.status = 'published' AND v.price BETWEEN 10000 AND 900000000 ORDER BY v.sku`,
  );
  const ref = `bench-${randomUUID()}`;
  await withTransaction(database, (transaction) =>
    bookStockMany(
      transaction,
      items.map(({ variantId }) => ({
        variantId,
        locationId: DEFAULT_LOCATION_ID,
        delta: UNITS,
        reason: 'received' as const,
        ref,
      })),
    ),
  );
  return items;
}

/** A buyer whose cart holds one unit of the item. */
export interface FilledCart {
  readonly buyer: Buyer;
  readonly item: ShelfItem;
}

/** Orders, pays and returns through the public API, once per cart. */
export async function runShopOrders(
  zarinpal: ZarinpalControl,
  carts: readonly FilledCart[],
  clients: number,
): Promise<{ round: Round; orderIds: string[] }> {
  const place = new Stopwatch();
  const settle = new Stopwatch();
  const orderIds: string[] = [];
  const loop = await closedLoop(clients, carts.length, async (index) => {
    const { buyer, item } = carts[index]!;
    const placed = await place.time(() => buyer.checkout(item.price));
    if (placed.status !== 201) throw new Error(`no order: ${JSON.stringify(placed.body)}`);
    const { callbackUrl } = await zarinpal.pay(authorityOf(placed.body.payment.redirect));
    const returned = await settle.time(() => buyer.comeBack(callbackUrl));
    if (returned.body.status !== 'paid') throw new Error(`not paid: ${JSON.stringify(returned.body)}`);
    orderIds.push(placed.body.order.id);
  });
  return { round: { ...loop, place: place.latency, settle: settle.latency }, orderIds };
}

/** Fills carts through the API: what comes before a checkout and is not part of what is measured. */
export async function fillCarts(
  apiUrl: string,
  items: readonly ShelfItem[],
  count: number,
): Promise<FilledCart[]> {
  const carts: FilledCart[] = [];
  await closedLoop(4, count, async (index) => {
    const buyer = new Buyer({ url: apiUrl });
    const item = items[index % items.length]!;
    await buyer.put(item);
    carts[index] = { buyer, item };
  });
  return carts;
}
