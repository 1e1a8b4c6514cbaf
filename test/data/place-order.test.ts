import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createSteps } from '../../activities/step';
import { placeOrder, type PlaceOrder } from '../../entities/checkout/place-order';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { attemptIdOf } from '../../entities/payments/attempt-id';
import { countStatements } from '../../platform/statement-count';
import { buildFilledCart } from '../support/factories/filled-cart';
import { buildOrder, buildPlacing, buildReadyCart, GATEWAY_LIMITS } from '../support/factories/orders';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const place = (input: PlaceOrder) =>
  shop.run((transaction) => placeOrder(transaction, input, GATEWAY_LIMITS));

async function readLevel(variantId: string): Promise<{ onHand: number; reserved: number }> {
  const level = await row<{ onHand: number; reserved: number }>(
    shop.database.manager,
    'SELECT on_hand AS "onHand", reserved FROM stock_levels WHERE variant_id = $1',
    [variantId],
  );
  return level!;
}

/** The refusal of an order, and how many rows there are of it. */
async function refused(input: PlaceOrder): Promise<object> {
  const refusal = await refusalOf(place(input));
  return { ...refusal, traces: await countTraces(input.orderId) };
}

async function countTraces(orderId: string): Promise<number> {
  const traces = await row<{ count: number }>(
    shop.database.manager,
    `SELECT (SELECT count(*) FROM orders WHERE id = $1) + (SELECT count(*) FROM order_lines WHERE order_id = $1)
       + (SELECT count(*) FROM reservations WHERE order_id = $1)
       + (SELECT count(*) FROM payment_attempts WHERE order_id = $1)
       + (SELECT count(*) FROM events WHERE aggregate_id = $1) AS count`,
    [orderId],
  );
  return traces!.count;
}

describe('a placed order', () => {
  test('awaits payment with frozen lines, its total and one attempt for it', async () => {
    const lamp = await buildStockedVariant(shop.database, { price: 300_000 });
    const chair = await buildStockedVariant(shop.database, { price: 1_250_000 });
    const input = await buildReadyCart(shop.database, [
      { variant: lamp, quantity: 3 },
      { variant: chair, quantity: 1 },
    ]);

    const order = await place(input);

    expect(order).toMatchObject({
      id: input.orderId,
      cartId: input.cartId,
      requestDigest: input.requestDigest,
      status: 'awaiting_payment',
      paymentStatus: 'unpaid',
      total: 2_150_000,
      currency: 'IRR',
      version: 1,
      units: 4,
      skus: [lamp.sku, chair.sku].toSorted(),
      attempts: [
        {
          id: attemptIdOf(input.orderId, 'first'),
          gateway: 'zarinpal',
          status: 'requesting',
          authority: null,
          redirectUrl: null,
          amount: 2_150_000,
          captureRound: 0,
          hasCallback: false,
        },
      ],
    });
    const [attempt] = order.attempts;
    expect(attempt!.payableUntil - order.createdAt).toBe(input.payableMs);
    expect(order.paymentDeadline - attempt!.payableUntil).toBe(input.holdGraceMs);
  });

  test('reserves the stock of all lines and sells none yet', async () => {
    const variant = await buildStockedVariant(shop.database, { stock: 5 });

    await place(await buildReadyCart(shop.database, [{ variant, quantity: 3 }]));

    expect(await readLevel(variant.id)).toEqual({ onHand: 5, reserved: 3 });
  });

  test('has one event with what was ordered and the payment deadline', async () => {
    const variant = await buildStockedVariant(shop.database, { price: 40_000 });
    const input = await buildReadyCart(shop.database, [{ variant, quantity: 2 }]);

    const order = await place(input);

    const events = await rows(
      shop.database.manager,
      'SELECT version, type, payload FROM events WHERE aggregate_id = $1',
      [order.id],
    );
    expect(events).toEqual([
      {
        version: 1,
        type: 'order.created',
        payload: {
          number: order.number,
          total: { amount: 80_000, currency: 'IRR' },
          lines: [
            {
              sku: variant.sku,
              title: 'کالا - سرمه‌ای',
              quantity: 2,
              unitPrice: { amount: 40_000, currency: 'IRR' },
            },
          ],
          paymentDeadline: new Date(order.paymentDeadline).toISOString(),
        },
      },
    ]);
  });

  test('keeps its prices and its cart when the prices change afterwards', async () => {
    const built = await buildOrder(shop.database, { stage: 'requesting' });
    const [line] = built.lines;
    await rows(shop.database.manager, 'UPDATE variants SET price = price * 2 WHERE id = $1', [
      line!.variant.id,
    ]);

    const [kept] = await rows(
      shop.database.manager,
      'SELECT unit_price AS "unitPrice", quantity FROM order_lines WHERE order_id = $1',
      [built.id],
    );
    const [inCart] = await rows(shop.database.manager, 'SELECT quantity FROM cart_lines WHERE cart_id = $1', [
      built.cart.id,
    ]);

    expect(kept).toEqual({ unitPrice: line!.variant.price, quantity: line!.quantity });
    expect(inCart).toEqual({ quantity: line!.quantity });
  });

  test('costs at most nine statements, the step key, START TRANSACTION and COMMIT among them', async () => {
    const input = await buildReadyCart(shop.database, [
      { variant: await buildStockedVariant(shop.database), quantity: 1 },
      { variant: await buildStockedVariant(shop.database), quantity: 2 },
    ]);
    const { stepOnce } = createSteps(shop.database);
    const step = stepOnce(
      (transaction, request: PlaceOrder) => placeOrder(transaction, request, GATEWAY_LIMITS),
      () => Promise.reject(new Error('it is the first')),
    );

    const { statements } = await countStatements(shop.database, () => step({ ...input, key: input.orderId }));

    expect(statements.length, statements.join('\n\n')).toBeLessThanOrEqual(9);
    expect(statements.at(-1)).toBe('COMMIT');
  });
});

