import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { buildRunningOrder, type RunningOrder } from './orders';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

// Everybody with access to Temporal may send anything, and a message is delivered until its workflow has taken it. A message
// that fails the workflow's task stops the order for good.

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());
beforeEach(() => shop.reset());

/** How the workflow rejected an update that must not work. */
async function rejectionOf({ workflow }: RunningOrder, update: string, args: unknown[]) {
  const failure: unknown = await workflow.handle
    .executeUpdate(update, { args: args as [] })
    .catch((error: unknown) => error);
  if (!(failure instanceof WorkflowUpdateFailedError))
    throw new Error('the update was not rejected', { cause: failure });
  if (!(failure.cause instanceof ApplicationFailure)) throw failure;
  const { type, category, nonRetryable, details } = failure.cause;
  return { type, category, nonRetryable, details };
}

/** The buyer pays and comes back, which only a workflow that goes on answers. */
async function expectToGoOn({ orderId, calls, first }: RunningOrder): Promise<void> {
  shop.gateway.pay(first);
  const callback = await calls.paymentCallback(orderId, first.id, newId());
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
])('the update %s with %j is rejected, and the workflow goes on', async (update, args) => {
  const order = await buildRunningOrder(shop);
  const runsBefore = shop.runs.length;

  expect(await rejectionOf(order, update, args)).toMatchObject({
    type: 'request.invalid',
    category: 'BENIGN',
    nonRetryable: true,
  });

  expect(shop.runs.length).toBe(runsBefore);
  await expectToGoOn(order);
});

test('an unknown decision changes nothing', async () => {
  const order = await buildRunningOrder(shop);
  const before = await shop.order(order.orderId);
  const unknown = { attemptId: order.first.id, decision: 'paid', note: 'the buyer says so' };

  expect(await rejectionOf(order, 'decide', [unknown])).toMatchObject({ type: 'request.invalid' });

  expect(await shop.order(order.orderId)).toEqual(before);
  await expectToGoOn(order);
});

test('a decision about an attempt that the order does not have is refused', async () => {
  const order = await buildRunningOrder(shop);
  const mistyped = { attemptId: 'the first one', decision: 'not_paid', note: 'asked the gateway' };

  expect(await rejectionOf(order, 'decide', [mistyped])).toMatchObject({
    type: 'payment.not_found',
    details: [{ attemptId: 'the first one' }],
  });

  await expectToGoOn(order);
});

test('a decision stays a decision when it carries a `kind` of another request', async () => {
  const order = await buildRunningOrder(shop);
  const disguised = { attemptId: newId(), decision: 'not_paid', note: 'asked the gateway', kind: 'cancel' };

  expect(await rejectionOf(order, 'decide', [disguised])).toMatchObject({ type: 'payment.not_found' });

  await expectToGoOn(order);
});

test('a callback of an attempt that the order does not have is answered with how the order stands', async () => {
  const order = await buildRunningOrder(shop);

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
  const order = await buildRunningOrder(shop);

  await order.workflow.handle.signal<unknown[]>('wake', ...args);

  await expectToGoOn(order);
});
