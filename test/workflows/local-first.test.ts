import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { workflowOf } from '../support/workflow';
import { buildRequest, buildRunningOrder } from './orders';
import { openWorkflowShop, type StepName, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());
beforeEach(() => shop.reset());

async function scheduledActivities(orderId: string): Promise<string[]> {
  const { events } = await workflowOf(shop, orderId).handle.fetchHistory();
  return (events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes: it }) => it?.activityType?.name ?? [],
  );
}

function placings(): { isLocal: boolean; key: unknown }[] {
  return shop.runs
    .filter(({ step }) => step === 'placeOrder')
    .map(({ isLocal, input }) => ({ isLocal, key: input['key'] }));
}

const loseConnectionOfLocalStep = () =>
  shop.before.set('placeOrder', async ({ isLocal }) => {
    if (isLocal) throw new Error('the connection was lost');
  });

test('a step that succeeds is local and costs no activity on the server', async () => {
  const { orderId, placed } = await buildRunningOrder(shop);

  expect(placed.kind).toBe('answered');
  expect(placings().map(({ isLocal }) => isLocal)).toEqual([true]);
  expect(await scheduledActivities(orderId)).toEqual(['requestPayment']);
});

test('a step that loses its connection runs as a regular activity with the same key', async () => {
  loseConnectionOfLocalStep();

  const { orderId, placed } = await buildRunningOrder(shop);

  expect(placed.kind).toBe('answered');
  expect(placings()).toEqual([
    { isLocal: true, key: `checkout:${orderId}:place` },
    { isLocal: true, key: `checkout:${orderId}:place` },
    { isLocal: false, key: `checkout:${orderId}:place` },
  ]);
  expect(await scheduledActivities(orderId)).toEqual(['placeOrder', 'requestPayment']);
});

test('a step that hangs runs as a regular activity after about two seconds', async () => {
  let letGo!: () => void;
  const hanging = new Promise<void>((resolve) => (letGo = resolve));
  shop.before.set('placeOrder', async ({ isLocal }) => {
    if (isLocal) await hanging;
  });
  const orderId = newId();
  const request = await buildRequest(shop);
  const begunAt = Date.now();

  const placed = await shop.calls().place(orderId, request);
  letGo();

  expect(placed.kind).toBe('answered');
  expect(Date.now() - begunAt).toBeLessThan(10_000);
  expect(placings().at(-1)).toEqual({ isLocal: false, key: `checkout:${orderId}:place` });
});

test('a regular step is retried for as long as it takes', async () => {
  let failures = 0;
  shop.before.set('placeOrder', async () => {
    failures += 1;
    if (failures <= 5) throw new Error('the database is away');
  });

  const { placed } = await buildRunningOrder(shop);

  expect(placed.kind).toBe('answered');
  expect(placings().map(({ isLocal }) => isLocal)).toEqual([true, true, false, false, false, false]);
});

test('a refusal is an answer: it is neither retried nor run as a regular activity', async () => {
  const refused = await shop.calls().place(newId(), await buildRequest(shop, { stock: 0 }));

  expect(refused).toMatchObject({ kind: 'refused', code: 'checkout.out_of_stock' });
  expect(placings().map(({ isLocal }) => isLocal)).toEqual([true]);
});

test('a refusal of a regular step is read as well as one of a local step', async () => {
  loseConnectionOfLocalStep();

  const refused = await shop.calls().place(newId(), await buildRequest(shop, { expectedTotal: 240_000 }));

  expect(refused).toMatchObject({ kind: 'refused', code: 'checkout.price_changed' });
});

test('gateway calls are never local', async () => {
  const { orderId, calls, first } = await buildRunningOrder(shop);
  shop.gateway.pay(first);

  await calls.paymentCallback(orderId, first.id, newId());

  const gatewayCalls: StepName[] = ['requestPayment', 'verifyPayment'];
  expect(shop.runs.filter(({ step }) => gatewayCalls.includes(step)).map(({ isLocal }) => isLocal)).toEqual([
    false,
    false,
  ]);
});
