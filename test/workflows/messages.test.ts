import { WithStartWorkflowOperation, type WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowIdConflictPolicy } from '@temporalio/common';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { attemptIdOf } from '../../entities/payments/attempt-id';
import { newId } from '../../entities/values/uuid';
import {
  cancel,
  CHECKOUT_QUEUE,
  CHECKOUT_WORKFLOW,
  checkoutWorkflowId,
  decide,
  openPayment,
  paymentCallback,
  place,
  retry,
  type CheckoutInput,
  type OrderRequest,
} from '../../workflows/checkout/checkout.contract';
import type { checkout } from '../../workflows/checkout/checkout.workflow';
import { eventually } from '../support/eventually';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { workflowOf } from '../support/workflow';
import { buildGate } from './gate';
import { effectsOf } from './order-effects';
import { buildRequest, buildRunningOrder, type RunningOrder } from './orders';
import { openWorkflowShop, PATIENT, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());
beforeEach(() => shop.reset());
afterEach(() => shop.assertInvariantsHold());

const withStart = (orderId: string, request: OrderRequest) =>
  new WithStartWorkflowOperation<typeof checkout>(CHECKOUT_WORKFLOW, {
    workflowId: checkoutWorkflowId(orderId),
    taskQueue: CHECKOUT_QUEUE,
    args: [{ orderId, request, attemptsAtMost: 3, timing: PATIENT } satisfies CheckoutInput],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  });

async function historyOf({ workflow }: Pick<RunningOrder, 'workflow'>) {
  return (await workflow.handle.fetchHistory()).events ?? [];
}

/** Waits until the workflow has accepted so many updates. */
const untilAccepted = (order: RunningOrder, updates: number) =>
  eventually(
    () => historyOf(order),
    (events) =>
      events.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length === updates,
  );

const untilCancelled = (orderId: string) =>
  eventually(
    () => shop.order(orderId),
    ({ status }) => status === 'cancelled',
  );

test('messages that arrive before the first step are kept and answered after it', async () => {
  const [returning, cancelling, retrying, deciding, opening] = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const orderId = newId();
      const startWorkflowOperation = withStart(orderId, await buildRequest(shop));
      return { first: attemptIdOf(orderId, 'first'), startWorkflowOperation };
    }),
  );
  const { workflow } = shop.temporal;

  const answers = await Promise.all([
    workflow.executeUpdateWithStart(paymentCallback, {
      ...returning!,
      args: [{ attemptId: returning!.first }],
    }),
    workflow.executeUpdateWithStart(cancel, { ...cancelling! }),
    workflow.executeUpdateWithStart(retry, { ...retrying! }),
    workflow.executeUpdateWithStart(decide, {
      ...deciding!,
      args: [{ attemptId: deciding!.first, decision: 'not_paid', note: 'asked the gateway' }],
    }),
    workflow.executeUpdateWithStart(openPayment, {
      ...opening!,
      args: [{ cause: 'buyer', gateway: 'zarinpal' }],
    }),
  ]);

  const status = answers.map(({ order }) => [order.status, order.attempts.map((attempt) => attempt.status)]);
  expect(status).toEqual([
    ['awaiting_payment', ['open']],
    ['cancelled', ['refused']],
    ['awaiting_payment', ['open']],
    ['awaiting_payment', ['refused']],
    ['awaiting_payment', ['open', 'open']],
  ]);
});

test('messages that arrive while every worker is away are answered when one comes back', async () => {
  const { orderId, calls, first } = await buildRunningOrder(shop);
  shop.gateway.pay(first);
  await shop.stopWorkers();

  const callback = calls.paymentCallback(orderId, first.id, newId());
  await shop.startWorkers();

  expect(await callback).toMatchObject({ kind: 'answered', answer: { order: { status: 'placed' } } });
});

