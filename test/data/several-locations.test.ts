import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { beginCapture } from '../../entities/checkout/begin-capture';
import { closeOrder } from '../../entities/checkout/close-order';
import { DEFAULT_LOCATION_ID, StockLocation } from '../../entities/inventory/stock-location';
import { withTransaction } from '../../platform/transaction';
import { buildOrder, type BuiltOrder } from '../support/factories/orders';
import { buildLocation, receive } from '../support/factories/stock-locations';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { codeOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
let second: string;
let third: string;
beforeAll(async () => {
  shop = await openShopDatabase();
  second = await buildLocation(shop.database, { priority: 110 });
  third = await buildLocation(shop.database, { priority: 120 });
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

/** A variant with these units at the first, second and third location. */
async function buildSpread(...[first = 0, ...others]: number[]): Promise<StockedVariant> {
  const variant = await buildStockedVariant(shop.database, { stock: first });
  for (const [place, units] of others.entries()) {
    if (units > 0) await receive(shop.database, variant.id, [second, third][place]!, units);
  }
  return variant;
}
const order = (lines: readonly [StockedVariant, number][], stage: 'open' | 'expired' = 'open') =>
  buildOrder(shop.database, { stage, lines: lines.map(([variant, quantity]) => ({ variant, quantity })) });
const holdsOf = ({ id }: BuiltOrder) =>
  rows<{ place: string; quantity: number }>(
    shop.database.manager,
    `SELECT CASE location_id WHEN $2 THEN 'first' WHEN $3 THEN 'second' ELSE 'third' END AS place, quantity
     FROM reservations WHERE order_id = $1 AND state = 'held' ORDER BY 1, 2`,
    [id, DEFAULT_LOCATION_ID, second],
  );
const eventsOf = (type: string, id: string) =>
  rows<{ type: string; payload: object }>(
    shop.database.manager,
    'SELECT type, payload FROM events WHERE aggregate_type = $1 AND aggregate_id = $2 ORDER BY version',
    [type, id],
  );
const sell = (id: string, sells: boolean) => shop.database.manager.update(StockLocation, { id }, { sells });

describe('an order', () => {
  test('comes whole from the first location that has all of it', async () => {
    const [one, other] = [await buildSpread(5, 5), await buildSpread(0, 5)];
    const placed = await order([
      [one, 2],
      [other, 3],
    ]);
    expect(await holdsOf(placed)).toEqual([
      { place: 'second', quantity: 2 },
      { place: 'second', quantity: 3 },
    ]);
  });

  test('is split by priority when no location has all of it', async () => {
    const variant = await buildSpread(2, 2, 5);
    expect(await holdsOf(await order([[variant, 6]]))).toEqual([
      { place: 'first', quantity: 2 },
      { place: 'second', quantity: 2 },
      { place: 'third', quantity: 2 },
    ]);
  });

  test('is refused, with what is missing, when all locations together have too little', async () => {
    const variant = await buildSpread(2, 2, 1);
    expect(await codeOf(order([[variant, 6]]))).toBe('checkout.out_of_stock');
  });

  test('takes nothing from a location that does not sell', async () => {
    const quarantine = await buildLocation(shop.database, { sells: false, kind: 'quarantine' });
    const variant = await buildSpread(1);
    await receive(shop.database, variant.id, quarantine, 50);
    expect(await codeOf(order([[variant, 2]]))).toBe('checkout.out_of_stock');
  });

  test('that was split gives all back when it expires after a location closed', async () => {
    const variant = await buildSpread(1, 1);
    const placed = await order([[variant, 2]]);
    await sell(second, false);
    try {
      await shop.run((transaction) =>
        closeOrder(transaction, { orderId: placed.id, placeKey: `place:${placed.id}`, as: 'expired' }),
      );
      const levels = await rows(
        shop.database.manager,
        'SELECT reserved FROM stock_levels WHERE variant_id = $1',
        [variant.id],
      );
      expect(levels).toEqual([{ reserved: 0 }, { reserved: 0 }]);
    } finally {
      await sell(second, true);
    }
  });

  test('is reopened from another location when only that one still has the goods', async () => {
    const variant = await buildSpread(2);
    const expired = await order([[variant, 2]], 'expired');
    await order([[variant, 2]]);
    await receive(shop.database, variant.id, third, 2);

    const start = await shop.run((transaction) =>
      beginCapture(transaction, { orderId: expired.id, attemptId: expired.attemptId, moneyIsThere: true }),
    );

    expect(start.begun).toMatchObject({ captureRound: 1 });
    expect(await holdsOf(expired)).toEqual([{ place: 'third', quantity: 2 }]);
  });

  test.each([
    ['one location', [20]],
    ['three locations', [7, 7, 6]],
  ])('of 200 buyers for 20 units at %s, 32 at a time, is placed 20 times', async (_where, units) => {
    const variant = await buildSpread(...units);
    if (units.length === 1) await Promise.all([sell(second, false), sell(third, false)]);
    let next = 0;
    let placed = 0;
    const buyer = async () => {
      while (next < 200) {
        next += 1;
        await order([[variant, 1]]).then(
          () => (placed += 1),
          (error: { code?: string }) => expect(error.code).toBe('checkout.out_of_stock'),
        );
      }
    };
    await Promise.all(Array.from({ length: 32 }, buyer));
    expect(placed).toBe(20);
    await Promise.all([sell(second, true), sell(third, true)]);
  });

  test('of crossed goods at crossed locations never deadlocks', async () => {
    const goods = [await buildSpread(9, 0, 9), await buildSpread(0, 9, 9), await buildSpread(9, 9, 0)];
    const orders = Array.from({ length: 24 }, (_unused, index) => {
      const turned = [...goods.slice(index % 3), ...goods.slice(0, index % 3)];
      return order(turned.map((variant) => [variant, (index % 2) + 1]));
    });
    const outcomes = await Promise.allSettled(orders);
    const reasons = outcomes.flatMap((it) => (it.status === 'rejected' ? [it.reason.code] : []));
    expect(new Set(reasons)).toEqual(new Set(['checkout.out_of_stock']));
  });

  test('may not hold more of a variant, with the other open orders of its buyer, than one buyer may', async () => {
    const variant = await buildSpread(9);
    const placing = { clientKey: 'one client', heldUnitsPerClient: 3 };
    await buildOrder(shop.database, { stage: 'open', lines: [{ variant, quantity: 2 }], placing });
    const further = buildOrder(shop.database, { stage: 'open', lines: [{ variant, quantity: 2 }], placing });
    expect(await refusalOf(further)).toMatchObject({
      code: 'checkout.held_limit',
      details: { limit: 3, lines: [{ variantId: variant.id }] },
    });
    await buildOrder(shop.database, { stage: 'open', lines: [{ variant, quantity: 1 }], placing });
  });
});

describe('the units that the public is told of', () => {
  test('change with an event when the free units of all locations together fall below twenty, not before', async () => {
    const variant = await buildSpread(12, 12);
    await order([[variant, 3]]);
    expect(await eventsOf('availability', variant.id)).toMatchObject([
      { payload: { productId: variant.productId, was: 0, available: 12 } },
      { payload: { was: 12, available: 20 } },
    ]);
    await order([[variant, 4]]);
    expect((await eventsOf('availability', variant.id)).at(-1)).toEqual({
      type: 'availability.changed',
      payload: { productId: variant.productId, was: 20, available: 17 },
    });
  });

  test('follow a location that stops selling', async () => {
    const variant = await buildSpread(0, 4);
    await sell(second, false);
    await sell(second, true);
    expect((await eventsOf('availability', variant.id)).slice(1)).toMatchObject([
      { payload: { was: 4, available: 0 } },
      { payload: { was: 0, available: 4 } },
    ]);
  });
});

describe('a level that falls to its reorder point', () => {
  const pay = (variant: StockedVariant, quantity: number) =>
    buildOrder(shop.database, { stage: 'paid', lines: [{ variant, quantity }] });
  const pointOf = (variant: StockedVariant, point: number, shared: boolean) =>
    rows(
      shop.database.manager,
      'UPDATE stock_levels SET reorder_point = $2, reorder_shared = $3 WHERE variant_id = $1',
      [variant.id, point, shared],
    );
  const lowOf = (variant: StockedVariant) =>
    rows<{ payload: object }>(
      shop.database.manager,
      `SELECT payload FROM events WHERE type = 'stock.low' AND payload ->> 'variantId' = $1 ORDER BY id`,
      [variant.id],
    );

  test('says so once, when the goods are paid, not when they are held', async () => {
    const variant = await buildSpread(6);
    await pointOf(variant, 4, false);
    await order([[variant, 3]]);
    expect(await lowOf(variant)).toEqual([]);
    await pay(variant, 2);
    await pay(variant, 1);
    expect(await lowOf(variant)).toMatchObject([{ payload: { onHand: 4, reorderPoint: 4 } }]);
  });

  test('counts all selling locations where the point is theirs together', async () => {
    const variant = await buildSpread(3, 3);
    await pointOf(variant, 4, true);
    await pay(variant, 1);
    expect(await lowOf(variant)).toEqual([]);
    await pay(variant, 1);
    expect(await lowOf(variant)).toMatchObject([{ payload: { onHand: 4 } }]);
  });

  test('says nothing when the change is rolled back', async () => {
    const variant = await buildSpread(6);
    await pointOf(variant, 5, false);
    await withTransaction(shop.database, async (transaction) => {
      await rows(transaction, 'UPDATE stock_levels SET on_hand = 2 WHERE variant_id = $1', [variant.id]);
      throw new Error('no');
    }).catch(() => undefined);
    expect(await lowOf(variant)).toEqual([]);
  });
});
