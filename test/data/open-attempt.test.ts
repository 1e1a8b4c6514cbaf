import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createSteps } from '../../activities/step';
import { closeAttempt, type CloseAttempt } from '../../entities/checkout/close-attempt';
import { closeOrder } from '../../entities/checkout/close-order';
import { openAttempt, type OpenAttempt } from '../../entities/checkout/open-attempt';
import { recordAuthority, type RecordAuthority } from '../../entities/checkout/record-authority';
import { readEvents } from '../../entities/events/read-events';
import { readOrderState } from '../../entities/orders/order-state';
import { ORDER } from '../../entities/orders/orders.events';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { buildAuthority, buildOrder, GATEWAY_LIMITS, type BuiltOrder } from '../support/factories/orders';
import { interleave } from '../support/interleave';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const request = (order: Pick<BuiltOrder, 'id'>, overrides: Partial<OpenAttempt> = {}): OpenAttempt => ({
  orderId: order.id,
  cause: newId(),
  gateway: 'zarinpal',
  payableMs: 1_800_000,
  attemptsAtMost: 3,
  longestOpenMs: 3_600_000,
  ...overrides,
});
const open = (input: OpenAttempt, limits = GATEWAY_LIMITS) =>
  shop.run((transaction) => openAttempt(transaction, input, limits));

const answer = (order: BuiltOrder, overrides: Partial<RecordAuthority> = {}): RecordAuthority => ({
  orderId: order.id,
  attemptId: order.attemptId,
  authority: buildAuthority(),
  redirectUrl: 'https://gateway.test/pay',
  payableMs: 600_000,
  holdGraceMs: 60_000,
  ...overrides,
});
const record = (input: RecordAuthority) => shop.run((transaction) => recordAuthority(transaction, input));
const close = (input: CloseAttempt) => shop.run((transaction) => closeAttempt(transaction, input));

const eventsOf = async (orderId: string) =>
  (await readEvents(shop.database.manager, ORDER, orderId, 0, 100)).map(({ type, payload }) => ({
    type,
    payload,
  }));

