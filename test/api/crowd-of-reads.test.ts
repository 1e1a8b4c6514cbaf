import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { OpenedCartView } from '../../api/carts/cart.view';
import { openCatalogDatabase } from '../../api/catalog/open-catalog-databases';
import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { SEED_PRODUCTS } from '../../entities/seeds/seed-catalog';
import { newId } from '../../entities/values/uuid';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { buildRecipient } from '../support/factories/recipient';
import { PATIENCE, PATIENCE_MS } from '../support/patience';
import { lockRows } from '../support/row-lock';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';
import { openStorefront, type Storefront } from '../support/storefront';

const AT_ONCE = 2;
const CROWD = 30;

let shop: ShopDatabase;
let storefront: Storefront;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  shop = await openShopDatabase({ seeded: true, poolSize: 3 });
  closers.push(() => shop.close());
  const { database } = loadConfig(
    { database: DatabaseConfig },
    {
      DATABASE_URL: shop.url,
      DATABASE_LOCK_TIMEOUT_MS: String(PATIENCE_MS),
      DATABASE_STATEMENT_TIMEOUT_MS: String(PATIENCE_MS),
    },
  );
  const schema = { entities: SHOP_ENTITIES, migrations: MIGRATIONS };
  const catalogDatabase = await openCatalogDatabase(database, { catalogReadsAtOnce: AT_ONCE }, schema);
  closers.push(() => catalogDatabase.destroy());
  storefront = await openStorefront(shop.database, {}, { catalogDatabase });
  closers.push(() => storefront.close());
});
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});

const published = SEED_PRODUCTS.filter(({ status = 'published' }) => status === 'published');

test('a crowd of lists and products takes no more connections than it may, and keeps carts and checkouts waiting for nothing', async () => {
  const { token } = (await storefront.send<OpenedCartView>('POST', '/carts')).body;
  const recipient = { recipient: buildRecipient() };
  await storefront.send('PUT', '/carts/current/recipient', recipient, { 'X-Cart-Token': token });
  const variant = await row<{ id: string }>(
    shop.database.manager,
    `SELECT id FROM variants WHERE sku = 'MOB-GA55-256-LIL'`,
  );
  // Lists and products need this table. A cart does not.
  const lock = await lockRows(shop.database, 'LOCK TABLE product_listings IN ACCESS EXCLUSIVE MODE', []);
  const refused: { status: number; code: string; retryAfter: string | null }[] = [];
  const crowd = Array.from({ length: CROWD }, async (_, n) => {
    const { status, body, headers } = await storefront.get<{ code: string }>(
      // Each asks for something else: those who ask for the same wait for one read.
      n % 2 === 0 ? `/products?limit=${n + 1}` : `/products/${published[n]!.slug}`,
    );
    if (status !== 200) refused.push({ status, code: body.code, retryAfter: headers.get('retry-after') });
    return status;
  });

  const held = { 'X-Cart-Token': token };
  const body = { quantity: 1 };
  const changed = await storefront.send('PUT', `/carts/current/lines/${variant!.id}`, body, held);
  const read = await storefront.get('/carts/current', held);
  const ordered = await storefront.send<{ code: string }>(
    'POST',
    '/checkout',
    { expectedTotal: { amount: 1, currency: 'IRR' } },
    { ...held, 'Idempotency-Key': newId() },
  );
  const used = await row<{ connections: number }>(
    shop.database.manager,
    `SELECT count(*) AS connections FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'asoud-api-catalog'`,
  );
  // Those that find no free connection are refused while the others still wait for the lock.
  await vi.waitFor(() => expect(refused).toHaveLength(CROWD - AT_ONCE), PATIENCE);
  await lock.release();
  const statuses = await Promise.all(crowd);

  expect([changed.status, read.status]).toEqual([200, 200]);
  expect([ordered.status, ordered.body.code]).toEqual([409, 'checkout.price_changed']);
  expect(used!.connections).toBeLessThanOrEqual(AT_ONCE);
  expect(statuses.filter((status) => status === 200)).toHaveLength(AT_ONCE);
  expect(new Set(refused.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ status: 503, code: 'service.unavailable', retryAfter: '2' })]),
  );
});
