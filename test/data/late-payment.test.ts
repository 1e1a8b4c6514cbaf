import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { beginCapture } from '../../entities/checkout/begin-capture';
import { closeOrder } from '../../entities/checkout/close-order';
import { confirmOrder } from '../../entities/checkout/confirm-order';
import { placeOrder } from '../../entities/checkout/place-order';
import { reopenAttempt } from '../../entities/checkout/reopen-attempt';
import { readEvents } from '../../entities/events/read-events';
import { bookStock } from '../../entities/inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { requireOrderState } from '../../entities/orders/order-state';
import { ORDER } from '../../entities/orders/orders.events';
import type { Transaction } from '../../entities/sql';
import { buildCallback } from '../support/factories/callbacks';
import {
  buildOrder,
  buildPlacing,
  buildRefId,
  GATEWAY_LIMITS,
  type BuiltOrder,
} from '../support/factories/orders';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

/** The gateway says that the money is there. */
const capture = (order: BuiltOrder) => (transaction: Transaction) =>
  beginCapture(transaction, { orderId: order.id, attemptId: order.attemptId, moneyIsThere: true });
const begin = (order: BuiltOrder) => shop.run(capture(order));
const stateOf = (order: BuiltOrder) => requireOrderState(shop.database.manager, order.id);
const eventsAfter = (order: BuiltOrder) =>
  readEvents(shop.database.manager, ORDER, order.id, order.state.version, 100);

/** Sells stock until only this much is left. */
async function leave(order: BuiltOrder, left: number): Promise<void> {
  const [line] = order.lines;
  await shop.run((transaction) =>
    bookStock(transaction, {
      variantId: line!.variant.id,
      locationId: DEFAULT_LOCATION_ID,
      delta: left - 10,
      reason: 'correction',
      cause: 'lost',
      ref: order.id,
    }),
  );
}

describe('money that comes after the order expired, with the stock still there', () => {
  test('reopens the order and holds its stock', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });
    await leave(order, 2);

    const start = await begin(order);

    expect(start).toMatchObject({ begun: { attemptId: order.attemptId, captureRound: 1 } });
    expect(await stateOf(order)).toMatchObject({
      status: 'awaiting_payment',
      attempts: [{ status: 'verifying' }],
    });
    expect(await eventsAfter(order)).toMatchObject([
      { type: 'order.reopened', payload: { attemptId: order.attemptId } },
    ]);
  });

  test('pays it when it is confirmed', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });
    await begin(order);

    const paid = await shop.run((transaction) =>
      confirmOrder(transaction, { orderId: order.id, attemptId: order.attemptId, refId: buildRefId() }),
    );

    expect(paid).toMatchObject({ status: 'placed', paymentStatus: 'paid' });
  });

  test('closes it again when there was no money after all', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });
    await begin(order);
    await shop.run((transaction) =>
      reopenAttempt(transaction, {
        orderId: order.id,
        attemptId: order.attemptId,
        captureRound: 1,
        failureCode: '-51',
      }),
    );

    const closed = await shop.run((transaction) =>
      closeOrder(transaction, { orderId: order.id, placeKey: order.placeKey, as: 'expired' }),
    );

    expect(closed).toMatchObject({ status: 'expired', attempts: [{ status: 'open' }] });
    expect((await eventsAfter(order)).map(({ type }) => type)).toEqual(['order.reopened', 'order.expired']);
  });

  test('reopens it once for ten requests at once', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });

    const starts = await Promise.all(Array.from({ length: 10 }, () => begin(order)));

    expect(starts.every(({ begun }) => begun?.captureRound === 1)).toBe(true);
    expect(await eventsAfter(order)).toHaveLength(1);
  });
});

