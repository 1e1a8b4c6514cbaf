import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import { attemptIdOf } from '../../entities/payments/attempt-id';
import { newId } from '../../entities/values/uuid';
import type { CheckoutTiming } from '../../workflows/checkout/checkout.contract';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { refusal } from './fake-rows';
import { buildRequest, openFakeShop, workflowOf, type FakeShop } from './fake-shop';

let shop: FakeShop;

beforeAll(async () => {
  shop = await openFakeShop();
});
afterAll(() => shop?.close());
beforeEach(() => {
  shop.before.clear();
  shop.after.clear();
  shop.answers = {};
  shop.runs.length = 0;
  shop.rows.journal.length = 0;
});

const PATIENCE = { timeout: 15_000, interval: 20 };

async function buildOrder(timing: Partial<CheckoutTiming> = {}) {
  const orderId = newId();
  const calls = shop.calls(timing);
  await calls.place(orderId, buildRequest(), 'asker');
  const [first] = shop.rows.order(orderId).attempts;
  return { orderId, calls, first: first! };
}

async function attributes(orderId: string) {
  const { typedSearchAttributes } = await workflowOf(shop, orderId).describe();
  return {
    status: typedSearchAttributes.get(SEARCH_ATTRIBUTES.orderStatus),
    needsAttention: typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention) ?? false,
  };
}

/** What an operator reads in the Temporal UI. */
async function detailsOf(orderId: string): Promise<string> {
  const { currentDetails } = await workflowOf(shop, orderId).query<{ currentDetails: string }>(
    '__temporal_workflow_metadata',
  );
  return currentDetails;
}

test('an order that nobody pays is polled once more at its deadline and expires', async () => {
  const { orderId } = await buildOrder({ payableMs: 400, holdGraceMs: 100 });

  expect(await workflowOf(shop, orderId).result()).toBe('Expired');
  const polls = shop.runs.map(({ step }) => step);
  expect(polls.indexOf('verifyPayment')).toBeLessThan(polls.indexOf('closeOrder'));
  expect(shop.rows.order(orderId).attempts[0]?.status).toBe('closed');
  expect(shop.rows.effects()).toEqual(['held', 'released']);
  expect(await attributes(orderId)).toEqual({ status: 'Expired', needsAttention: false });
});

test('a buyer who paid and closed the tab gets the order at the deadline', async () => {
  const { orderId, first } = await buildOrder({ payableMs: 400, holdGraceMs: 100 });
  shop.gateway.pay(first.authority!);

  expect(await workflowOf(shop, orderId).result()).toBe('Placed');
  expect(shop.rows.effects()).toEqual(['held', 'sold']);
});

test('an expiry that the tables refuse is no end: the workflow reads them and goes on', async () => {
  const { orderId, first } = await buildOrder({ payableMs: 400, holdGraceMs: 100 });
  const authority = first.authority!;
  // What a step that hung and committed late leaves behind: a capture that the workflow knows nothing of.
  shop.before.set('closeOrder', async () => {
    shop.before.delete('closeOrder');
    shop.gateway.pay(authority);
    const attempt = shop.rows.order(orderId).attempts[0]!;
    attempt.status = 'verifying';
    attempt.captureRound += 1;
    throw refusal('order.verifying');
  });

  expect(await workflowOf(shop, orderId).result()).toBe('Placed');
  expect(shop.rows.effects()).toEqual(['held', 'sold']);
});

test('operators find the order under its status while a late payment is still watched for', async () => {
  const { orderId, calls, first } = await buildOrder({ watchLateMs: 60_000 });
  await calls.openPayment(orderId, 'buyer', 'zarinpal');
  shop.gateway.pay(first.authority!);
  await calls.paymentCallback(orderId, first.id, newId());

  await vi.waitFor(async () => expect((await attributes(orderId)).status).toBe('Placed'), PATIENCE);
  expect((await workflowOf(shop, orderId).describe()).status.name).toBe('RUNNING');
});

test('a capture that nobody wanted is refunded once', async () => {
  const { orderId, calls, first } = await buildOrder({ pollEveryMs: 100, payableMs: 2_000 });
  await calls.openPayment(orderId, 'buyer', 'zarinpal');
  const second = shop.rows.order(orderId).attempts[1]!;
  shop.gateway.pay(first.authority!);
  await calls.paymentCallback(orderId, first.id, newId());
  shop.gateway.capture(second.authority!);

  expect(await workflowOf(shop, orderId).result()).toBe('Placed');
  expect(shop.rows.effects()).toEqual(['held', 'sold', 'owed', 'refunded']);
  expect(shop.runs.filter(({ step }) => step === 'reversePayment')).toHaveLength(1);
});

