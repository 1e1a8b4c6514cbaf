import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { beginCapture } from '../../entities/checkout/begin-capture';
import { attemptIdOf } from '../../entities/payments/attempt-id';
import { newId } from '../../entities/values/uuid';
import type { CheckoutTiming } from '../../workflows/checkout/checkout.contract';
import { eventually } from '../support/eventually';
import { effectsOf } from './order-effects';
import { buildRunningOrder } from './orders';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());
beforeEach(() => shop.reset());
afterEach(() => shop.assertInvariantsHold());

const SOON: Partial<CheckoutTiming> = { payableMs: 400, holdGraceMs: 100 };

test('an unpaid order is polled once more at its deadline and expires', async () => {
  const { orderId, workflow } = await buildRunningOrder(shop, { timing: SOON });

  expect(await workflow.handle.result()).toBe('Expired');
  const steps = shop.runs.map(({ step }) => step);
  expect(steps.indexOf('verifyPayment')).toBeLessThan(steps.indexOf('closeOrder'));
  expect((await shop.order(orderId)).attempts[0]?.status).toBe('closed');
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'released']);
  expect(await workflow.read()).toMatchObject({ orderStatus: 'Expired', needsAttention: false });
});

test('a buyer who paid and closed the tab gets the order at the deadline', async () => {
  shop.gateway.buyersPayAtOnce = true;
  const { orderId, workflow } = await buildRunningOrder(shop, { timing: SOON });

  expect(await workflow.handle.result()).toBe('Placed');
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'sold']);
});

test('an expiry that the tables refuse ends nothing: the workflow reads them and goes on', async () => {
  // What a step that hung and committed late leaves behind: a capture that the workflow knows nothing of.
  shop.before.set('closeOrder', async ({ input }) => {
    shop.before.delete('closeOrder');
    const { id: orderId, attempts } = await shop.order(String(input['orderId']));
    const [attempt] = attempts;
    shop.gateway.pay(attempt!);
    await shop.run((transaction) =>
      beginCapture(transaction, { orderId, attemptId: attempt!.id, moneyIsThere: false }),
    );
  });
  const { orderId, workflow } = await buildRunningOrder(shop, { timing: SOON });

  expect(await workflow.handle.result()).toBe('Placed');
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'sold']);
});

test('operators find the order under its status while the workflow still watches for a late payment', async () => {
  const { calls, orderId, first, workflow } = await buildRunningOrder(shop, {
    timing: { watchLateMs: 60_000 },
  });
  await calls.openPayment(orderId, 'buyer', 'zarinpal');
  shop.gateway.pay(first);
  await calls.paymentCallback(orderId, first.id, newId());

  expect(await workflow.untilShown('Placed')).toMatchObject({ status: 'RUNNING' });
});

/** An order that is paid on its first page. The gateway takes the money of its second page too, when it is asked about it. */
async function buildPaidTwice(timing: Partial<CheckoutTiming> = {}) {
  const order = await buildRunningOrder(shop, { timing: { pollEveryMs: 100, ...timing } });
  const { orderId, calls, first } = order;
  await calls.openPayment(orderId, 'buyer', 'zarinpal');
  const second = (await shop.order(orderId)).attempts[1]!;
  shop.before.set('inquirePayment', async () => {
    shop.before.delete('inquirePayment');
    shop.gateway.capture(second);
  });
  shop.gateway.pay(first);
  await calls.paymentCallback(orderId, first.id, newId());
  return { ...order, second };
}

test('a surplus capture is refunded once', async () => {
  const { orderId, workflow } = await buildPaidTwice();

  expect(await workflow.handle.result()).toBe('Placed');
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'sold', 'owed', 'refunded']);
  expect(shop.runsOf('reversePayment')).toBe(1);
});

test('after a reversal without an answer the gateway is inquired before money is refunded again', async () => {
  shop.after.set('reversePayment', async () => {
    throw new Error('the answer got lost');
  });
  const { orderId, workflow } = await buildPaidTwice();

  expect(await workflow.handle.result()).toBe('Placed');
  expect(shop.runsOf('reversePayment')).toBe(1);
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'sold', 'owed', 'refunded']);
});

test('a refund that the gateway refuses waits for a person, says what to do and ends with their decision', async () => {
  shop.gateway.answers.reverse = [{ kind: 'too_late', code: '-63', message: 'half an hour is over' }];
  const { orderId, second, workflow } = await buildPaidTwice({ watchLateMs: 60_000 });

  await workflow.untilAttention(true);
  const details = await workflow.details();
  expect(details).toContain('does not reverse 250000 rial');
  expect(details).toContain('`decide`');
  await eventually(
    () => shop.runsOf('raiseAlert'),
    (alerts) => alerts === 1,
  );
  await workflow.decide(second.id, 'refunded_by_hand');

  expect(await workflow.handle.result()).toBe('Placed');
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'sold', 'owed', 'refunded']);
  expect(await workflow.read()).toMatchObject({ orderStatus: 'Placed', needsAttention: false });
  expect(await workflow.details()).not.toContain('Needs a person');
});

test('an unclear answer of the gateway keeps the hold and alerts a person, and a clear one settles the order', async () => {
  const { orderId, calls, first, workflow } = await buildRunningOrder(shop, {
    timing: { attentionAfterMs: 100 },
  });
  shop.gateway.pay(first);
  let isAway = true;
  shop.before.set('verifyPayment', async () => {
    if (isAway) throw new Error('no answer');
  });
  await calls.paymentCallback(orderId, first.id, newId());

  await workflow.untilAttention(true);
  expect(await workflow.details()).toContain('gives no clear answer');
  expect(await calls.cancel(orderId, newId())).toMatchObject({ code: 'order.verifying' });
  isAway = false;

  expect(await workflow.handle.result()).toBe('Placed');
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'sold']);
  expect(await workflow.read()).toMatchObject({ orderStatus: 'Placed', needsAttention: false });
  expect(await workflow.details()).not.toContain('Needs a person');
});

test('a watched attempt without a clear answer shows in the details', async () => {
  const { orderId, calls, first, workflow } = await buildRunningOrder(shop, {
    timing: { pollEveryMs: 100, watchLateMs: 60_000 },
  });
  const notAllowed = { kind: 'operator', code: '-10', message: 'the address is not allowed' } as const;
  shop.gateway.answers.inquire = Array.from({ length: 1_000 }, () => notAllowed);
  await calls.cancel(orderId, newId());
  expect(first.id).toBe(attemptIdOf(orderId, 'first'));

  const isShown = (details: string) => details.includes('the address is not allowed');
  await eventually(workflow.details, isShown);
  shop.gateway.answers = {};
  await eventually(workflow.details, (details) => !isShown(details));
  expect(await workflow.read()).toMatchObject({ needsAttention: false });
});

test('a payment page that cannot be opened needs a person only while somebody would pay on it', async () => {
  shop.gateway.answers.open = [
    { kind: 'refused', class: 'operator', code: '-11', message: 'the merchant is not active' },
  ];
  const { orderId, calls, workflow } = await buildRunningOrder(shop);
  await workflow.untilAttention(true);
  expect(await workflow.details()).toContain('the merchant is not active');

  await calls.cancel(orderId, newId());

  expect(await workflow.handle.result()).toBe('Cancelled');
  expect(await workflow.read()).toMatchObject({ orderStatus: 'Cancelled', needsAttention: false });
});