describe('money that comes after the order expired, with the stock gone', () => {
  test('is refused with an event that has the reason, so that it goes back by itself', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });
    await leave(order, 1);
    await buildCallback(shop.database, order);

    const start = await begin(order);

    expect(start).toMatchObject({
      begun: null,
      order: { status: 'expired', attempts: [{ status: 'refused', hasCallback: false }] },
    });
    expect(await eventsAfter(order)).toMatchObject([
      {
        type: 'order.payment_refused',
        payload: { attemptId: order.attemptId, gateway: 'zarinpal', reason: 'stock_gone' },
      },
    ]);
  });

  test('stays refused when the stock comes back', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });
    await leave(order, 0);
    const refused = await begin(order);
    await shop.run((transaction) =>
      bookStock(transaction, {
        variantId: order.lines[0]!.variant.id,
        locationId: DEFAULT_LOCATION_ID,
        delta: 50,
        reason: 'received',
        ref: 'delivery',
      }),
    );

    expect(await begin(order)).toEqual(refused);
  });

  test('takes none of the lines when one of them is gone', async () => {
    const lines = [
      { variant: await buildStockedVariant(shop.database), quantity: 2 },
      { variant: await buildStockedVariant(shop.database), quantity: 2 },
    ];
    const order = await buildOrder(shop.database, { stage: 'expired', lines });
    await leave(order, 1);

    expect((await begin(order)).begun).toBeNull();

    const levels = await rows(
      shop.database.manager,
      'SELECT reserved FROM stock_levels WHERE variant_id = ANY($1)',
      [lines.map(({ variant }) => variant.id)],
    );
    expect(levels).toEqual([{ reserved: 0 }, { reserved: 0 }]);
  });

  test('and the last unit, wanted by another order at the same moment, goes to one of the two', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });
    await leave(order, 2);
    const rival = await buildOrder(shop.database, { stage: 'expired', lines: order.lines });

    const race = await interleave(shop, capture(rival), capture(order));

    expect(race).toMatchObject({
      first: { begun: { attemptId: rival.attemptId } },
      second: { status: 'fulfilled', value: { begun: null, order: { attempts: [{ status: 'refused' }] } } },
      waited: true,
    });
  });
});

describe('money that comes for an expired order whose cart was ordered again', () => {
  test('is refused while the other order awaits payment', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });
    const other = await buildOrder(shop.database, { cart: order.cart, lines: order.lines });

    const start = await begin(order);

    expect(start).toMatchObject({
      begun: null,
      order: { status: 'expired', attempts: [{ status: 'refused' }] },
    });
    expect(await eventsAfter(order)).toMatchObject([
      { type: 'order.payment_refused', payload: { reason: 'cart_has_another_order' } },
    ]);
    expect(await stateOf(other)).toEqual(other.state);
  });

  test('is taken when the other order was closed before', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });
    await buildOrder(shop.database, { cart: order.cart, lines: order.lines, stage: 'cancelled' });
    expect((await begin(order)).begun).not.toBeNull();
  });

  test('waits for an order of the cart that is being placed, and is refused', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });

    const race = await interleave(
      shop,
      (transaction) => placeOrder(transaction, buildPlacing(order.cart, order.lines), GATEWAY_LIMITS),
      capture(order),
    );

    expect(race).toMatchObject({ second: { status: 'fulfilled', value: { begun: null } }, waited: true });
  });

  test('prevents a new order of the cart when it came first', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });

    const race = await interleave(shop, capture(order), (transaction) =>
      placeOrder(transaction, buildPlacing(order.cart, order.lines), GATEWAY_LIMITS),
    );

    expect(race).toMatchObject({
      first: { begun: { attemptId: order.attemptId } },
      second: { status: 'rejected', reason: { code: 'checkout.order_open', details: { orderId: order.id } } },
      waited: true,
    });
  });
});

describe('the knowledge that the money is there changes nothing', () => {
  test.each(['cancelled', 'paid', 'surplus', 'requesting'] as const)(
    'to an order that is %s',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      expect(await begin(order)).toEqual({ begun: null, order: order.state });
    },
  );

  test('for an order that awaits payment: its capture begins as always', async () => {
    const order = await buildOrder(shop.database);
    expect((await begin(order)).begun).not.toBeNull();
    expect(await eventsAfter(order)).toEqual([]);
  });

  test('when the cart is gone: the order is reopened all the same', async () => {
    const order = await buildOrder(shop.database, { stage: 'expired' });
    await rows(shop.database.manager, 'DELETE FROM carts WHERE id = $1', [order.cart.id]);
    expect((await begin(order)).begun).not.toBeNull();
  });
});