test('after a reversal without an answer the gateway is asked for the state before money is refunded again', async () => {
  const { orderId, calls, first } = await buildOrder({ pollEveryMs: 100, payableMs: 2_000 });
  await calls.openPayment(orderId, 'buyer', 'zarinpal');
  const second = shop.rows.order(orderId).attempts[1]!;
  shop.gateway.pay(first.authority!);
  await calls.paymentCallback(orderId, first.id, newId());
  shop.after.set('reversePayment', async () => {
    throw new Error('the answer got lost');
  });
  shop.gateway.capture(second.authority!);

  expect(await workflowOf(shop, orderId).result()).toBe('Placed');
  expect(shop.runs.filter(({ step }) => step === 'reversePayment')).toHaveLength(1);
  expect(shop.rows.effects()).toEqual(['held', 'sold', 'owed', 'refunded']);
});

test('a refund that the gateway refuses waits for a person, says what to do and ends when they did it', async () => {
  const { orderId, calls, first } = await buildOrder({ pollEveryMs: 100, watchLateMs: 60_000 });
  await calls.openPayment(orderId, 'buyer', 'zarinpal');
  const second = shop.rows.order(orderId).attempts[1]!;
  shop.gateway.pay(first.authority!);
  await calls.paymentCallback(orderId, first.id, newId());
  shop.answers.reversePayment = [{ kind: 'too_late', code: '-63', message: 'half an hour is over' }];
  shop.gateway.capture(second.authority!);

  await vi.waitFor(async () => expect((await attributes(orderId)).needsAttention).toBe(true), PATIENCE);
  const details = await detailsOf(orderId);
  expect(details).toContain('does not reverse 250000 rial');
  expect(details).toContain('`decide`');
  await vi.waitFor(
    () => expect(shop.runs.filter(({ step }) => step === 'raiseAlert')).toHaveLength(1),
    PATIENCE,
  );
  await workflowOf(shop, orderId).executeUpdate('decide', {
    args: [{ attemptId: second.id, decision: 'refunded_by_hand', note: 'by bank transfer' }],
  });

  expect(await workflowOf(shop, orderId).result()).toBe('Placed');
  expect(shop.rows.effects()).toEqual(['held', 'sold', 'owed', 'refunded']);
  expect(await attributes(orderId)).toEqual({ status: 'Placed', needsAttention: false });
  expect(await detailsOf(orderId)).not.toContain('Needs a person');
});

test('a gateway that gives no clear answer keeps the hold, calls a person and settles once it is clear', async () => {
  const { orderId, calls, first } = await buildOrder({ attentionAfterMs: 100 });
  shop.gateway.pay(first.authority!);
  let isAway = true;
  shop.before.set('verifyPayment', async () => {
    if (isAway) throw new Error('no answer');
  });
  await calls.paymentCallback(orderId, first.id, newId());

  await vi.waitFor(async () => expect((await attributes(orderId)).needsAttention).toBe(true), PATIENCE);
  expect(await detailsOf(orderId)).toContain('gives no clear answer');
  expect(await calls.cancel(orderId, newId())).toMatchObject({ code: 'order.verifying' });
  isAway = false;

  expect(await workflowOf(shop, orderId).result()).toBe('Placed');
  expect(shop.rows.effects()).toEqual(['held', 'sold']);
  expect(await attributes(orderId)).toEqual({ status: 'Placed', needsAttention: false });
  expect(await detailsOf(orderId)).not.toContain('Needs a person');
});

test('a watched attempt without a clear answer says so in the details', async () => {
  const { orderId, calls, first } = await buildOrder({ pollEveryMs: 100, watchLateMs: 60_000 });
  const notAllowed = { kind: 'operator', code: '-10', message: 'the address is not allowed' } as const;
  shop.answers.inquirePayment = Array.from({ length: 1_000 }, () => notAllowed);
  await calls.cancel(orderId, newId());
  expect(first.id).toBe(attemptIdOf(orderId, 'first'));

  await vi.waitFor(
    async () => expect(await detailsOf(orderId)).toContain('the address is not allowed'),
    PATIENCE,
  );
  shop.answers = {};
  await vi.waitFor(
    async () => expect(await detailsOf(orderId)).not.toContain('the address is not allowed'),
    PATIENCE,
  );
  expect((await attributes(orderId)).needsAttention).toBe(false);
});

test('a payment page that nobody can open needs a person only for as long as somebody would pay on it', async () => {
  shop.answers.requestPayment = [
    { kind: 'refused', class: 'operator', code: '-11', message: 'the merchant is not active' },
  ];
  const { orderId, calls } = await buildOrder();
  await vi.waitFor(async () => expect((await attributes(orderId)).needsAttention).toBe(true), PATIENCE);
  expect(await detailsOf(orderId)).toContain('the merchant is not active');

  await calls.cancel(orderId, newId());

  expect(await workflowOf(shop, orderId).result()).toBe('Cancelled');
  expect(await attributes(orderId)).toEqual({ status: 'Cancelled', needsAttention: false });
});
