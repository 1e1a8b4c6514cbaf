import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createSteps } from '../../activities/step';
import { beginCapture, type BeginCapture } from '../../entities/checkout/begin-capture';
import { closeOrder } from '../../entities/checkout/close-order';
import { confirmOrder } from '../../entities/checkout/confirm-order';
import { openAttempt } from '../../entities/checkout/open-attempt';
import { recordAuthority } from '../../entities/checkout/record-authority';
import { refuseAttempt, type RefuseAttempt } from '../../entities/checkout/refuse-attempt';
import { reopenAttempt, type ReopenAttempt } from '../../entities/checkout/reopen-attempt';
import { readEvents } from '../../entities/events/read-events';
import { requireOrderState } from '../../entities/orders/order-state';
import { ORDER } from '../../entities/orders/orders.events';
import { countStatements } from '../../platform/statement-count';
import { buildCallback } from '../support/factories/callbacks';
import {
  buildAuthority,
  buildOrder,
  buildRefId,
  GATEWAY_LIMITS,
  type BuiltOrder,
} from '../support/factories/orders';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const request = (order: BuiltOrder, overrides: Partial<BeginCapture> = {}): BeginCapture => ({
  orderId: order.id,
  attemptId: order.attemptId,
  moneyIsThere: false,
  ...overrides,
});
const begin = (input: BeginCapture) => shop.run((transaction) => beginCapture(transaction, input));
const giveUp = (input: ReopenAttempt) => shop.run((transaction) => reopenAttempt(transaction, input));
const refuse = (input: RefuseAttempt) => shop.run((transaction) => refuseAttempt(transaction, input));
const stateOf = (order: BuiltOrder) => requireOrderState(shop.database.manager, order.id);
const typesOf = async (order: BuiltOrder) =>
  (await readEvents(shop.database.manager, ORDER, order.id, 0, 100)).map(({ type }) => type);

/** A second attempt with a payment page, beside the first. */
async function openSecond(order: BuiltOrder): Promise<string> {
  const { attemptId } = await shop.run((transaction) =>
    openAttempt(
      transaction,
      {
        orderId: order.id,
        cause: 'second',
        gateway: 'zarinpal',
        payableMs: 1_000,
        attemptsAtMost: 3,
        longestOpenMs: 3_600_000,
      },
      GATEWAY_LIMITS,
    ),
  );
  await shop.run((transaction) =>
    recordAuthority(transaction, {
      orderId: order.id,
      attemptId,
      authority: buildAuthority(),
      redirectUrl: null,
      payableMs: 1_800_000,
      holdGraceMs: 120_000,
    }),
  );
  return attemptId;
}

describe('a capture begins', () => {
  test('with the frozen amount, the authority and a round of its own', async () => {
    const order = await buildOrder(shop.database);

    const start = await begin(request(order));

    expect(start).toEqual({
      begun: {
        attemptId: order.attemptId,
        gateway: 'zarinpal',
        authority: order.attempt.authority,
        amount: order.state.total,
        captureRound: 1,
      },
    });
    const state = await stateOf(order);
    expect(state.attempts).toMatchObject([{ status: 'verifying', captureRound: 1 }]);
    expect(state.attempts[0]!.lastCaptureAt).toBeGreaterThanOrEqual(state.createdAt);
    expect(state.version).toBe(order.state.version);
  });

  test('again in the same round for an attempt that verifies already', async () => {
    const order = await buildOrder(shop.database);
    const first = await begin(request(order));
    expect(await begin(request(order))).toEqual(first);
  });

  test('once for twenty requests at once', async () => {
    const order = await buildOrder(shop.database);
    const starts = await Promise.all(Array.from({ length: 20 }, () => begin(request(order))));
    expect(starts.map(({ begun }) => begun?.captureRound)).toEqual(Array(20).fill(1));
  });

  test('and every stored callback counts as processed', async () => {
    const order = await buildOrder(shop.database);
    await buildCallback(shop.database, order);
    await buildCallback(shop.database, order);
    expect((await stateOf(order)).attempts).toMatchObject([{ hasCallback: true }]);

    await begin(request(order));

    expect((await stateOf(order)).attempts).toMatchObject([{ hasCallback: false }]);
  });
});

