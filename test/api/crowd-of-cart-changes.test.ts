import { afterAll, beforeAll, expect, test } from 'vitest';

import type { CartView, OpenedCartView } from '../../api/carts/cart.view';
import { cartIdOf } from '../../entities/carts/cart-token';
import { buildProduct } from '../support/factories/catalog';
import { lockRows, untilItWaits } from '../support/row-lock';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';
import { openStorefront, type Storefront } from '../support/storefront';

/** One for the lock of the test, one for what waits for it, one for everything else. */
const CONNECTIONS = 3;
const CROWD = 20;

let shop: ShopDatabase;
let storefront: Storefront;

beforeAll(async () => {
  shop = await openShopDatabase({ poolSize: CONNECTIONS });
  storefront = await openStorefront(shop.database);
});
afterAll(async () => {
  await storefront.close();
  await shop.close();
});

const openCart = async () => (await storefront.send<OpenedCartView>('POST', '/carts')).body.token;

test('changes of one cart that wait for it hold one connection together, and delay no other cart', async () => {
  const [variant] = (await buildProduct(shop.database)).variants;
  const put = (token: string, quantity: number) =>
    storefront.send<CartView>(
      'PUT',
      `/carts/current/lines/${variant!.id}`,
      { quantity },
      { 'X-Cart-Token': token },
    );
  const [busy, other] = [await openCart(), await openCart()];
  await put(busy, 1);
  const lock = await lockRows(shop.database, 'SELECT 1 FROM carts WHERE id = $1 FOR UPDATE', [
    cartIdOf(busy),
  ]);

  const crowd = Array.from({ length: CROWD }, (_, n) => put(busy, 1 + (n % 2)));
  await untilItWaits(shop.database, 'shop-test');
  const elsewhere = await put(other, 1);
  const waiting = await row<{ connections: number }>(
    shop.database.manager,
    `SELECT count(*) AS connections FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  await lock.release();
  const answers = await Promise.all(crowd);

  expect(elsewhere.status).toBe(200);
  expect(waiting!.connections).toBe(1);
  expect(answers[0]!.status).toBe(200);
  // On a slow machine some have waited too long by now.
  for (const { status } of answers) expect([200, 503]).toContain(status);
});
