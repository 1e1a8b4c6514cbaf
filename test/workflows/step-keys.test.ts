import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { attemptIdOf } from '../../entities/payments/attempt-id';
import { newId } from '../../entities/values/uuid';
import type { CheckoutTiming } from '../../workflows/checkout/checkout.contract';
import { buildRequest, openFakeShop, workflowOf, type FakeShop, type StepName } from './fake-shop';

// Replay sees the names of steps and not what they are given: a changed key would pass it, and every step that had
// happened for an order in flight would happen a second time.

let shop: FakeShop;

beforeAll(async () => {
  shop = await openFakeShop();
});
afterAll(() => shop?.close());
beforeEach(() => {
  shop.answers = {};
  shop.runs.length = 0;
});

async function buildOrder(timing: Partial<CheckoutTiming> = {}, request = buildRequest()) {
  const orderId = newId();
  const calls = shop.calls(timing);
  await calls.place(orderId, request, 'asker');
  return { orderId, calls, first: attemptIdOf(orderId, 'first') };
}

function inputsOf(step: StepName, ...names: string[]): unknown[] {
  return shop.runs
    .filter((run) => run.step === step)
    .map(({ input }) => (names.length === 1 ? input[names[0]!] : names.map((name) => input[name])));
}

test('placing is keyed by the workflow', async () => {
  const { orderId } = await buildOrder();

  expect(inputsOf('placeOrder', 'key')).toEqual([`checkout:${orderId}:place`]);
});

test('another attempt is keyed by what caused it', async () => {
  const { orderId, calls } = await buildOrder();

  await calls.openPayment(orderId, 'buyer-key-1', 'zarinpal');
  await calls.openPayment(orderId, 'buyer-key-2', 'zarinpal');

  expect(inputsOf('openAttempt', 'key', 'cause')).toEqual([
    [`checkout:${orderId}:open:buyer-key-1`, 'buyer-key-1'],
    [`checkout:${orderId}:open:buyer-key-2`, 'buyer-key-2'],
  ]);
});

test('the attempt in place of one whose answer got lost is keyed by the lost one', async () => {
  shop.answers.requestPayment = [{ kind: 'unknown', message: 'no answer' }];
  const { orderId, first } = await buildOrder();

  expect(inputsOf('openAttempt', 'key', 'cause')).toEqual([
    [`checkout:${orderId}:open:instead-of:${first}`, `instead-of:${first}`],
  ]);
});

test("an operator's retry opens an attempt keyed by their request", async () => {
  shop.answers.requestPayment = [{ kind: 'refused', class: 'operator', code: '-11', message: 'inactive' }];
  const { orderId } = await buildOrder();

  await workflowOf(shop, orderId).executeUpdate('retry', { updateId: 'by-hand' });

  expect(inputsOf('openAttempt', 'key', 'cause')).toEqual([
    [`checkout:${orderId}:open:retry:by-hand`, 'retry:by-hand'],
  ]);
});

test('settling is keyed by the attempt', async () => {
  const { orderId, calls, first } = await buildOrder();
  shop.gateway.pay(shop.rows.order(orderId).attempts[0]!.authority!);

  await calls.paymentCallback(orderId, first, newId());

  expect(inputsOf('confirmOrder', 'key')).toEqual([`checkout:${orderId}:settle:${first}`]);
});

test('closing takes the key of placing, after a cancellation and at the deadline', async () => {
  const cancelled = await buildOrder();
  await cancelled.calls.cancel(cancelled.orderId, newId());
  const expired = await buildOrder({ payableMs: 200, holdGraceMs: 0, pollEveryMs: 50 });
  await workflowOf(shop, expired.orderId).result();

  expect(inputsOf('closeOrder', 'placeKey', 'as')).toEqual([
    [`checkout:${cancelled.orderId}:place`, 'cancelled'],
    [`checkout:${expired.orderId}:place`, 'expired'],
  ]);
});

test('a free order is placed under the same key and needs no other', async () => {
  const { orderId } = await buildOrder({}, buildRequest({ expectedTotal: 0 }));

  expect(await workflowOf(shop, orderId).result()).toBe('Placed');
  expect(shop.runs.map(({ step, input }) => [step, input['key']])).toEqual([
    ['placeOrder', `checkout:${orderId}:place`],
  ]);
});

test('steps that repeat carry no key but what they compare with', async () => {
  const { orderId, calls, first } = await buildOrder();

  await calls.paymentCallback(orderId, first, newId());
  await calls.paymentCallback(orderId, first, newId());

  expect(inputsOf('beginCapture', 'key', 'attemptId')).toEqual([
    [undefined, first],
    [undefined, first],
  ]);
  expect(inputsOf('reopenAttempt', 'key', 'captureRound')).toEqual([
    [undefined, 1],
    [undefined, 2],
  ]);
});
