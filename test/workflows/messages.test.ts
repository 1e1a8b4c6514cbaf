import { WithStartWorkflowOperation, type WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowIdConflictPolicy } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';

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
} from '../../workflows/checkout/checkout.contract';
import type { checkout } from '../../workflows/checkout/checkout.workflow';
import { buildGate, buildRequest, openFakeShop, PATIENT, workflowOf, type FakeShop } from './fake-shop';

let shop: FakeShop;

beforeAll(async () => {
  shop = await openFakeShop();
});
afterAll(() => shop?.close());
beforeEach(() => {
  shop.before.clear();
  shop.after.clear();
  shop.runs.length = 0;
  shop.rows.journal.length = 0;
  shop.rows.notGranted = undefined;
});

const PATIENCE = { timeout: 15_000, interval: 20 };

function startOf(orderId: string, request = buildRequest()) {
  const input: CheckoutInput = { orderId, request, attemptsAtMost: 3, timing: PATIENT };
  return {
    workflowId: checkoutWorkflowId(orderId),
    taskQueue: CHECKOUT_QUEUE,
    args: [input] as [CheckoutInput],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
  };
}

const withStart = (orderId: string) =>
  new WithStartWorkflowOperation<typeof checkout>(CHECKOUT_WORKFLOW, startOf(orderId));

/** The types of the workflow's events, for looking at how it went. */
async function eventsOf(orderId: string, runId?: string) {
  const handle = shop.temporal.workflow.getHandle(checkoutWorkflowId(orderId), runId);
  return (await handle.fetchHistory()).events ?? [];
}

