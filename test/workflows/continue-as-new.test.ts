import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { buildRequest, openFakeShop, workflowOf, type FakeShop } from './fake-shop';

let shop: FakeShop;

beforeAll(async () => {
  shop = await openFakeShop();
});
afterAll(() => shop?.close());

const PATIENCE = { timeout: 60_000, interval: 100 };

test('a workflow with a long history goes on in a new run, by the rows, and is found as before', async () => {
  const orderId = newId();
  // Asked about all the time, the workflow fills a history in seconds that takes hours otherwise.
  const calls = shop.calls({ pollEveryMs: 1, payableMs: 600_000 });
  await calls.place(orderId, buildRequest(), 'asker');
  const [attempt] = shop.rows.order(orderId).attempts;
  const before = await workflowOf(shop, orderId).describe();

  await vi.waitUntil(
    async () => (await workflowOf(shop, orderId).describe()).runId !== before.runId,
    PATIENCE,
  );
  const after = await workflowOf(shop, orderId).describe();
  shop.gateway.pay(attempt!.authority!);
  const callback = await calls.paymentCallback(orderId, attempt!.id, newId());

  // Whoever came back found the order paid, or the workflow over because a poll of its own had found the money first.
  if (callback.kind === 'answered') expect(callback.answer.order.status).toBe('placed');
  else expect(callback.kind).toBe('read_again');
  await vi.waitUntil(() => shop.rows.order(orderId).status === 'placed', PATIENCE);
  expect(await shop.temporal.workflow.result(before.workflowId)).toBe('Placed');
  expect(shop.rows.effects()).toEqual(['held', 'sold']);
  expect(shop.runs.filter(({ step }) => step === 'placeOrder')).toHaveLength(1);
  expect(shop.runs.filter(({ step }) => step === 'requestPayment')).toHaveLength(1);
  expect(after.status.name).toBe('RUNNING');
  expect(after.typedSearchAttributes.get(SEARCH_ATTRIBUTES.orderStatus)).toBe('AwaitingPayment');
  expect(after.raw.executionConfig?.defaultWorkflowTaskTimeout).toEqual(
    before.raw.executionConfig?.defaultWorkflowTaskTimeout,
  );
}, 90_000);
