import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { INVARIANTS } from '../../entities/invariants/all-invariants';
import { buildOrder, type BuiltOrder } from '../support/factories/orders';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
let order: BuiltOrder;

beforeAll(async () => {
  shop = await openShopDatabase();
  order = await buildOrder(shop.database, { stage: 'paid' });
});
afterAll(() => shop.close());

/** What `npm run invariants` runs, on a database. */
const check = (databaseUrl: string) =>
  promisify(execFile)(process.execPath, [join(__dirname, '../../dist/commands/invariants.js')], {
    env: { DATABASE_URL: databaseUrl },
  }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );

test('it lists the invariants and ends with 0 when all hold', async () => {
  const { code, stdout } = await check(shop.url);

  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(INVARIANTS.length + 2);
  expect(stdout).toContain(`${INVARIANTS.length} of ${INVARIANTS.length} invariants hold`);
});

test('it names the violations and ends with 1 when an invariant is broken', async () => {
  await rows(shop.database.manager, 'UPDATE order_lines SET unit_price = 1 WHERE order_id = $1', [order.id]);

  const { code, stdout } = await check(shop.url);

  expect(code).toBe(1);
  expect(stdout).toMatch(/totals-are-sums-of-lines +BROKEN 1x/);
  expect(stdout).toContain(order.id);
  expect(stdout).toContain(`${INVARIANTS.length - 1} of ${INVARIANTS.length} invariants hold`);
});

test('it ends with 1 and the reason when there is no shop to check', async () => {
  const { code, stdout, stderr } = await check(shop.url.replace(/\/[^/]+$/, '/no_such_database'));

  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('no_such_database');
});
