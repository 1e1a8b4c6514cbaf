import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { buildRequest, openFakeShop, workflowOf, type FakeShop } from './fake-shop';

// Whoever may write to Temporal may send anything, and a message is delivered again until its workflow has taken it: one that
// the workflow stumbles over stops the order for good.

let shop: FakeShop;

beforeAll(async () => {
  shop = await openFakeShop();
});
afterAll(() => shop?.close());
beforeEach(() => {
  shop.runs.length = 0;
});

async function buildOrder() {
  const orderId = newId();
  const calls = shop.calls();
  await calls.place(orderId, buildRequest(), 'asker');
  const [attempt] = shop.rows.order(orderId).attempts;
  return { orderId, calls, attempt: attempt! };
}

type BuiltOrder = Awaited<ReturnType<typeof buildOrder>>;

/** How the workflow said no to an update that must not work. */
async function rejectionOf({ orderId }: BuiltOrder, update: string, args: unknown[]) {
  const failure: unknown = await workflowOf(shop, orderId)
    .executeUpdate(update, { args: args as [] })
    .catch((error: unknown) => error);
  if (!(failure instanceof WorkflowUpdateFailedError))
    throw new Error('it was not rejected', { cause: failure });
  if (!(failure.cause instanceof ApplicationFailure)) throw failure;
  const { type, category, nonRetryable, details } = failure.cause;
  return { type, category, nonRetryable, details };
}

/** The buyer pays and comes back, which only a workflow that goes on answers. */
async function expectToGoOn({ orderId, calls, attempt }: BuiltOrder): Promise<void> {
  shop.gateway.pay(attempt.authority!);
  const callback = await calls.paymentCallback(orderId, attempt.id, newId());
  expect(callback).toMatchObject({ kind: 'answered', answer: { order: { status: 'placed' } } });
}

const TOO_LONG = 'x'.repeat(201);

test.each([
  ['place', []],
  ['place', [null]],
  ['place', [{ askedBy: 7 }]],
  ['paymentCallback', []],
  ['paymentCallback', ['an attempt']],
  ['paymentCallback', [{ attemptId: '' }]],
  ['paymentCallback', [{ attemptId: TOO_LONG }]],
  ['openPayment', []],
  ['openPayment', [{ gateway: 'zarinpal' }]],
  ['openPayment', [{ cause: 'by hand', gateway: null }]],
  // Postgres keeps the keys of steps, and no longer ones than 200 characters.
  ['openPayment', [{ cause: 'x'.repeat(150), gateway: 'zarinpal' }]],
  ['decide', []],
  ['decide', ['not_paid']],
  ['decide', [{ attemptId: 'an attempt', decision: 'not_paid' }]],
  ['decide', [{ decision: 'not_paid', note: 'asked the gateway' }]],
])('the update %s with %j is rejected and the workflow goes on', async (update, args) => {
  const order = await buildOrder();
  const runsBefore = shop.runs.length;

  expect(await rejectionOf(order, update, args)).toMatchObject({
    type: 'request.invalid',
    category: 'BENIGN',
    nonRetryable: true,
  });

  expect(shop.runs.length).toBe(runsBefore);
  await expectToGoOn(order);
});

test('a decision that nobody can make changes nothing', async () => {
  const order = await buildOrder();
  const before = structuredClone(shop.rows.order(order.orderId));
  const unknown = { attemptId: order.attempt.id, decision: 'paid', note: 'the buyer says so' };

  expect(await rejectionOf(order, 'decide', [unknown])).toMatchObject({ type: 'request.invalid' });

  expect(shop.rows.order(order.orderId)).toEqual(before);
  await expectToGoOn(order);
});

test('a decision about an attempt that the order does not have is refused', async () => {
  const order = await buildOrder();
  const mistyped = { attemptId: 'the first one', decision: 'not_paid', note: 'asked the gateway' };

  expect(await rejectionOf(order, 'decide', [mistyped])).toMatchObject({
    type: 'payment.not_found',
    details: [{ attemptId: 'the first one' }],
  });

  await expectToGoOn(order);
});

test('a callback of an attempt that the order does not have is answered with how the order stands', async () => {
  const order = await buildOrder();

  const callback = await order.calls.paymentCallback(order.orderId, newId(), newId());

  expect(callback).toMatchObject({ answer: { order: { status: 'awaiting_payment' } } });
  await expectToGoOn(order);
});

test.each([
  [[]],
  [[null]],
  [['an attempt']],
  [[{ attemptIds: null }]],
  [[{ attemptIds: 5 }]],
  [[{ attemptIds: [5] }]],
])('the signal wake with %j is harmless', async (args) => {
  const order = await buildOrder();

  await workflowOf(shop, order.orderId).signal<unknown[]>('wake', ...args);

  await expectToGoOn(order);
});