describe('no capture begins', () => {
  test.each(['requesting', 'paid', 'expired', 'cancelled', 'surplus', 'refunded'] as const)(
    'of an order that is %s: the returned order says why',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      expect(await begin(request(order))).toEqual({ begun: null, order: order.state });
    },
  );

  test('of a refused attempt, although its order awaits payment', async () => {
    const order = await buildOrder(shop.database);
    const refused = await refuse({ ...request(order), reason: 'rejected_by_gateway' });
    expect(await begin(request(order))).toEqual({ begun: null, order: refused });
  });

  test("of another order's attempt", async () => {
    const [one, other] = [await buildOrder(shop.database), await buildOrder(shop.database)];
    expect(await begin({ ...request(one), attemptId: other.attemptId })).toEqual({
      begun: null,
      order: one.state,
    });
  });

  test('of a second attempt while the first verifies, only afterwards', async () => {
    const order = await buildOrder(shop.database);
    const second = await openSecond(order);
    await begin(request(order));

    expect(await begin(request(order, { attemptId: second }))).toMatchObject({
      begun: null,
      order: { attempts: [{ status: 'verifying' }, { status: 'open' }] },
    });

    await giveUp({ ...request(order), captureRound: 1, failureCode: '-51' });
    expect(await begin(request(order, { attemptId: second }))).toMatchObject({
      begun: { attemptId: second, captureRound: 1 },
    });
  });

  test('of both of two attempts at once: the second waits and gets the order as it is', async () => {
    const order = await buildOrder(shop.database);
    const second = await openSecond(order);

    const race = await interleave(
      shop,
      (transaction) => beginCapture(transaction, request(order)),
      (transaction) => beginCapture(transaction, request(order, { attemptId: second })),
    );

    expect(race).toMatchObject({
      first: { begun: { attemptId: order.attemptId } },
      second: { status: 'fulfilled', value: { begun: null } },
      waited: true,
    });
  });
});

describe('a capture that found no money', () => {
  test('lets the buyer pay, and the next capture has another round', async () => {
    const order = await buildOrder(shop.database);
    await begin(request(order));

    const open = await giveUp({ ...request(order), captureRound: 1, failureCode: '-51' });

    expect(open.attempts).toMatchObject([{ status: 'open', failureCode: '-51', captureRound: 1 }]);
    expect(await begin(request(order))).toMatchObject({ begun: { captureRound: 2 } });
  });

  test('of an earlier round changes nothing', async () => {
    const order = await buildOrder(shop.database);
    await begin(request(order));
    await giveUp({ ...request(order), captureRound: 1, failureCode: '-51' });
    await begin(request(order));

    const late = await giveUp({ ...request(order), captureRound: 1, failureCode: '-51' });

    expect(late.attempts).toMatchObject([{ status: 'verifying', captureRound: 2 }]);
  });

  test.each(['open', 'paid', 'expired', 'cancelled', 'surplus'] as const)(
    'changes nothing for an order that is %s',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      const left = await giveUp({
        ...request(order),
        captureRound: order.attempt.captureRound,
        failureCode: 'x',
      });
      expect(left).toEqual(order.state);
    },
  );
});

