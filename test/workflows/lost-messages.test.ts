import { isGrpcCancelledError } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { CHECKOUT_QUEUE } from '../../workflows/checkout/checkout.contract';
import { buildRequest, openFakeShop, type FakeShop } from './fake-shop';

let shop: FakeShop;

beforeAll(async () => {
  shop = await openFakeShop({ workers: false });
});
afterAll(() => shop?.close());

const PATIENCE_MS = 15_000;

/** Takes a workflow's task as a worker would, and says it is done without a word about the message in it. */
async function loseMessage(): Promise<void> {
  const { workflowService, options } = shop.temporal;
  const worker = { namespace: options.namespace, identity: 'forgetful' };
  const task = await shop.temporal.withDeadline(Date.now() + PATIENCE_MS, () =>
    workflowService.pollWorkflowTaskQueue({ ...worker, taskQueue: { name: CHECKOUT_QUEUE } }),
  );
  expect(task.messages).toHaveLength(1);
  await workflowService.respondWorkflowTaskCompleted({ ...worker, taskToken: task.taskToken });
}

test('a message that a worker lost is sent again, and whoever asked hears the answer', async () => {
  const orderId = newId();

  const placed = shop.calls().place(orderId, buildRequest(), 'asker');
  await loseMessage();
  await shop.startWorkers();
  expect(await placed).toMatchObject({ kind: 'answered', answer: { order: { status: 'awaiting_payment' } } });

  const [attempt] = shop.rows.order(orderId).attempts;
  shop.gateway.pay(attempt!.authority!);
  await shop.stopWorkers();
  const callback = shop.calls().paymentCallback(orderId, attempt!.id, newId());
  await loseMessage();
  await shop.startWorkers();

  expect(await callback).toMatchObject({ kind: 'answered', answer: { order: { status: 'placed' } } });
});

test('a message that workers lose again and again is given up at the deadline', async () => {
  await shop.stopWorkers();
  const givenUp = new AbortController();
  let lost = 0;

  const placed = shop
    .calls({}, 2_000)
    .place(newId(), buildRequest(), 'asker')
    .finally(() => givenUp.abort());
  const losing = shop.temporal.withAbortSignal(givenUp.signal, async () => {
    for (; ; lost += 1) await loseMessage();
  });

  await expect(losing).rejects.toSatisfy(isGrpcCancelledError);
  expect(await placed).toMatchObject({ kind: 'unavailable' });
  expect(lost).toBeGreaterThan(1);
});