describe('another attempt', () => {
  test('is recorded before the gateway is asked, for the frozen total', async () => {
    const order = await buildOrder(shop.database);

    const opened = await open(request(order));

    expect(opened.fresh).toBe(true);
    expect(opened.order.attempts).toMatchObject([
      { id: order.attemptId, status: 'open' },
      {
        id: opened.attemptId,
        status: 'requesting',
        gateway: 'zarinpal',
        amount: order.state.total,
        authority: null,
      },
    ]);
  });

  test('of the same cause is the same attempt', async () => {
    const order = await buildOrder(shop.database);
    const input = request(order);

    const first = await open(input);
    const second = await open(input);

    expect(second).toMatchObject({ attemptId: first.attemptId, fresh: false });
    expect(second.order.attempts).toHaveLength(2);
  });

  test('does not move the deadline before the gateway has answered', async () => {
    const order = await buildOrder(shop.database);
    const opened = await open(request(order, { payableMs: 3_000_000 }));
    expect(opened.order.paymentDeadline).toBe(order.state.paymentDeadline);
  });

  test('is refused for an order that does not exist', async () => {
    expect(await refusalOf(open(request({ id: newId() })))).toMatchObject({ code: 'order.not_found' });
  });

  test.each([
    ['expired', 'expired'],
    ['cancelled', 'cancelled'],
    ['paid', 'placed'],
  ] as const)('is refused for an order that is %s', async (stage, status) => {
    const order = await buildOrder(shop.database, { stage });
    expect(await refusalOf(open(request(order)))).toEqual({
      code: 'order.not_awaiting_payment',
      details: { orderStatus: status },
    });
  });

  test('is refused while an attempt verifies', async () => {
    const order = await buildOrder(shop.database, { stage: 'verifying' });
    expect(await refusalOf(open(request(order)))).toMatchObject({ code: 'order.verifying' });
  });

  test('is refused when the limit of payment pages is reached; attempts without one do not count', async () => {
    const order = await buildOrder(shop.database, { stage: 'requesting' });
    await close({ orderId: order.id, attemptId: order.attemptId, failureCode: '-12' });
    const second = await open(request(order));
    await record(answer(order, { attemptId: second.attemptId }));

    expect((await open(request(order, { attemptsAtMost: 2 }))).fresh).toBe(true);
    expect(await refusalOf(open(request(order, { attemptsAtMost: 1 })))).toEqual({
      code: 'payment.attempt_limit',
      details: { limit: 1 },
    });
  });

  test('is refused after five tries for each allowed page, although none was opened', async () => {
    const order = await buildOrder(shop.database, { stage: 'requesting' });
    await close({ orderId: order.id, attemptId: order.attemptId, failureCode: 'no_answer' });
    for (let tries = 1; tries < 10; tries += 1) {
      const { attemptId } = await open(request(order, { attemptsAtMost: 2 }));
      await close({ orderId: order.id, attemptId, failureCode: 'no_answer' });
    }

    expect(await refusalOf(open(request(order, { attemptsAtMost: 2 })))).toEqual({
      code: 'payment.attempt_limit',
      details: { limit: 2 },
    });
    const known = { cause: 'the last one' };
    expect((await open(request(order, { ...known, attemptsAtMost: 3 }))).fresh).toBe(true);
    expect((await open(request(order, { ...known, attemptsAtMost: 1 }))).fresh).toBe(false);
  });

  test('is refused when its payment page would outlive the longest time of an open order', async () => {
    const order = await buildOrder(shop.database);

    expect(await refusalOf(open(request(order, { payableMs: 3_600_000 })))).toMatchObject({
      code: 'payment.too_late',
    });
    expect((await open(request(order, { payableMs: 3_590_000 }))).fresh).toBe(true);
  });

  test("is refused for an amount outside the gateway's limits", async () => {
    const order = await buildOrder(shop.database);
    const { total } = order.state;

    expect(
      await refusalOf(open(request(order), { ...GATEWAY_LIMITS, minimum: total + 1, maximum: 1e9 })),
    ).toMatchObject({
      code: 'checkout.amount_too_small',
    });
    expect(
      await refusalOf(open(request(order), { ...GATEWAY_LIMITS, minimum: 1, maximum: total - 1 })),
    ).toMatchObject({
      code: 'checkout.amount_too_large',
    });
    expect((await open(request(order), { ...GATEWAY_LIMITS, minimum: total, maximum: total })).fresh).toBe(
      true,
    );
  });
});

