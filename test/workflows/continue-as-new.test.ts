import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { eventually } from '../support/eventually';
import { effectsOf } from './order-effects';
import { buildRunningOrder, type RunningOrder } from './orders';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());
beforeEach(() => shop.reset());

test('a workflow with a long history goes on in a new run, by the rows, and is found as before', async () => {
  const order = await buildRunningOrder(shop);
  const { orderId, calls, first, workflow } = order;
  const before = await workflow.handle.describe();

  await outgrowRun(order);
  const after = await workflow.handle.describe();
  shop.gateway.pay(first);
  const callback = await calls.paymentCallback(orderId, first.id, newId());

  expect(after.runId).not.toBe(before.runId);
  expect(callback).toMatchObject({ kind: 'answered', answer: { order: { status: 'placed' } } });
  expect(await shop.temporal.workflow.result(before.workflowId)).toBe('Placed');
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'sold']);
  expect(shop.runsOf('placeOrder')).toBe(1);
  expect(shop.runsOf('requestPayment')).toBe(1);
  expect(after.status.name).toBe('RUNNING');
  expect(after.typedSearchAttributes.get(SEARCH_ATTRIBUTES.orderStatus)).toBe('AwaitingPayment');
  expect(after.raw.executionConfig?.defaultWorkflowTaskTimeout).toEqual(
    before.raw.executionConfig?.defaultWorkflowTaskTimeout,
  );
});

test('a callback that waits for another attempt’s end is answered and does not hold up the next run', async () => {
  const order = await buildRunningOrder(shop, { timing: { retryFirstMs: 600_000, retryMostMs: 600_000 } });
  const { orderId, calls } = order;
  await calls.openPayment(orderId, 'buyer', 'zarinpal');
  const [first, second] = (await shop.order(orderId)).attempts;
  shop.before.set('verifyPayment', async () => {
    throw new Error('no answer');
  });
  await calls.paymentCallback(orderId, first!.id, newId());
  shop.before.clear();
  const runId = await runOf(order);
  const waiting = calls.paymentCallback(orderId, second!.id, newId());
  await eventually(
    () => updatedAttempts(order),
    (attemptIds) => attemptIds.at(-1) === second!.id,
  );

  await outgrowRun(order);

  expect(await runOf(order)).not.toBe(runId);
  expect(await waiting).toMatchObject({
    kind: 'answered',
    answer: {
      order: { status: 'awaiting_payment', attempts: [{ status: 'verifying' }, { status: 'open' }] },
    },
  });
  shop.gateway.pay(second!);
  expect(await calls.paymentCallback(orderId, second!.id, newId())).toMatchObject({
    answer: { order: { status: 'placed' } },
  });
});

async function runOf({ workflow }: RunningOrder): Promise<string> {
  return (await workflow.handle.describe()).runId;
}

const MEGABYTE = 1_000_000;
const MEGABYTES_AT_MOST = 10;

/**
 * Makes the history so large that a new run begins, and returns when it has begun. Temporal suggests one at 4,096 events,
 * which take a slow machine minutes, or at four megabytes, which a few large signals reach at once. A signal that meets a
 * running task counts for a later one only, so it may take a few more.
 */
async function outgrowRun(order: RunningOrder): Promise<void> {
  const reads = () =>
    shop.runs.filter(({ step, input }) => step === 'readOrder' && input['orderId'] === order.orderId).length;
  const runId = await runOf(order);
  for (let megabyte = 1; megabyte <= MEGABYTES_AT_MOST; megabyte += 1) {
    const readsBefore = reads();
    await order.workflow.handle.signal('wake', { attemptIds: ['x'.repeat(MEGABYTE)] });
    await eventually(reads, (now) => now > readsBefore);
    if ((await runOf(order)) !== runId) return;
  }
  await eventually(
    () => runOf(order),
    (now) => now !== runId,
  );
}

/** The attempts that accepted updates were about. */
async function updatedAttempts({ workflow }: RunningOrder): Promise<unknown[]> {
  const { events } = await workflow.handle.fetchHistory();
  return (events ?? []).flatMap((event) => {
    const [data] =
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.args?.payloads ?? [];
    return data?.data
      ? [(JSON.parse(Buffer.from(data.data).toString()) as { attemptId?: string }).attemptId]
      : [];
  });
}
