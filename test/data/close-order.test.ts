import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { closeOrder, type CloseOrder } from '../../entities/checkout/close-order';
import { readEvents } from '../../entities/events/read-events';
import { requireOrderState } from '../../entities/orders/order-state';
import { ORDER } from '../../entities/orders/orders.events';
import { newId } from '../../entities/values/uuid';
import { buildCallback } from '../support/factories/callbacks';
import { buildOrder, type BuiltOrder } from '../support/factories/orders';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const close = (order: Pick<BuiltOrder, 'id' | 'placeKey'>, as: CloseOrder['as']) =>
  shop.run((transaction) => closeOrder(transaction, { orderId: order.id, placeKey: order.placeKey, as }));

const stockOf = (order: BuiltOrder) =>
  rows(
    shop.database.manager,
    `SELECT l.on_hand AS "onHand", l.reserved, r.state
     FROM reservations r JOIN stock_levels l USING (variant_id, location_id) WHERE r.order_id = $1`,
    [order.id],
  );
const eventsAfter = (order: BuiltOrder) =>
  readEvents(shop.database.manager, ORDER, order.id, order.state.version, 100);

describe.each(['expired', 'cancelled'] as const)('an order that is %s', (as) => {
  test('releases its stock and records the event', async () => {
    const order = await buildOrder(shop.database);

    const closed = await close(order, as);

    expect(closed).toMatchObject({ status: as, paymentStatus: 'unpaid' });
    expect(await stockOf(order)).toEqual([{ onHand: 10, reserved: 0, state: 'released' }]);
    const [event] = await eventsAfter(order);
    expect(event).toMatchObject({ type: `order.${as}`, payload: {} });
  });

  test('is closed once, however often it is repeated', async () => {
    const order = await buildOrder(shop.database);
    const closed = await close(order, as);

    expect(await close(order, as)).toEqual(closed);
    const all = await Promise.all(Array.from({ length: 10 }, () => close(order, as)));

    expect(all).toEqual(Array(10).fill(closed));
    expect(await stockOf(order)).toEqual([{ onHand: 10, reserved: 0, state: 'released' }]);
  });

  test('closes an attempt without a payment page, and its callbacks count as processed', async () => {
    const order = await buildOrder(shop.database, { stage: 'requesting' });
    const closed = await close(order, as);
    expect(closed!.attempts).toMatchObject([{ status: 'closed' }]);
    expect(await eventsAfter(order)).toHaveLength(1);
  });

  test('is refused while an attempt verifies, and changes nothing', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });
    expect(await refusalOf(close(order, as))).toMatchObject({ code: 'order.verifying' });
    expect(await requireOrderState(shop.database.manager, order.id)).toEqual(order.state);
  });

  test('lets its cart be ordered again', async () => {
    const order = await buildOrder(shop.database);
    await close(order, as);
    const again = await buildOrder(shop.database, { cart: order.cart, lines: order.lines });
    expect(again.state.status).toBe('awaiting_payment');
  });

  test('that was never placed leaves only the key of its placing', async () => {
    const ghost = { id: newId(), placeKey: `checkout:${newId()}:place` };

    expect(await close(ghost, as)).toBeNull();

    const keys = await rows(shop.database.manager, 'SELECT 1 FROM processed_steps WHERE key = $1', [
      ghost.placeKey,
    ]);
    expect(keys).toHaveLength(1);
  });
});

describe('the open attempts', () => {
  test('of an expired order stay open, because the buyer may pay late', async () => {
    const order = await buildOrder(shop.database);
    await buildCallback(shop.database, order);

    const closed = await close(order, 'expired');

    expect(closed!.attempts).toMatchObject([{ status: 'open', hasCallback: true }]);
    expect(await eventsAfter(order)).toHaveLength(1);
  });

  test('of a cancelled order are refused with an event, and their callbacks count as processed', async () => {
    const order = await buildOrder(shop.database);
    await buildCallback(shop.database, order);

    const closed = await close(order, 'cancelled');

    expect(closed!.attempts).toMatchObject([{ status: 'refused', hasCallback: false }]);
    expect(await eventsAfter(order)).toMatchObject([
      { type: 'order.cancelled' },
      {
        type: 'order.payment_refused',
        payload: { attemptId: order.attemptId, gateway: 'zarinpal', reason: 'order_cancelled' },
      },
    ]);
  });
});

describe('an order that is over', () => {
  test.each([
    ['paid', 'placed'],
    ['expired', 'expired'],
  ] as const)('is not cancelled when it is %s', async (stage, status) => {
    const order = await buildOrder(shop.database, { stage });
    expect(await refusalOf(close(order, 'cancelled'))).toEqual({
      code: 'order.not_cancellable',
      details: { orderStatus: status },
    });
    expect(await requireOrderState(shop.database.manager, order.id)).toEqual(order.state);
  });

  test.each(['paid', 'cancelled', 'surplus'] as const)('does not expire when it is %s', async (stage) => {
    const order = await buildOrder(shop.database, { stage });
    expect(await close(order, 'expired')).toEqual(order.state);
  });
});
