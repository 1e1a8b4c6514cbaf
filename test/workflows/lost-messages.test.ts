import { isGrpcCancelledError } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { CHECKOUT_QUEUE } from '../../workflows/checkout/checkout.contract';
import { buildRequest } from './orders';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop({ workers: false });
});
afterAll(() => shop?.close());

const TASK_LIMIT_MS = 15_000;

/** Takes a workflow's task as a worker would, and completes it without a word about the message in it. */
async function loseMessage(): Promise<void> {
  const { workflowService, options } = shop.temporal;
  const worker = { namespace: options.namespace, identity: 'forgetful' };
  const task = await shop.temporal.withDeadline(Date.now() + TASK_LIMIT_MS, () =>
    workflowService.pollWorkflowTaskQueue({ ...worker, taskQueue: { name: CHECKOUT_QUEUE } }),
  );
  expect(task.messages).toHaveLength(1);
  await workflowService.respondWorkflowTaskCompleted({ ...worker, taskToken: task.taskToken });
}

test('a message that a worker lost is sent again, and its sender gets the answer', async () => {
  const orderId = newId();

  const placed = shop.calls().place(orderId, await buildRequest(shop));
  await loseMessage();
  await shop.startWorkers();
  expect(await placed).toMatchObject({ kind: 'answered', answer: { order: { status: 'awaiting_payment' } } });

  const [attempt] = (await shop.order(orderId)).attempts;
  shop.gateway.pay(attempt!);
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
    .calls({}, 3_000)
    .place(newId(), await buildRequest(shop))
    .finally(() => givenUp.abort());
  const losing = shop.temporal.withAbortSignal(givenUp.signal, async () => {
    for (; ; lost += 1) await loseMessage();
  });

  await expect(losing).rejects.toSatisfy(isGrpcCancelledError);
  expect(await placed).toMatchObject({ kind: 'unavailable' });
  expect(lost).toBeGreaterThan(1);
});
