import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { buildRequest, openFakeShop, workflowOf, type FakeShop } from './fake-shop';

let shop: FakeShop;

beforeAll(async () => {
  shop = await openFakeShop();
});
afterAll(() => shop?.close());

const PATIENCE = { timeout: 15_000, interval: 50 };

test('a callback that waits for another attempt’s end is answered rather than hold the next run up', async () => {
  const orderId = newId();
  const calls = shop.calls({ retryFirstMs: 600_000, retryMostMs: 600_000 });
  await calls.place(orderId, buildRequest(), 'asker');
  await calls.openPayment(orderId, 'buyer', 'zarinpal');
  const [first, second] = shop.rows.order(orderId).attempts.map(({ id }) => id);
  shop.before.set('verifyPayment', async () => {
    throw new Error('no answer');
  });
  await calls.paymentCallback(orderId, first!, newId());
  shop.before.clear();
  const runId = await runOf(orderId);
  const waiting = calls.paymentCallback(orderId, second!, newId());
  await vi.waitUntil(async () => (await updatesOf(orderId)).at(-1) === second, PATIENCE);

  await growHistory(orderId);

  await vi.waitUntil(async () => (await runOf(orderId)) !== runId, PATIENCE);
  expect(await waiting).toMatchObject({
    kind: 'answered',
    answer: {
      order: { status: 'awaiting_payment', attempts: [{ status: 'verifying' }, { status: 'open' }] },
    },
  });
  shop.gateway.pay(shop.rows.order(orderId).attempts[1]!.authority!);
  expect(await calls.paymentCallback(orderId, second!, newId())).toMatchObject({
    answer: { order: { status: 'placed' } },
  });
});

/** The attempts that accepted updates were about. */
async function updatesOf(orderId: string): Promise<unknown[]> {
  const { events } = await workflowOf(shop, orderId).fetchHistory();
  return (events ?? []).flatMap((event) => {
    const [data] =
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.args?.payloads ?? [];
    return data?.data
      ? [(JSON.parse(Buffer.from(data.data).toString()) as { attemptId?: string }).attemptId]
      : [];
  });
}

async function runOf(orderId: string): Promise<string> {
  return (await workflowOf(shop, orderId).describe()).runId;
}

/**
 * As long as one of a day, in megabytes instead of events: Temporal suggests a new run at four, but to the task after the
 * next when a signal comes while a task is under way.
 */
async function growHistory(orderId: string): Promise<void> {
  const runId = await runOf(orderId);
  for (let megabyte = 1; megabyte <= 10 && (await runOf(orderId)) === runId; megabyte += 1) {
    const reads = () =>
      shop.runs.filter(({ step, input }) => step === 'readOrder' && input['orderId'] === orderId);
    const before = reads().length;
    await workflowOf(shop, orderId).signal('wake', { attemptIds: ['x'.repeat(1_000_000)] });
    await vi.waitUntil(() => reads().length > before, PATIENCE);
  }
}