describe('the answer of the gateway', () => {
  test('opens the attempt and moves the end of the hold', async () => {
    const order = await buildOrder(shop.database, { stage: 'requesting' });
    const input = answer(order, { fee: 1_200 });

    const state = await record(input);

    const [attempt] = state.attempts;
    expect(attempt).toMatchObject({
      status: 'open',
      authority: input.authority,
      redirectUrl: 'https://gateway.test/pay',
    });
    expect(attempt!.payableUntil).toBeLessThan(order.attempt.payableUntil);
    expect(state.paymentDeadline - attempt!.payableUntil).toBe(60_000);
    expect(await eventsOf(order.id)).toContainEqual({
      type: 'order.payment_opened',
      payload: {
        attemptId: order.attemptId,
        gateway: 'zarinpal',
        amount: { amount: state.total, currency: 'IRR' },
        payableUntil: new Date(attempt!.payableUntil).toISOString(),
      },
    });
    const stored = await row(shop.database.manager, 'SELECT fee FROM payment_attempts WHERE id = $1', [
      order.attemptId,
    ]);
    expect(stored).toEqual({ fee: 1_200 });
  });

  test('counts once: a second answer, the same or another, changes nothing', async () => {
    const order = await buildOrder(shop.database, { stage: 'requesting' });
    const first = await record(answer(order));

    expect(await record(answer(order, { payableMs: 10 }))).toEqual(first);
    expect(await eventsOf(order.id)).toHaveLength(2);
  });

  test('counts once when two come at the same time', async () => {
    const order = await buildOrder(shop.database, { stage: 'requesting' });
    const [one, other] = [answer(order), answer(order)];

    const race = await interleave(
      shop,
      (transaction) => recordAuthority(transaction, one),
      (transaction) => recordAuthority(transaction, other),
    );

    expect(race).toMatchObject({
      waited: true,
      second: { status: 'fulfilled', value: { attempts: [{ authority: one.authority }] } },
    });
  });

  test.each(['cancelled', 'expired'] as const)('for an order that is %s changes nothing', async (as) => {
    const order = await buildOrder(shop.database, { stage: 'requesting' });
    const closed = await shop.run((transaction) =>
      closeOrder(transaction, { orderId: order.id, placeKey: order.placeKey, as }),
    );

    expect(await record(answer(order))).toEqual(closed);
    expect(closed).toMatchObject({ status: as, attempts: [{ status: 'closed', authority: null }] });
  });

  test('with the authority of another payment is refused and changes nothing', async () => {
    const other = await buildOrder(shop.database);
    const order = await buildOrder(shop.database, { stage: 'requesting' });

    const refused = await refusalOf(record(answer(order, { authority: other.attempt.authority! })));

    expect(refused.code).toBe('payment.reference_taken');
    expect(await readOrderState(shop.database.manager, order.id)).toEqual(order.state);
    expect(await readOrderState(shop.database.manager, other.id)).toEqual(other.state);
  });

  test('for an attempt that has been closed changes nothing', async () => {
    const order = await buildOrder(shop.database, { stage: 'requesting' });
    const closed = await close({ orderId: order.id, attemptId: order.attemptId, failureCode: 'no_answer' });
    expect(await record(answer(order))).toEqual(closed);
  });

  test('costs at most five statements, START TRANSACTION and COMMIT among them', async () => {
    const order = await buildOrder(shop.database, { stage: 'requesting' });
    const step = createSteps(shop.database).step(recordAuthority);

    const { statements } = await countStatements(shop.database, () => step(answer(order)));

    expect(statements.length, statements.join('\n\n')).toBeLessThanOrEqual(5);
  });
});

describe('closing an attempt', () => {
  test('whose opening failed records the reason, once', async () => {
    const order = await buildOrder(shop.database, { stage: 'requesting' });
    const input = { orderId: order.id, attemptId: order.attemptId, failureCode: '-11' };

    const closed = await close(input);
    const again = await close(input);

    expect(closed.attempts).toMatchObject([{ status: 'closed', failureCode: '-11' }]);
    expect(closed.status).toBe('awaiting_payment');
    expect(again).toEqual(closed);
    expect((await eventsOf(order.id)).slice(1)).toEqual([
      {
        type: 'order.payment_unavailable',
        payload: { attemptId: order.attemptId, gateway: 'zarinpal', reason: 'gateway_unavailable' },
      },
    ]);
  });

  test.each(['open', 'verifying', 'paid', 'surplus'] as const)(
    'leaves one that is %s as it is',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });
      const left = await close({ orderId: order.id, attemptId: order.attemptId });
      expect(left).toEqual(order.state);
    },
  );

  test.each(['expired', 'cancelled'] as const)(
    'that was watched to its end after the order was %s records no event',
    async (stage) => {
      const order = await buildOrder(shop.database, { stage });

      const closed = await close({ orderId: order.id, attemptId: order.attemptId });

      expect(closed.attempts).toMatchObject([{ status: 'closed' }]);
      expect(closed.version).toBe(order.state.version);
    },
  );

  test('of another order does nothing', async () => {
    const order = await buildOrder(shop.database, { stage: 'requesting' });
    const other = await buildOrder(shop.database);

    await close({ orderId: other.id, attemptId: order.attemptId, failureCode: 'x' });

    expect(await readOrderState(shop.database.manager, order.id)).toEqual(order.state);
  });
});