describe('refusing an attempt', () => {
  test.each(['open', 'verifying', 'expired'] as const)(
    'of an order that is %s is recorded once',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      await buildCallback(shop.database, order);
      const input: RefuseAttempt = { ...request(order), reason: 'rejected_by_gateway', failureCode: '-53' };

      const refused = await refuse(input);

      expect(refused.attempts).toMatchObject([{ status: 'refused', failureCode: '-53', hasCallback: false }]);
      expect(refused.status).toBe(order.state.status);
      expect(await refuse(input)).toEqual(refused);
      expect(await typesOf(order)).toEqual([
        'order.created',
        'order.payment_opened',
        ...(stage === 'expired' ? ['order.expired'] : []),
        'order.payment_refused',
      ]);
    },
  );

  test.each(['requesting', 'paid', 'cancelled', 'surplus'] as const)(
    'leaves an order that is %s as it is',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      expect(await refuse({ ...request(order), reason: 'decided_by_staff' })).toEqual(order.state);
    },
  );

  test('that verifies frees its order for a cancellation and other attempts', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });
    await refuse({ ...request(order), reason: 'rejected_by_gateway' });
    const second = await openSecond(order);
    expect(await begin(request(order, { attemptId: second }))).toMatchObject({
      begun: { attemptId: second },
    });
  });
});

describe('cancelling and capturing at once', () => {
  const cancel = (order: BuiltOrder) => ({
    orderId: order.id,
    placeKey: order.placeKey,
    as: 'cancelled' as const,
  });

  test('the capture came first: cancelling is refused', async () => {
    const order = await buildOrder(shop.database);

    const race = await interleave(
      shop,
      (transaction) => beginCapture(transaction, request(order)),
      (transaction) => closeOrder(transaction, cancel(order)),
    );

    expect(race).toMatchObject({
      first: { begun: { attemptId: order.attemptId } },
      second: { status: 'rejected', reason: { code: 'order.verifying' } },
      waited: true,
    });
  });

  test('cancelling came first: nothing is captured', async () => {
    const order = await buildOrder(shop.database);

    const race = await interleave(
      shop,
      (transaction) => closeOrder(transaction, cancel(order)),
      (transaction) => beginCapture(transaction, request(order)),
    );

    expect(race).toMatchObject({
      second: {
        status: 'fulfilled',
        value: { begun: null, order: { status: 'cancelled', attempts: [{ status: 'refused' }] } },
      },
      waited: true,
    });
  });

  test('the deadline came first: nothing is captured without knowing that the money is there', async () => {
    const order = await buildOrder(shop.database);

    const race = await interleave(
      shop,
      (transaction) => closeOrder(transaction, { ...cancel(order), as: 'expired' }),
      (transaction) => beginCapture(transaction, request(order)),
    );

    expect(race).toMatchObject({
      second: {
        status: 'fulfilled',
        value: { begun: null, order: { status: 'expired', attempts: [{ status: 'open' }] } },
      },
    });
  });

  test('of many of both, one wins', async () => {
    for (let round = 0; round < 10; round++) {
      const order = await buildOrder(shop.database);
      const [start, end] = await Promise.allSettled([
        begin(request(order)),
        shop.run((transaction) => closeOrder(transaction, cancel(order))),
      ]);

      const began = start.status === 'fulfilled' && start.value.begun !== null;
      expect(end.status).toBe(began ? 'rejected' : 'fulfilled');
      expect((await stateOf(order)).status).toBe(began ? 'awaiting_payment' : 'cancelled');
    }
  });
});

test('beginning and confirming a capture cost at most twelve statements, with their transactions', async () => {
  const order = await buildOrder(shop.database);
  const { step, stepOnce } = createSteps(shop.database);
  const beginStep = step(beginCapture);
  const confirmStep = stepOnce(confirmOrder, () => Promise.reject(new Error('it is the first')));

  const { result, statements } = await countStatements(shop.database, async () => {
    await beginStep(request(order));
    return confirmStep({
      orderId: order.id,
      attemptId: order.attemptId,
      refId: buildRefId(),
      key: order.attemptId,
    });
  });

  expect(result.paymentStatus).toBe('paid');
  expect(statements.length, statements.join('\n\n')).toBeLessThanOrEqual(12);
  expect(statements.filter((statement) => statement === 'COMMIT')).toHaveLength(2);
});

test('an order is read in one statement', async () => {
  const order = await buildOrder(shop.database, { stage: 'paid' });
  const { result, statements } = await countStatements(shop.database, () => stateOf(order));
  expect(result).toEqual(order.state);
  expect(statements).toHaveLength(1);
});