describe('a free order', () => {
  test('is paid at once by an attempt without a gateway, and is not posted', async () => {
    const gift = await buildStockedVariant(shop.database, { price: 0, stock: 4 });
    const input = await buildReadyCart(shop.database, [{ variant: gift, quantity: 1 }]);

    const order = await place(input);

    expect(order).toMatchObject({
      status: 'placed',
      paymentStatus: 'paid',
      total: 0,
      version: 2,
      attempts: [{ gateway: 'none', status: 'settled', amount: 0 }],
    });
    expect(await readLevel(gift.id)).toEqual({ onHand: 3, reserved: 0 });
    const postings = await rows(shop.database.manager, 'SELECT 1 FROM ledger_entries WHERE order_id = $1', [
      order.id,
    ]);
    expect(postings).toEqual([]);
    const left = await rows(shop.database.manager, 'SELECT 1 FROM cart_lines WHERE cart_id = $1', [
      input.cartId,
    ]);
    expect(left).toEqual([]);
  });
});

describe('a refused order leaves nothing behind', () => {
  test('when its cart already has an order that awaits payment, with that order', async () => {
    const first = await buildOrder(shop.database);
    expect(await refused(buildPlacing(first.cart, first.lines))).toMatchObject({
      traces: 0,
      code: 'checkout.order_open',
      details: { orderId: first.id },
    });
  });

  test('when the cart has changed since the buyer saw it', async () => {
    const variant = await buildStockedVariant(shop.database);
    const input = await buildReadyCart(shop.database, [{ variant, quantity: 1 }]);
    await rows(shop.database.manager, 'UPDATE carts SET version = version + 1 WHERE id = $1', [input.cartId]);

    expect(await refused(input)).toMatchObject({ traces: 0, code: 'checkout.cart_changed' });
  });

  test('when there is no such cart', async () => {
    const variant = await buildStockedVariant(shop.database);
    const input = await buildReadyCart(shop.database, [{ variant, quantity: 1 }]);
    await rows(shop.database.manager, 'DELETE FROM carts WHERE id = $1', [input.cartId]);

    expect(await refused(input)).toMatchObject({ traces: 0, code: 'checkout.cart_changed' });
  });

  test('when the cart is empty', async () => {
    const cart = await buildFilledCart(shop.database, []);
    expect(await refused(buildPlacing(cart, []))).toMatchObject({ traces: 0, code: 'cart.empty' });
  });

  test('when a variant is retired or its product not published, with the lines', async () => {
    const good = await buildStockedVariant(shop.database);
    const retired = await buildStockedVariant(shop.database, { status: 'retired' });
    const draft = await buildStockedVariant(shop.database, { productStatus: 'draft' });
    const input = await buildReadyCart(
      shop.database,
      [good, retired, draft].map((variant) => ({ variant, quantity: 1 })),
    );

    expect(await refused(input)).toMatchObject({
      traces: 0,
      code: 'checkout.not_sellable',
      details: {
        lines: [retired, draft]
          .toSorted((one, other) => (one.id < other.id ? -1 : 1))
          .map(({ id, sku }) => ({ variantId: id, sku, title: expect.any(String) })),
      },
    });
  });

  test('when it has more units than one order may hold', async () => {
    const variant = await buildStockedVariant(shop.database, { stock: 20 });
    const input = await buildReadyCart(shop.database, [{ variant, quantity: 11 }], { unitsPerOrder: 10 });

    expect(await refused(input)).toMatchObject({
      traces: 0,
      code: 'checkout.unit_limit',
      details: { limit: 10, units: 11 },
    });
  });

  test('when its total is not the one that the buyer saw, with the new one', async () => {
    const variant = await buildStockedVariant(shop.database, { price: 90_000 });
    const input = await buildReadyCart(shop.database, [{ variant, quantity: 2 }], { expectedTotal: 170_000 });

    expect(await refused(input)).toMatchObject({
      traces: 0,
      code: 'checkout.price_changed',
      details: { total: { amount: 180_000, currency: 'IRR' } },
    });
  });

  test.each([1, 9_999])('when it costs %i rials, which no gateway accepts', async (price) => {
    const variant = await buildStockedVariant(shop.database, { price });
    const input = await buildReadyCart(shop.database, [{ variant, quantity: 1 }]);

    expect(await refused(input)).toMatchObject({
      traces: 0,
      code: 'checkout.amount_too_small',
      details: { minimum: { amount: 10_000, currency: 'IRR' } },
    });
    expect(await readLevel(variant.id)).toMatchObject({ reserved: 0 });
  });

  test('when it costs more than the gateway accepts', async () => {
    const variant = await buildStockedVariant(shop.database, { price: 500_000_001 });
    const input = await buildReadyCart(shop.database, [{ variant, quantity: 2 }]);

    expect(await refused(input)).toMatchObject({
      traces: 0,
      code: 'checkout.amount_too_large',
      details: { maximum: { amount: 1_000_000_000, currency: 'IRR' } },
    });
  });

  test('when its total is beyond all numbers that are exact', async () => {
    const variant = await buildStockedVariant(shop.database, { price: 1_000_000_000_000, stock: 10_000 });
    const lines = [{ variant, quantity: 10_000 }];
    const input = await buildReadyCart(shop.database, lines, { unitsPerOrder: 1_000_000 });

    expect(await refused(input)).toMatchObject({ traces: 0, code: 'checkout.amount_too_large' });
  });

  test('when its address has reached the limit of open orders', async () => {
    const clientKey = 'one-address';
    const first = await buildOrder(shop.database, { placing: { clientKey, payableMs: 60_000 } });
    await buildOrder(shop.database, { placing: { clientKey, payableMs: 1_000 }, stage: 'paid' });
    await buildOrder(shop.database, { placing: { clientKey, payableMs: 600_000 } });
    const variant = await buildStockedVariant(shop.database);
    const input = await buildReadyCart(shop.database, [{ variant, quantity: 1 }], {
      clientKey,
      openOrdersPerClient: 2,
    });

    expect(await refused(input)).toMatchObject({
      traces: 0,
      code: 'checkout.too_many_open_orders',
      details: { limit: 2, nextEndsAt: new Date(first.state.paymentDeadline).toISOString() },
    });
  });

  test('when there is not enough stock for every line, with the short lines', async () => {
    const enough = await buildStockedVariant(shop.database, { stock: 9 });
    const short = await buildStockedVariant(shop.database, { stock: 1 });
    const none = await buildStockedVariant(shop.database, { stock: 0 });
    const input = await buildReadyCart(
      shop.database,
      [enough, short, none].map((variant) => ({ variant, quantity: 2 })),
    );

    expect(await refused(input)).toMatchObject({
      traces: 0,
      code: 'checkout.out_of_stock',
      details: {
        lines: [short, none]
          .toSorted((one, other) => (one.id < other.id ? -1 : 1))
          .map(({ id, sku }) => ({ variantId: id, sku, title: expect.any(String), quantity: 2 })),
      },
    });
    expect(await readLevel(enough.id)).toEqual({ onHand: 9, reserved: 0 });
  });
});