test('a burst of callbacks is answered by few polls of the gateway, and the order is paid once', async () => {
  const { orderId, calls, first } = await buildRunningOrder(shop, { timing: { verifySpacingMs: 200 } });
  shop.gateway.pay(first);

  const callbacks = await Promise.all(
    Array.from({ length: 50 }, () => calls.paymentCallback(orderId, first.id, newId())),
  );

  const answered = callbacks.filter(({ kind }) => kind === 'answered');
  expect(answered.length).toBeGreaterThan(0);
  for (const it of answered) expect(it).toMatchObject({ answer: { order: { status: 'placed' } } });
  // The workflow may be over before the last of them arrives: those read Postgres.
  expect(new Set(callbacks.map(({ kind }) => kind))).not.toContain('unavailable');
  expect(shop.runsOf('verifyPayment')).toBe(1);
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'sold']);
});

test('a flood of messages does not hold up what is due: the order expires at its deadline', async () => {
  const order = await buildRunningOrder(shop, { timing: { payableMs: 1_000, holdGraceMs: 0 } });
  const { orderId, workflow } = order;
  const flooded = buildGate();
  shop.before.set('readOrder', () => flooded.pass());
  for (let signal = 1; signal <= 60; signal += 1) await workflow.handle.signal('wake', { attemptIds: [] });
  await flooded.reached;
  const { paymentDeadline } = await shop.order(orderId);
  await eventually(
    () => Date.now(),
    (now) => now > paymentDeadline,
  );
  flooded.open();

  await eventually(
    () => shop.order(orderId),
    ({ status }) => status === 'expired',
  );

  // The last poll and the expiry are two tasks, and each lets at most ten messages go first.
  const runs = shop.runs.map(({ step }) => step);
  const served = runs.slice(0, runs.indexOf('closeOrder')).filter((step) => step === 'readOrder');
  expect(served.length).toBeLessThan(40);
  await eventually(
    () => shop.runsOf('readOrder'),
    (reads) => reads >= 60,
  );
});

test('a callback waits for a poll that begins after it', async () => {
  const order = await buildRunningOrder(shop);
  const { orderId, calls, first } = order;
  const early = buildGate();
  shop.after.set('verifyPayment', () => early.pass());

  const forged = calls.paymentCallback(orderId, first.id, newId());
  await early.reached;
  shop.after.clear();
  shop.gateway.pay(first);
  const genuine = calls.paymentCallback(orderId, first.id, newId());
  await untilAccepted(order, 3);
  early.open();

  expect(await forged).toMatchObject({ answer: { order: { status: 'awaiting_payment' } } });
  expect(await genuine).toMatchObject({ answer: { order: { status: 'placed' } } });
});

test('a cancellation in the Temporal UI is one more message: it cancels the order, and the workflow completes', async () => {
  const { orderId, workflow } = await buildRunningOrder(shop);

  await workflow.handle.cancel();
  await untilCancelled(orderId);

  expect(await effectsOf(shop, orderId)).toEqual(['held', 'released']);
  expect((await shop.order(orderId)).attempts[0]?.status).toBe('refused');
});

test('a workflow that was cancelled in the Temporal UI still receives, waits and ends by itself', async () => {
  const asking = buildGate();
  shop.before.set('inquirePayment', () => asking.pass());
  // The watch for late money ends long before the order would expire.
  const order = await buildRunningOrder(shop, { timing: { payableMs: 300, holdGraceMs: 60_000 } });
  const { orderId, calls, workflow } = order;
  await workflow.handle.cancel();
  await untilCancelled(orderId);
  await asking.reached;

  const again = calls.openPayment(orderId, 'buyer', 'zarinpal');
  await untilAccepted(order, 2);
  asking.open();

  expect(await again).toMatchObject({ kind: 'refused', code: 'order.not_awaiting_payment' });
  expect(await workflow.handle.result()).toBe('Cancelled');
  expect(await workflow.read()).toMatchObject({ status: 'COMPLETED' });
});

test('a cancellation in the Temporal UI before the order is placed ends in a cancelled order', async () => {
  const orderId = newId();
  const placing = buildGate();
  shop.before.set('placeOrder', () => placing.pass());
  const asked = shop.calls().place(orderId, await buildRequest(shop));
  await placing.reached;
  await workflowOf(shop, orderId).handle.cancel();
  placing.open();

  expect(await asked).toMatchObject({ kind: 'answered' });
  await untilCancelled(orderId);
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'released']);
});

