import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Transaction } from '../../entities/sql';
import { withSnapshot } from '../../platform/snapshot';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(() => shop.close());

test('a snapshot refuses to write, and releases its connection', async () => {
  const writing = withSnapshot(shop.database, { statementTimeoutMs: 10_000 }, (snapshot: Transaction) =>
    rows(snapshot, 'UPDATE orders SET version = version'),
  );
  await expect(writing).rejects.toMatchObject({ driverError: { code: '25006' } });

  const [open] = await rows<{ count: number }>(
    shop.database.manager,
    `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`,
  );
  expect(open).toEqual({ count: 0 });
});

test('a statement that takes too long is cancelled', async () => {
  const slow = withSnapshot(shop.database, { statementTimeoutMs: 50 }, (snapshot: Transaction) =>
    rows(snapshot, 'SELECT pg_sleep(10)'),
  );
  await expect(slow).rejects.toMatchObject({ driverError: { code: '57014' } });
});