test('an amount at either limit of the gateway is accepted', async () => {
  for (const price of [10_000, 1_000_000_000]) {
    const variant = await buildStockedVariant(shop.database, { price });
    const order = await place(await buildReadyCart(shop.database, [{ variant, quantity: 1 }]));
    expect(order.total).toBe(price);
  }
});

test('checkout does not reserve the stock of a location that does not sell', async () => {
  const variant = await buildStockedVariant(shop.database, { stock: 0 });
  await rows(
    shop.database.manager,
    `WITH other AS (INSERT INTO stock_locations (id, code, title, sells) VALUES (gen_random_uuid(), 'other', 'دیگر', false) RETURNING id),
     level AS (INSERT INTO stock_levels (variant_id, location_id, on_hand, movement_seq) SELECT $1, id, 9, 1 FROM other)
     SELECT id FROM other`,
    [variant.id],
  );
  await rows(
    shop.database.manager,
    `INSERT INTO stock_movements (variant_id, location_id, seq, delta, on_hand_after, reason, ref)
     SELECT variant_id, location_id, 1, 9, 9, 'initial', 'opening' FROM stock_levels
     WHERE variant_id = $1 AND location_id <> $2`,
    [variant.id, DEFAULT_LOCATION_ID],
  );

  await expect(place(await buildReadyCart(shop.database, [{ variant, quantity: 1 }]))).rejects.toMatchObject({
    code: 'checkout.out_of_stock',
  });
});
