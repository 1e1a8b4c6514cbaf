import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { INVARIANTS } from '../../entities/invariants/all-invariants';
import { buildCaller } from '../support/factories/callers';
import { buildOrder, type BuiltOrder } from '../support/factories/orders';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

/** The violation of an order whose lines do not add up to its total. */
const BROKEN = {
  invariant: 'totals-are-sums-of-lines',
  count: 1,
  rows: [{ orderId: expect.any(String), total: 500_000, sumOfLines: 2 }],
};

let shop: ShopDatabase;
let api: ApiUnderTest;
let order: BuiltOrder;
let staff: string;

beforeAll(async () => {
  shop = await openShopDatabase();
  api = await openApiUnderTest({
    neighbours: { database: shop.database },
  });
  const database = shop.database;
  staff = (await buildCaller({ database, ...api }, { roles: ['staff'] })).headers.authorization;
  order = await buildOrder(shop.database, { stage: 'paid' });
});
afterAll(async () => {
  await api.close();
  await shop.close();
});

/** Runs the work while the lines of an order do not add up to its total. */
async function whileBroken<Result>(work: () => Promise<Result>): Promise<Result> {
  const price = (value: number) =>
    rows(shop.database.manager, 'UPDATE order_lines SET unit_price = $2 WHERE order_id = $1', [
      order.id,
      value,
    ]);
  await price(1);
  try {
    return await work();
  } finally {
    await price(order.lines[0]!.variant.price);
  }
}

describe('GET /api/v1/operations/invariants', () => {
  const ask = async (authorization?: string) => {
    const response = await fetch(`${api.url}/api/v1/operations/invariants`, {
      headers: authorization ? { Authorization: authorization } : {},
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test('reports a healthy shop as healthy', async () => {
    expect(await ask(staff)).toEqual({
      status: 200,
      body: { healthy: true, checkedAt: expect.any(String), invariants: INVARIANTS.length, violations: [] },
    });
  });

  test('names the violated invariant and the rows that violate it', async () => {
    const { status, body } = await whileBroken(() => ask(staff));

    expect(status).toBe(200);
    expect(body).toMatchObject({ healthy: false, violations: [{ ...BROKEN, sentence: expect.any(String) }] });
  });

  test('answers only to staff', async () => {
    expect(await ask()).toMatchObject({ status: 401, body: { code: 'access.token_missing' } });
    expect(await ask('Bearer something-else')).toMatchObject({
      status: 401,
      body: { code: 'access.token_invalid' },
    });
    const customer = await buildCaller({ database: shop.database, ...api });
    expect(await ask(customer.headers.authorization)).toMatchObject({
      status: 403,
      body: { code: 'access.forbidden' },
    });
  });
});
