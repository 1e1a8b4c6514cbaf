import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { closeAttempt } from '../../entities/checkout/close-attempt';
import { closeOrder } from '../../entities/checkout/close-order';
import { recordSurplus } from '../../entities/checkout/record-surplus';
import { abandonRefund, beginRefund, recordRefunded } from '../../entities/checkout/refund-surplus';
import { readEvents } from '../../entities/events/read-events';
import { requireOrderState } from '../../entities/orders/order-state';
import { ORDER } from '../../entities/orders/orders.events';
import type { Transaction } from '../../entities/sql';
import { buildCallback } from '../support/factories/callbacks';
import { buildOrder, buildRefId, type BuiltOrder } from '../support/factories/orders';
import { interleave } from '../support/interleave';
import { guardOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const one = ({ id, attemptId }: BuiltOrder) => ({ orderId: id, attemptId });
const take = (order: BuiltOrder, refId?: string) =>
  shop.run((transaction) => recordSurplus(transaction, { ...one(order), refId }));
const refunded = (order: BuiltOrder) => (transaction: Transaction) => recordRefunded(transaction, one(order));
const eventsAfter = (order: BuiltOrder) =>
  readEvents(shop.database.manager, ORDER, order.id, order.state.version, 100);
const postingsOf = (order: BuiltOrder) =>
  rows(
    shop.database.manager,
    `SELECT posting_key AS "postingKey", debit_account AS debit, credit_account AS credit, amount
     FROM ledger_entries WHERE order_id = $1 ORDER BY id`,
    [order.id],
  );

const captured = (order: BuiltOrder) => ({
  postingKey: `capture:${order.attemptId}`,
  debit: 'gateway:zarinpal',
  credit: 'owed_to_buyers',
  amount: order.state.total,
});

describe('money that was captured without being wanted', () => {
  test('is owed to the buyer, with one event and one posting', async () => {
    const order = await buildOrder(shop.database, { stage: 'cancelled' });
    await buildCallback(shop.database, order, { claimed: 'paid' });
    const refId = buildRefId();

    const owed = await take(order, refId);

    expect(owed).toMatchObject({
      status: 'cancelled',
      attempts: [{ status: 'surplus', refunded: 0, hasCallback: false }],
    });
    expect(await take(order, refId)).toEqual(owed);
    expect(await postingsOf(order)).toEqual([captured(order)]);
    expect(await eventsAfter(order)).toMatchObject([
      {
        type: 'order.payment_surplus',
        payload: { attemptId: order.attemptId, amount: { amount: order.state.total, currency: 'IRR' } },
      },
    ]);
  });

  test('is owed once, however many calls find it at once', async () => {
    const order = await buildOrder(shop.database, { stage: 'cancelled' });
    await Promise.all(Array.from({ length: 20 }, () => take(order)));
    expect(await postingsOf(order)).toEqual([captured(order)]);
    expect(await eventsAfter(order)).toHaveLength(1);
  });

  test('is owed for an attempt that was closed long ago', async () => {
    const order = await buildOrder(shop.database, { stage: 'cancelled' });
    await shop.run((transaction) => closeAttempt(transaction, one(order)));
    expect((await take(order)).attempts).toMatchObject([{ status: 'surplus' }]);
  });

  test('of an attempt that verifies leaves its order awaiting payment, free to be cancelled', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });

    const owed = await take(order);

    expect(owed).toMatchObject({ status: 'awaiting_payment', attempts: [{ status: 'surplus' }] });
    const cancelled = await shop.run((transaction) =>
      closeOrder(transaction, { orderId: order.id, placeKey: order.placeKey, as: 'cancelled' }),
    );
    expect(cancelled).toMatchObject({ status: 'cancelled', attempts: [{ status: 'surplus' }] });
  });

  test.each(['requesting', 'open', 'paid', 'refunded'] as const)(
    'is not recorded for an order that is %s',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      expect(await take(order, buildRefId())).toEqual(order.state);
    },
  );

  test('keeps a known receipt when the gateway gives none', async () => {
    const order = await buildOrder(shop.database, { stage: 'cancelled' });
    await take(order);
    const known = await row(
      shop.database.manager,
      'SELECT ref_id AS "refId" FROM payment_attempts WHERE id = $1',
      [order.attemptId],
    );
    expect(known).toEqual({ refId: null });
  });

  test('with a receipt that belongs to another attempt is not booked', async () => {
    const order = await buildOrder(shop.database, { stage: 'cancelled' });
    const other = await buildOrder(shop.database, { stage: 'cancelled' });
    const refId = buildRefId();
    await take(other, refId);

    expect(await guardOf(take(order, refId))).toBe('uq_payment_attempts_ref');
    expect(await requireOrderState(shop.database.manager, order.id)).toEqual(order.state);
  });
});

