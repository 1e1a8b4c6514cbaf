import { ApplicationFailure } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createCheckoutActivities } from '../../activities/checkout/checkout.activities';
import type { Gateways } from '../../activities/payments/gateways';
import { createSteps } from '../../activities/step';
import { readOrderState } from '../../entities/orders/order-state';
import { claimStep } from '../../entities/steps/claim-step';
import { newId } from '../../entities/values/uuid';
import type { CheckoutSteps } from '../../workflows/checkout/checkout.steps';
import { buildOrder, buildReadyCart, buildRefId, GATEWAY_LIMITS } from '../support/factories/orders';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;
/** The steps as a workflow has them. No gateway is ever called: only its limits are asked for. */
let steps: CheckoutSteps;

beforeAll(async () => {
  shop = await openShopDatabase();
  const gateways = {
    named: () => ({ limits: GATEWAY_LIMITS }),
  } as unknown as Gateways;
  steps = createCheckoutActivities(createSteps(shop.database), gateways);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const atOnce = <Result>(work: () => Promise<Result>) => Promise.all(Array.from({ length: 20 }, work));

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

async function countOf(orderId: string): Promise<object | undefined> {
  return row(
    shop.database.manager,
    `SELECT (SELECT count(*) FROM orders WHERE id = $1) AS orders,
       (SELECT count(*) FROM payment_attempts WHERE order_id = $1) AS attempts,
       (SELECT count(*) FROM events WHERE aggregate_id = $1) AS events,
       (SELECT count(*) FROM ledger_entries WHERE order_id = $1) AS postings,
       (SELECT count(*) FROM stock_movements WHERE ref = $1::text) AS sales`,
    [orderId],
  );
}

async function readyToPlace() {
  const variant = await buildStockedVariant(shop.database);
  const request = await buildReadyCart(shop.database, [{ variant, quantity: 1 }]);
  return { ...request, key: `checkout:${request.orderId}:place` };
}

describe('twenty calls of one step at the same time have one effect', () => {
  test('placing', async () => {
    const request = await readyToPlace();

    const placed = await atOnce(() => steps.placeOrder(request));

    expect(placed.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(new Set(placed.map(({ order }) => JSON.stringify(order))).size).toBe(1);
    expect(await countOf(request.orderId)).toEqual({
      orders: 1,
      attempts: 1,
      events: 1,
      postings: 0,
      sales: 0,
    });
  });

  test('opening another attempt', async () => {
    const order = await buildOrder(shop.database);
    const request = {
      key: `checkout:${order.id}:open:again`,
      orderId: order.id,
      cause: 'again',
      gateway: 'zarinpal',
      payableMs: 1_000,
      attemptsAtMost: 3,
      longestOpenMs: 3_600_000,
    };

    const opened = await atOnce(() => steps.openAttempt(request));

    expect(opened.filter(({ fresh }) => fresh)).toHaveLength(1);
    expect(new Set(opened.map(({ attemptId }) => attemptId)).size).toBe(1);
    expect(await countOf(order.id)).toMatchObject({ attempts: 2 });
  });

  test('confirming', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });
    const receipt = {
      key: `checkout:${order.id}:settle:${order.attemptId}`,
      orderId: order.id,
      attemptId: order.attemptId,
      refId: buildRefId(),
    };

    const paid = await atOnce(() => steps.confirmOrder(receipt));

    expect(paid.every(({ paymentStatus }) => paymentStatus === 'paid')).toBe(true);
    expect(await countOf(order.id)).toEqual({ orders: 1, attempts: 1, events: 3, postings: 1, sales: 1 });
  });
});

describe('an undo takes the key of its do', () => {
  test('closing an order before it is placed keeps it from ever being placed', async () => {
    const request = await readyToPlace();

    expect(
      await steps.closeOrder({ orderId: request.orderId, placeKey: request.key, as: 'cancelled' }),
    ).toBeNull();
    const late = await failureOf(steps.placeOrder(request));

    expect(late).toMatchObject({ type: 'order.not_found', nonRetryable: true });
    expect(await countOf(request.orderId)).toEqual({
      orders: 0,
      attempts: 0,
      events: 0,
      postings: 0,
      sales: 0,
    });
  });

  test('a placing that waits for the closing of its order does nothing', async () => {
    const request = await readyToPlace();

    const race = await interleave(
      shop,
      (transaction) => claimStep(transaction, request.key),
      async (transaction) => {
        expect(await claimStep(transaction, request.key)).toBe(false);
        return readOrderState(transaction, request.orderId);
      },
    );

    expect(race).toMatchObject({
      first: true,
      waited: true,
      second: { status: 'fulfilled', value: undefined },
    });
  });

  test('closing while twenty are placing leaves a closed order or none, and no hold', async () => {
    for (let round = 0; round < 5; round++) {
      const request = await readyToPlace();
      const outcomes = await Promise.allSettled([
        ...Array.from({ length: 10 }, () => steps.placeOrder(request)),
        steps.closeOrder({ orderId: request.orderId, placeKey: request.key, as: 'expired' }),
        ...Array.from({ length: 10 }, () => steps.placeOrder(request)),
      ]);

      expect(outcomes[10]).toMatchObject({ status: 'fulfilled' });
      const left = await readOrderState(shop.database.manager, request.orderId);
      expect(['expired', undefined]).toContain(left?.status);
    }
  });
});

describe('a step that was refused', () => {
  test('keeps no key: the same call may succeed later', async () => {
    const variant = await buildStockedVariant(shop.database, { stock: 0 });
    const request = await buildReadyCart(shop.database, [{ variant, quantity: 1 }]);
    const keyed = { ...request, key: `checkout:${request.orderId}:place` };

    expect(await failureOf(steps.placeOrder(keyed))).toMatchObject({ type: 'checkout.out_of_stock' });

    const keys = await rows(shop.database.manager, 'SELECT 1 FROM processed_steps WHERE key = $1', [
      keyed.key,
    ]);
    expect(keys).toEqual([]);
  });

  test('is a typed failure that nobody retries, counts as an error or loses the details of', async () => {
    const request = await readyToPlace();
    const failure = await failureOf(steps.placeOrder({ ...request, expectedTotal: 1 }));

    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type: 'checkout.price_changed',
      nonRetryable: true,
      category: 'BENIGN',
      details: [{ total: { amount: 250_000, currency: 'IRR' } }],
    });
  });

  test('that failed in another way is thrown on as it is, to be tried again', async () => {
    const { stepOnce } = createSteps(shop.database);
    const broken = new Error('the operation is broken');
    const key = newId();
    const step = stepOnce<object, string>(
      () => Promise.reject(broken),
      () => Promise.resolve('it had happened'),
    );

    await expect(step({ key })).rejects.toBe(broken);
    await expect(step({ key })).rejects.toBe(broken);
  });
});

test('a step that happened is answered with how things stand now, not with how they stood then', async () => {
  const request = await readyToPlace();
  const placed = await steps.placeOrder(request);
  await steps.closeOrder({ orderId: request.orderId, placeKey: request.key, as: 'expired' });

  const again = await steps.placeOrder(request);

  expect(placed).toMatchObject({ fresh: true, order: { status: 'awaiting_payment' } });
  expect(again).toMatchObject({ fresh: false, order: { status: 'expired' } });
});

test('reading an order that does not exist is answered, not refused', async () => {
  expect(await steps.readOrder({ orderId: newId() })).toBeNull();
});
