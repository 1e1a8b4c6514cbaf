import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { bookStock, bookStockMany, type StockBooking } from '../../entities/inventory/book-stock';
import { commitStock } from '../../entities/inventory/commit-stock';
import { holdAgain } from '../../entities/inventory/hold-again';
import { releaseStock } from '../../entities/inventory/release-stock';
import { reserveStock } from '../../entities/inventory/reserve-stock';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { newId } from '../../entities/values/uuid';
import { buildOrder } from '../support/factories/orders';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { guardOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const booking = (variant: StockedVariant, overrides: Partial<StockBooking> = {}): StockBooking => ({
  variantId: variant.id,
  locationId: DEFAULT_LOCATION_ID,
  delta: 5,
  reason: 'received',
  ref: newId(),
  ...overrides,
});
const book = (...bookings: StockBooking[]) => shop.run((transaction) => bookStockMany(transaction, bookings));

const movementsOf = (variant: StockedVariant) =>
  rows(
    shop.database.manager,
    `SELECT seq, delta, on_hand_after AS after, reason FROM stock_movements WHERE variant_id = $1 ORDER BY seq`,
    [variant.id],
  );
const levelOf = async (variant: StockedVariant) => {
  const [level] = await rows(
    shop.database.manager,
    'SELECT on_hand AS "onHand", reserved, movement_seq AS seq FROM stock_levels WHERE variant_id = $1',
    [variant.id],
  );
  return level;
};

describe('booking stock', () => {
  test('of a new variant begins its level at zero', async () => {
    const variant = await buildStockedVariant(shop.database, { stock: 0 });
    expect(await shop.run((transaction) => bookStock(transaction, booking(variant)))).toBe(true);
    expect(await levelOf(variant)).toEqual({ onHand: 5, reserved: 0, seq: 1 });
  });

  test('numbers the movements and stores the balance with each', async () => {
    const variant = await buildStockedVariant(shop.database);
    await book(booking(variant));
    await book(booking(variant, { delta: -3, reason: 'correction', cause: 'lost' }));

    expect(await movementsOf(variant)).toEqual([
      { seq: 1, delta: 10, after: 10, reason: 'initial' },
      { seq: 2, delta: 5, after: 15, reason: 'received' },
      { seq: 3, delta: -3, after: 12, reason: 'correction' },
    ]);
  });

  test('of many variants, and of one variant many times, is one booking', async () => {
    const one = await buildStockedVariant(shop.database);
    const other = await buildStockedVariant(shop.database, { stock: 0 });

    expect(
      await book(
        booking(one, { ref: 'a' }),
        booking(other, { ref: 'a' }),
        booking(one, { ref: 'b', delta: -2 }),
        booking(one, { ref: 'c', delta: 1 }),
      ),
    ).toBe(4);

    expect((await movementsOf(one)).slice(1)).toMatchObject([
      { seq: 2, delta: 5, after: 15 },
      { seq: 3, delta: -2, after: 13 },
      { seq: 4, delta: 1, after: 14 },
    ]);
    expect(await levelOf(one)).toEqual({ onHand: 14, reserved: 0, seq: 4 });
  });

  test('for a repeated act happens once, while the other acts of the call are booked', async () => {
    const variant = await buildStockedVariant(shop.database);
    const delivery = booking(variant);

    expect(await book(delivery)).toBe(1);
    expect(await book(delivery, booking(variant))).toBe(1);

    expect(await levelOf(variant)).toEqual({ onHand: 20, reserved: 0, seq: 3 });
  });

  test('for one act by twenty at once happens once', async () => {
    const variant = await buildStockedVariant(shop.database);
    const delivery = booking(variant);
    const booked = await Promise.all(Array.from({ length: 20 }, () => book(delivery)));
    expect(booked.reduce((sum, count) => sum + count)).toBe(1);
  });

  test('by twenty at once with the same goods in different orders loses none and never deadlocks', async () => {
    const goods: StockedVariant[] = [];
    for (let count = 0; count < 5; count++) goods.push(await buildStockedVariant(shop.database));
    await Promise.all(
      Array.from({ length: 20 }, (_unused, index) =>
        book(
          ...(index % 2 === 0 ? goods : goods.toReversed()).map((variant) => booking(variant, { delta: 1 })),
        ),
      ),
    );
    for (const variant of goods) expect(await levelOf(variant)).toEqual({ onHand: 30, reserved: 0, seq: 21 });
  });

  test('of nothing is nothing', async () => {
    expect(await book()).toBe(0);
  });

  test('of an act twice in one call is refused, because one of the two must be a mistake', async () => {
    const variant = await buildStockedVariant(shop.database);
    const delivery = booking(variant);
    expect(await guardOf(book(delivery, delivery))).toBe('uq_stock_movements_act');
  });

  test('below the reserved stock is refused', async () => {
    const order = await buildOrder(shop.database);
    const { variant } = order.lines[0]!;
    expect(await guardOf(book(booking(variant, { delta: -9, reason: 'correction', cause: 'lost' })))).toBe(
      'ck_stock_levels_reserved',
    );
    expect(await book(booking(variant, { delta: -8, reason: 'correction', cause: 'lost' }))).toBe(1);
  });
});

describe('reserving stock', () => {
  test('names the missing variants in the order of the request', async () => {
    const enough = await buildStockedVariant(shop.database, { stock: 3 });
    const short = await buildStockedVariant(shop.database, { stock: 2 });
    const unknown = newId();
    const missing = shop.run(async (transaction) => {
      const { missing: found } = await reserveStock(
        transaction,
        [DEFAULT_LOCATION_ID],
        [
          { variantId: unknown, quantity: 1 },
          { variantId: enough.id, quantity: 3 },
          { variantId: short.id, quantity: 3 },
        ],
      );
      throw new Error(JSON.stringify(found));
    });
    await expect(missing).rejects.toThrow(JSON.stringify([unknown, short.id]));
  });

  test('by many at once with the same goods in different orders never deadlocks', async () => {
    const goods: StockedVariant[] = [];
    for (let count = 0; count < 8; count++)
      goods.push(await buildStockedVariant(shop.database, { stock: 50 }));
    let runs = 0;
    const reserve = (wanted: readonly StockedVariant[]) =>
      shop.run(async (transaction) => {
        runs += 1;
        const lines = wanted.map(({ id }) => ({ variantId: id, quantity: 1 }));
        expect((await reserveStock(transaction, [DEFAULT_LOCATION_ID], lines)).missing).toBeUndefined();
        throw new Error('enough');
      });

    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_unused, index) => reserve(index % 2 === 0 ? goods : goods.toReversed())),
    );

    expect(outcomes).toEqual(outcomes.map(() => ({ status: 'rejected', reason: new Error('enough') })));
    expect(runs).toBe(60);
  });
});

describe('selling, releasing and holding again', () => {
  test('do nothing to an order that holds nothing', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });
    const before = await levelOf(order.lines[0]!.variant);

    await shop.run((transaction) => commitStock(transaction, order.id));
    await shop.run((transaction) => releaseStock(transaction, order.id));

    expect(await levelOf(order.lines[0]!.variant)).toEqual(before);
  });

  test("are refused without a change of the order's status", async () => {
    const order = await buildOrder(shop.database);
    const refusal = `order ${order.id} awaits payment without holding exactly its lines`;
    expect(await guardOf(shop.run((transaction) => commitStock(transaction, order.id)))).toBe(refusal);
    expect(await guardOf(shop.run((transaction) => releaseStock(transaction, order.id)))).toBe(refusal);

    const expired = await buildOrder(shop.database, { stage: 'expired' });
    expect(await guardOf(shop.run((transaction) => holdAgain(transaction, expired.id)))).toBe(
      'fk_reservations_held_order',
    );
  });
});
