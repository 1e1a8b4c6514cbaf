import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { markCallbacksProcessed } from '../../entities/checkout/mark-callbacks-processed';
import { recordCallback, type RecordCallback } from '../../entities/checkout/record-callback';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { buildCallback } from '../support/factories/callbacks';
import { buildOrder, type BuiltOrder, type OrderStage } from '../support/factories/orders';
import { guardOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const come = (order: BuiltOrder, overrides: Partial<RecordCallback> = {}) =>
  recordCallback(shop.database.manager, {
    callbackId: newId(),
    gateway: 'zarinpal',
    authority: order.attempt.authority!,
    claimed: 'paid',
    query: { Status: 'OK' },
    atMost: 50,
    ...overrides,
  });

describe('a callback', () => {
  test('is stored in one statement, found by its authority alone, and answered with the present payment', async () => {
    const order = await buildOrder(shop.database);
    const callbackId = newId();

    const { result, statements } = await countStatements(shop.database, () =>
      come(order, { callbackId, claimed: 'not_paid', query: { Authority: 'x', Status: 'NOK' } }),
    );

    expect(statements).toHaveLength(1);
    expect(result).toEqual({
      attemptId: order.attemptId,
      attemptStatus: 'open',
      isFinal: false,
      orderId: order.id,
      orderNumber: order.state.number,
      orderStatus: 'awaiting_payment',
      paymentStatus: 'unpaid',
      amount: order.state.total,
      gateway: 'zarinpal',
      refId: null,
      stored: true,
      unseenBefore: null,
    });
    const stored = await row(
      shop.database.manager,
      `SELECT attempt_id AS "attemptId", claimed_status AS claimed, query, processed_at AS "processedAt"
       FROM payment_callbacks WHERE id = $1`,
      [callbackId],
    );
    expect(stored).toEqual({
      attemptId: order.attemptId,
      claimed: 'not_paid',
      query: { Authority: 'x', Status: 'NOK' },
      processedAt: null,
    });
  });

  test.each(['open', 'verifying', 'expired'] as const)(
    'to an order that is %s waits to be processed',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      expect(await come(order)).toMatchObject({ stored: true, isFinal: false });
      expect(await countUnseen(order)).toBe(1);
    },
  );

  test.each(['paid', 'cancelled', 'surplus', 'refunded'] as const)(
    'to an order that is %s has its final answer and counts as processed at once',
    async (stage: OrderStage) => {
      const order = await buildOrder(shop.database, { stage });
      expect(await come(order)).toMatchObject({ stored: true, isFinal: true });
      expect(await countUnseen(order)).toBe(0);
    },
  );

  test('to a paid order is answered with the receipt', async () => {
    const order = await buildOrder(shop.database, { stage: 'paid' });
    expect(await come(order)).toMatchObject({
      attemptStatus: 'settled',
      orderStatus: 'placed',
      paymentStatus: 'paid',
      refId: expect.any(String),
    });
  });

  test.each([
    ['another gateway', { gateway: 'stripe' }],
    ['an unknown authority', { authority: 'S0000' }],
  ])('with %s is unknown and leaves no row', async (_what, foreign) => {
    const order = await buildOrder(shop.database);
    expect(await come(order, foreign)).toBeUndefined();
    expect(await countUnseen(order)).toBe(0);
  });

  test('with the authority in another case is unknown: authorities are case-sensitive', async () => {
    const order = await buildOrder(shop.database);
    expect(await come(order, { authority: order.attempt.authority!.toLowerCase() })).toBeUndefined();
  });

  test('names the first one that no capture has seen, and beyond the limit it then leaves no row', async () => {
    const order = await buildOrder(shop.database);
    const ids = Array.from({ length: 5 }, () => newId());
    const answers = [];
    for (const callbackId of ids) answers.push(await come(order, { callbackId, atMost: 3 }));
    expect(answers.map((answer) => [answer?.unseenBefore, answer?.stored])).toEqual([
      [null, true],
      [ids[0], true],
      [ids[0], true],
      [ids[0], false],
      [ids[0], false],
    ]);
    expect(await countUnseen(order)).toBe(3);
  });

  test('beyond the limit replaces the oldest once all were seen, so that it still wakes the workflow', async () => {
    const order = await buildOrder(shop.database);
    for (let time = 0; time < 3; time++) await come(order, { atMost: 3 });
    const seen = { orderId: order.id, attemptId: order.attemptId, askedAt: Date.now() + 60_000 };
    await shop.run((transaction) => markCallbacksProcessed(transaction, seen));
    expect(await countUnseen(order)).toBe(0);

    const [fresh, next] = [newId(), newId()];
    const answers = [
      await come(order, { callbackId: fresh, atMost: 3 }),
      await come(order, { callbackId: next, atMost: 3 }),
    ];

    expect(answers.map((answer) => [answer?.unseenBefore, answer?.stored])).toEqual([
      [null, true],
      [fresh, false],
    ]);
    const kept = await rows<{ id: string }>(
      shop.database.manager,
      'SELECT id FROM payment_callbacks WHERE attempt_id = $1',
      [order.attemptId],
    );
    expect(kept).toHaveLength(3);
    expect(kept.map(({ id }) => id)).toContain(fresh);
  });

  test('that comes ten times at once is stored ten times', async () => {
    const order = await buildOrder(shop.database);
    await Promise.all(Array.from({ length: 10 }, () => come(order)));
    expect(await countUnseen(order)).toBe(10);
  });

  test('cannot be stored twice under one id', async () => {
    const order = await buildOrder(shop.database);
    const callbackId = newId();
    await come(order, { callbackId });
    expect(await guardOf(come(order, { callbackId }))).toBe('pk_payment_callbacks');
  });
});

describe('callbacks after which the gateway was asked', () => {
  test('count as processed up to the instant of asking; later ones wait', async () => {
    const order = await buildOrder(shop.database);
    const early = await buildCallback(shop.database, order);
    const late = await buildCallback(shop.database, order);
    await rows(
      shop.database.manager,
      `UPDATE payment_callbacks SET received_at = CASE id WHEN $1 THEN to_timestamp(1000) ELSE to_timestamp(1001) END
       WHERE id IN ($1, $2)`,
      [early.callbackId, late.callbackId],
    );

    const state = await shop.run((transaction) =>
      markCallbacksProcessed(transaction, {
        orderId: order.id,
        attemptId: order.attemptId,
        askedAt: 1_000_000,
      }),
    );

    expect(state.attempts).toMatchObject([{ hasCallback: true }]);
    expect(await countUnseen(order)).toBe(1);
    const seen = await shop.run((transaction) =>
      markCallbacksProcessed(transaction, {
        orderId: order.id,
        attemptId: order.attemptId,
        askedAt: 1_001_000,
      }),
    );
    expect(seen.attempts).toMatchObject([{ hasCallback: false }]);
  });
});

async function countUnseen(order: BuiltOrder): Promise<number> {
  const unseen = await row<{ count: number }>(
    shop.database.manager,
    'SELECT count(*) FROM payment_callbacks WHERE attempt_id = $1 AND processed_at IS NULL',
    [order.attemptId],
  );
  return unseen!.count;
}
