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
      orderId: order.id,
      orderNumber: order.state.number,
      orderStatus: 'awaiting_payment',
      paymentStatus: 'unpaid',
      amount: order.state.total,
      gateway: 'zarinpal',
      refId: null,
      earlier: 0,
      stored: true,
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
      await come(order);
      expect(await countUnseen(order)).toBe(1);
    },
  );

  test.each(['paid', 'cancelled', 'surplus', 'refunded'] as const)(
    'to an order that is %s has its final answer and counts as processed at once',
    async (stage: OrderStage) => {
      const order = await buildOrder(shop.database, { stage });
      expect(await come(order)).toMatchObject({ stored: true });
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

  test('is counted, and beyond the limit it is answered without being stored', async () => {
    const order = await buildOrder(shop.database);
    const answers = [];
    for (let time = 0; time < 5; time++) answers.push(await come(order, { atMost: 3 }));
    expect(answers.map((answer) => [answer?.earlier, answer?.stored])).toEqual([
      [0, true],
      [1, true],
      [2, true],
      [3, false],
      [3, false],
    ]);
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
