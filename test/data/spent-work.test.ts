import { afterAll, beforeAll, expect, test } from 'vitest';

import { spendWork } from '../../entities/auth/spend-work';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(() => shop.close());

const soon = () => new Date(Date.now() + 60_000);
const spend = (nonce: string, expiresAt = soon()) =>
  shop.run((transaction) => spendWork(transaction, { nonce, expiresAt }));

test('a proof of work that twenty show at once counts once', async () => {
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => spend('one')));
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  expect(await spend('one')).toBe(false);
});

test('each use removes up to ten that have expired', async () => {
  await rows(
    shop.database.manager,
    "INSERT INTO spent_work SELECT 'old ' || n, now() - interval '1 minute' FROM generate_series(1, 25) AS n",
  );
  const left = async () =>
    (await rows(shop.database.manager, 'SELECT 1 FROM spent_work WHERE expires_at < now()')).length;

  const seen = [];
  for (const nonce of ['a', 'b', 'c']) {
    await spend(nonce);
    seen.push(await left());
  }

  expect(seen).toEqual([15, 5, 0]);
  expect(await spend('a')).toBe(false);
});
