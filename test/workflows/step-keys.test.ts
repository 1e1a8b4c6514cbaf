import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { attemptIdOf } from '../../entities/payments/attempt-id';
import { newId } from '../../entities/values/uuid';
import { buildRunningOrder } from './orders';
import { openWorkflowShop, type StepName, type WorkflowShop } from './workflow-shop';

// Replay compares the names of steps and not their inputs. A changed key would pass it, and every step that had happened for
// a running order would happen a second time.

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());
beforeEach(() => shop.reset());

function inputsOf(step: StepName, ...names: string[]): unknown[] {
  return shop.runs
    .filter((run) => run.step === step)
    .map(({ input }) => (names.length === 1 ? input[names[0]!] : names.map((name) => input[name])));
}

test('placing is keyed by the workflow', async () => {
  const { orderId } = await buildRunningOrder(shop);

  expect(inputsOf('placeOrder', 'key')).toEqual([`checkout:${orderId}:place`]);
});

test('another attempt is keyed by what caused it', async () => {
  const { orderId, calls } = await buildRunningOrder(shop);

  await calls.openPayment(orderId, 'buyer-key-1', 'zarinpal');
  await calls.openPayment(orderId, 'buyer-key-2', 'zarinpal');

  expect(inputsOf('openAttempt', 'key', 'cause')).toEqual([
    [`checkout:${orderId}:open:buyer-key-1`, 'buyer-key-1'],
    [`checkout:${orderId}:open:buyer-key-2`, 'buyer-key-2'],
  ]);
});

test('the attempt in place of one whose answer got lost is keyed by the lost one', async () => {
  shop.gateway.answers.open = [{ kind: 'unknown', message: 'no answer' }];
  const { orderId } = await buildRunningOrder(shop);
  const first = attemptIdOf(orderId, 'first');

  expect(inputsOf('openAttempt', 'key', 'cause')).toEqual([
    [`checkout:${orderId}:open:instead-of:${first}`, `instead-of:${first}`],
  ]);
});

test("an operator's retry opens an attempt keyed by their request", async () => {
  shop.gateway.answers.open = [{ kind: 'refused', class: 'operator', code: '-11', message: 'inactive' }];
  const { orderId, workflow } = await buildRunningOrder(shop);

  await workflow.handle.executeUpdate('retry', { updateId: 'by-hand' });

  expect(inputsOf('openAttempt', 'key', 'cause')).toEqual([
    [`checkout:${orderId}:open:retry:by-hand`, 'retry:by-hand'],
  ]);
});

test('settling is keyed by the attempt', async () => {
  const { orderId, calls, first } = await buildRunningOrder(shop);
  shop.gateway.pay(first);

  await calls.paymentCallback(orderId, first.id, newId());

  expect(first.id).toBe(attemptIdOf(orderId, 'first'));
  expect(inputsOf('confirmOrder', 'key')).toEqual([`checkout:${orderId}:settle:${first.id}`]);
});

test('closing takes the key of placing, after a cancellation and at the deadline', async () => {
  const cancelled = await buildRunningOrder(shop);
  await cancelled.calls.cancel(cancelled.orderId, newId());
  const expired = await buildRunningOrder(shop, {
    timing: { payableMs: 200, holdGraceMs: 0, pollEveryMs: 50 },
  });
  await expired.workflow.handle.result();

  expect(inputsOf('closeOrder', 'placeKey', 'as')).toEqual([
    [`checkout:${cancelled.orderId}:place`, 'cancelled'],
    [`checkout:${expired.orderId}:place`, 'expired'],
  ]);
});

test('a free order is placed under the same key and needs no other', async () => {
  const { orderId, workflow } = await buildRunningOrder(shop, { price: 0 });

  expect(await workflow.handle.result()).toBe('Placed');
  expect(shop.runs.map(({ step, input }) => [step, input['key']])).toEqual([
    ['placeOrder', `checkout:${orderId}:place`],
  ]);
});

test('steps that repeat carry no key but what they compare with', async () => {
  const { orderId, calls, first } = await buildRunningOrder(shop);

  await calls.paymentCallback(orderId, first.id, newId());
  await calls.paymentCallback(orderId, first.id, newId());

  expect(inputsOf('beginCapture', 'key', 'attemptId')).toEqual([
    [undefined, first.id],
    [undefined, first.id],
  ]);
  expect(inputsOf('reopenAttempt', 'key', 'captureRound')).toEqual([
    [undefined, 1],
    [undefined, 2],
  ]);
});