test('whatever comes before the first step is kept and answered after it', async () => {
  const first = { paymentCallback: newId(), cancel: newId(), retry: newId(), decide: newId(), open: newId() };
  const { workflow } = shop.temporal;

  const answers = await Promise.all([
    workflow.executeUpdateWithStart(paymentCallback, {
      args: [{ attemptId: attemptIdOf(first.paymentCallback, 'first') }],
      startWorkflowOperation: withStart(first.paymentCallback),
    }),
    workflow.executeUpdateWithStart(cancel, { startWorkflowOperation: withStart(first.cancel) }),
    workflow.executeUpdateWithStart(retry, { startWorkflowOperation: withStart(first.retry) }),
    workflow.executeUpdateWithStart(decide, {
      args: [
        { attemptId: attemptIdOf(first.decide, 'first'), decision: 'not_paid', note: 'asked the gateway' },
      ],
      startWorkflowOperation: withStart(first.decide),
    }),
    workflow.executeUpdateWithStart(openPayment, {
      args: [{ cause: 'buyer', gateway: 'zarinpal' }],
      startWorkflowOperation: withStart(first.open),
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
  const orderId = newId();
  await shop.calls().place(orderId, buildRequest(), 'asker');
  const [attempt] = shop.rows.order(orderId).attempts;
  shop.gateway.pay(attempt!.authority!);
  await shop.stopWorkers();

  const callback = shop.calls().paymentCallback(orderId, attempt!.id, newId());
  await shop.startWorkers();

  expect(await callback).toMatchObject({ kind: 'answered', answer: { order: { status: 'placed' } } });
});

test('a burst of callbacks is answered by few polls of the gateway, and the order is paid once', async () => {
  const orderId = newId();
  const calls = shop.calls({ verifySpacingMs: 200 });
  await calls.place(orderId, buildRequest(), 'asker');
  const [attempt] = shop.rows.order(orderId).attempts;
  shop.gateway.pay(attempt!.authority!);

  const callbacks = await Promise.all(
    Array.from({ length: 50 }, () => calls.paymentCallback(orderId, attempt!.id, newId())),
  );

  const answered = callbacks.filter(({ kind }) => kind === 'answered');
  expect(answered.length).toBeGreaterThan(0);
  for (const it of answered) expect(it).toMatchObject({ answer: { order: { status: 'placed' } } });
  // The workflow may be over before the last of them arrives: those read Postgres.
  expect(new Set(callbacks.map(({ kind }) => kind))).not.toContain('unavailable');
  expect(shop.runs.filter(({ step }) => step === 'verifyPayment')).toHaveLength(1);
  expect(shop.rows.effects()).toEqual(['held', 'sold']);
});

test('a callback waits for a poll that began after it came', async () => {
  const orderId = newId();
  const calls = shop.calls();
  await calls.place(orderId, buildRequest(), 'asker');
  const [attempt] = shop.rows.order(orderId).attempts;
  const early = buildGate();
  shop.after.set('verifyPayment', () => early.pass());

  const forged = calls.paymentCallback(orderId, attempt!.id, newId());
  await early.reached;
  shop.after.clear();
  shop.gateway.pay(attempt!.authority!);
  const genuine = calls.paymentCallback(orderId, attempt!.id, newId());
  await vi.waitUntil(async () => {
    const accepted = await eventsOf(orderId);
    return accepted.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length === 3;
  }, PATIENCE);
  early.open();

  expect(await forged).toMatchObject({ answer: { order: { status: 'awaiting_payment' } } });
  expect(await genuine).toMatchObject({ answer: { order: { status: 'placed' } } });
});

test('a cancellation in the Temporal UI is one more message: the order is cancelled and the workflow completes', async () => {
  const orderId = newId();
  await shop.calls().place(orderId, buildRequest(), 'asker');

  await workflowOf(shop, orderId).cancel();
  await vi.waitUntil(() => shop.rows.order(orderId).status === 'cancelled', PATIENCE);

  expect(shop.rows.effects()).toEqual(['held', 'released']);
  const [attempt] = shop.rows.order(orderId).attempts;
  expect(attempt?.status).toBe('refused');
});

test('a workflow that was cancelled in the Temporal UI still receives, waits and ends by itself', async () => {
  const orderId = newId();
  const calls = shop.calls({ payableMs: 1_500, watchLateMs: 0 });
  await calls.place(orderId, buildRequest(), 'asker');
  await workflowOf(shop, orderId).cancel();
  await vi.waitUntil(() => shop.rows.order(orderId).status === 'cancelled', PATIENCE);

  const again = await calls.openPayment(orderId, 'buyer', 'zarinpal');

  expect(again).toMatchObject({ kind: 'refused', code: 'order.not_awaiting_payment' });
  expect(await workflowOf(shop, orderId).result()).toBe('Cancelled');
  expect((await workflowOf(shop, orderId).describe()).status.name).toBe('COMPLETED');
});

test('a cancellation in the Temporal UI before the order is placed ends in a cancelled order', async () => {
  const orderId = newId();
  const placing = buildGate();
  shop.before.set('placeOrder', () => placing.pass());
  const asked = shop.calls().place(orderId, buildRequest(), 'asker');
  await placing.reached;
  await workflowOf(shop, orderId).cancel();
  placing.open();

  expect(await asked).toMatchObject({ kind: 'answered' });
  await vi.waitUntil(() => shop.rows.order(orderId).status === 'cancelled', PATIENCE);
  expect(shop.rows.effects()).toEqual(['held', 'released']);
});

test('a cancellation that arrives during a slow local confirm finds the order paid: never both', async () => {
  const orderId = newId();
  const calls = shop.calls();
  await calls.place(orderId, buildRequest(), 'asker');
  const [attempt] = shop.rows.order(orderId).attempts;
  shop.gateway.pay(attempt!.authority!);
  const committed = buildGate();
  shop.after.set('confirmOrder', () => committed.pass());
  const wakes = [attempt!.id];

  // A signal, not an update: nobody waits, so the workflow ends in the very task that confirms.
  await workflowOf(shop, orderId).signal('wake', { attemptIds: wakes });
  await committed.reached;
  await workflowOf(shop, orderId).cancel();
  committed.open();

  expect(await workflowOf(shop, orderId).result()).toBe('Placed');
  const failed = (await eventsOf(orderId)).flatMap(
    (event) => event.workflowTaskFailedEventAttributes?.cause ?? [],
  );
  expect(failed, 'the task that closed the workflow was refused').toHaveLength(1);
  expect(shop.runs.filter(({ step }) => step === 'confirmOrder')).toHaveLength(2);
  expect(shop.rows.effects()).toEqual(['held', 'sold']);
  expect(shop.rows.order(orderId).status).toBe('placed');
});

test("a buyer's cancellation during a slow local confirm is told that it came too late", async () => {
  const orderId = newId();
  const calls = shop.calls();
  await calls.place(orderId, buildRequest(), 'asker');
  const [attempt] = shop.rows.order(orderId).attempts;
  shop.gateway.pay(attempt!.authority!);
  const committed = buildGate();
  shop.after.set('confirmOrder', () => committed.pass());

  const callback = calls.paymentCallback(orderId, attempt!.id, newId());
  await committed.reached;
  const cancelled = calls.cancel(orderId, newId());
  committed.open();

  expect(await callback).toMatchObject({ answer: { order: { status: 'placed' } } });
  // Either the workflow took it and refused, or it was over already, and Postgres says the same.
  expect(await cancelled).toSatisfy(
    (it: { kind: string; code?: string }) =>
      it.kind === 'read_again' || (it.kind === 'refused' && it.code === 'order.not_cancellable'),
  );
  expect(shop.rows.effects()).toEqual(['held', 'sold']);
});

test('a refused request completes the workflow, and everybody who asks gets the typed refusal', async () => {
  const orderId = newId();
  shop.rows.notGranted = { code: 'checkout.out_of_stock', details: { lines: [{ sku: 'FAKE-1' }] } };
  const request = buildRequest();
  const calls = shop.calls();

  const [refused, joined] = await Promise.all([
    calls.place(orderId, request, 'asker'),
    calls.place(orderId, request, 'another asker'),
  ]);
  const repeated = await calls.place(orderId, request, 'asker');

  const expected = {
    kind: 'refused',
    code: 'checkout.out_of_stock',
    details: { lines: [{ sku: 'FAKE-1' }], requestDigest: request.requestDigest },
  };
  expect([refused, joined, repeated]).toEqual([expected, expected, expected]);
  expect(await workflowOf(shop, orderId).result()).toBe('Refused');
  expect((await workflowOf(shop, orderId).describe()).status.name).toBe('COMPLETED');
  expect(shop.rows.effects()).toEqual([]);
});

test('whoever asked something of a refused order gets the refusal too', async () => {
  const orderId = newId();
  const placing = buildGate();
  shop.before.set('placeOrder', () => placing.pass());
  shop.rows.notGranted = { code: 'checkout.price_changed' };
  const asked = shop.calls().place(orderId, buildRequest(), 'asker');
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
  const orderId = newId();
  shop.rows.notGranted = { code: 'cart.empty' };

  const failed = (await shop.temporal.workflow
    .executeUpdateWithStart(place, {
      args: [{ askedBy: 'asker' }],
      updateId: 'place',
      startWorkflowOperation: withStart(orderId),
    })
    .catch((error: unknown) => error)) as WorkflowUpdateFailedError;

  expect(failed.cause).toMatchObject({ type: 'cart.empty', nonRetryable: true, category: 'BENIGN' });
});