test('a cancellation that arrives during a slow local confirm finds the order paid: never both', async () => {
  const order = await buildRunningOrder(shop);
  const { orderId, first, workflow } = order;
  shop.gateway.pay(first);
  const committed = buildGate();
  shop.after.set('confirmOrder', () => committed.pass());

  // A signal and not an update: no caller waits, so the workflow ends in the task that confirms.
  await workflow.handle.signal('wake', { attemptIds: [first.id] });
  await committed.reached;
  await workflow.handle.cancel();
  committed.open();

  expect(await workflow.handle.result()).toBe('Placed');
  const failed = (await historyOf(order)).flatMap(
    (event) => event.workflowTaskFailedEventAttributes?.cause ?? [],
  );
  expect(failed, 'the task that closed the workflow was refused').toHaveLength(1);
  expect(shop.runsOf('confirmOrder')).toBe(2);
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'sold']);
  expect((await shop.order(orderId)).status).toBe('placed');
});

test("a buyer's cancellation during a slow local confirm is refused as too late", async () => {
  const { orderId, calls, first } = await buildRunningOrder(shop);
  shop.gateway.pay(first);
  const committed = buildGate();
  shop.after.set('confirmOrder', () => committed.pass());

  const callback = calls.paymentCallback(orderId, first.id, newId());
  await committed.reached;
  const cancelled = calls.cancel(orderId, newId());
  committed.open();

  expect(await callback).toMatchObject({ answer: { order: { status: 'placed' } } });
  // Either the workflow took it and refused, or it was over already, and Postgres says the same.
  expect(await cancelled).toSatisfy(
    (it: { kind: string; code?: string }) =>
      it.kind === 'read_again' || (it.kind === 'refused' && it.code === 'order.not_cancellable'),
  );
  expect(await effectsOf(shop, orderId)).toEqual(['held', 'sold']);
});

test('a refused request completes the workflow, and every caller gets the typed refusal', async () => {
  const orderId = newId();
  const variant = await buildStockedVariant(shop.database, { stock: 1 });
  const request = await buildRequest(shop, { variant, units: 2 });
  const calls = shop.calls();

  const [refused, joined] = await Promise.all([
    calls.place(orderId, request),
    calls.place(orderId, { ...request, askedBy: newId() }),
  ]);
  const repeated = await calls.place(orderId, request);

  const line = { variantId: variant.id, sku: variant.sku, title: 'کالا - سرمه‌ای', quantity: 2 };
  const expected = {
    kind: 'refused',
    code: 'checkout.out_of_stock',
    details: { lines: [line], requestDigest: request.requestDigest },
  };
  expect([refused, joined, repeated]).toEqual([expected, expected, expected]);
  const { handle, read } = workflowOf(shop, orderId);
  expect(await handle.result()).toBe('Refused');
  expect(await read()).toMatchObject({ status: 'COMPLETED' });
  expect(await effectsOf(shop, orderId)).toEqual([]);
});

test('a message to an order that is refused gets the refusal too', async () => {
  const orderId = newId();
  const placing = buildGate();
  shop.before.set('placeOrder', () => placing.pass());
  const request = await buildRequest(shop, { expectedTotal: 240_000 });
  const asked = shop.calls().place(orderId, request);
  await placing.reached;

  const cancelled = shop.calls().cancel(orderId, newId());
  placing.open();

  expect(await asked).toMatchObject({ kind: 'refused', code: 'checkout.price_changed' });
  expect(await cancelled).toSatisfy(
    (it: { kind: string; code?: string }) =>
      it.kind === 'read_again' || (it.kind === 'refused' && it.code === 'checkout.price_changed'),
  );
});

test('the update of a refused request fails as an expected failure', async () => {
  const failed = (await shop.temporal.workflow
    .executeUpdateWithStart(place, {
      args: [{ askedBy: 'asker' }],
      updateId: 'place',
      startWorkflowOperation: withStart(newId(), await buildRequest(shop, { units: 0 })),
    })
    .catch((error: unknown) => error)) as WorkflowUpdateFailedError;

  expect(failed.cause).toMatchObject({ type: 'cart.empty', nonRetryable: true, category: 'BENIGN' });
});