describe('refunding it', () => {
  const begin = (order: BuiltOrder) => shop.run((transaction) => beginRefund(transaction, one(order)));
  const abandon = (order: BuiltOrder) =>
    shop.run((transaction) => abandonRefund(transaction, { ...one(order), failureCode: '-63' }));

  test('is recorded before the gateway is asked, and a repetition changes nothing', async () => {
    const order = await buildOrder(shop.database, { stage: 'surplus' });

    const asked = await begin(order);

    expect(asked.attempts).toMatchObject([{ refundPending: order.state.total, refunded: 0 }]);
    expect(await begin(order)).toEqual(asked);
  });

  test('settles what was owed, once, with an event', async () => {
    const order = await buildOrder(shop.database, { stage: 'surplus' });
    await begin(order);

    const done = await shop.run(refunded(order));

    expect(done.attempts).toMatchObject([
      { status: 'surplus', refundPending: 0, refunded: order.state.total },
    ]);
    expect(await shop.run(refunded(order))).toEqual(done);
    expect(await postingsOf(order)).toEqual([
      captured(order),
      {
        postingKey: `refund:${order.attemptId}`,
        debit: 'owed_to_buyers',
        credit: 'gateway:zarinpal',
        amount: order.state.total,
      },
    ]);
    expect(await eventsAfter(order)).toMatchObject([{ type: 'order.payment_refunded' }]);
  });

  test('happens once for twenty calls at once', async () => {
    const order = await buildOrder(shop.database, { stage: 'surplus' });
    await begin(order);
    await Promise.all(Array.from({ length: 20 }, () => shop.run(refunded(order))));
    expect(await postingsOf(order)).toHaveLength(2);
    expect(await eventsAfter(order)).toHaveLength(1);
  });

  test('happens once for two calls at the same moment: the second does nothing', async () => {
    const order = await buildOrder(shop.database, { stage: 'surplus' });
    const race = await interleave(shop, refunded(order), refunded(order));
    expect(race).toMatchObject({ waited: true, second: { status: 'fulfilled', value: race.first } });
  });

  test('by hand does not need a request to the gateway', async () => {
    const order = await buildOrder(shop.database, { stage: 'surplus' });
    expect((await shop.run(refunded(order))).attempts).toMatchObject([{ refunded: order.state.total }]);
  });

  test('that the gateway declines leaves it owed, with nothing outstanding, and may be repeated', async () => {
    const order = await buildOrder(shop.database, { stage: 'surplus' });
    await begin(order);

    const declined = await abandon(order);

    expect(declined.attempts).toMatchObject([{ refundPending: 0, refunded: 0, failureCode: '-63' }]);
    expect((await begin(order)).attempts).toMatchObject([{ refundPending: order.state.total }]);
  });

  test('is over after the refund: neither beginning nor abandoning changes anything', async () => {
    const order = await buildOrder(shop.database, { stage: 'refunded' });
    expect((await begin(order)).attempts).toMatchObject([{ refundPending: 0, refunded: order.state.total }]);
    expect((await abandon(order)).attempts).toMatchObject([
      { refundPending: 0, refunded: order.state.total },
    ]);
  });

  test.each(['open', 'paid', 'cancelled'] as const)(
    'changes nothing for an order that is %s',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      expect(await begin(order)).toEqual(order.state);
      expect(await abandon(order)).toEqual(order.state);
      expect(await shop.run(refunded(order))).toEqual(order.state);
    },
  );
});
