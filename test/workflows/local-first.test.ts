import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { buildRequest, openFakeShop, workflowOf, type FakeShop, type StepName } from './fake-shop';

let shop: FakeShop;

beforeAll(async () => {
  shop = await openFakeShop();
});
afterAll(() => shop?.close());
beforeEach(() => {
  shop.before.clear();
  shop.runs.length = 0;
});

async function scheduledActivities(orderId: string): Promise<string[]> {
  const { events } = await workflowOf(shop, orderId).fetchHistory();
  return (events ?? []).flatMap(
    ({ activityTaskScheduledEventAttributes: it }) => it?.activityType?.name ?? [],
  );
}

function placings(): { isLocal: boolean; key: unknown }[] {
  return shop.runs
    .filter(({ step }) => step === 'placeOrder')
    .map(({ isLocal, input }) => ({ isLocal, key: input['key'] }));
}

test('a step that works is local and costs no activity on the server', async () => {
  const orderId = newId();

  const placed = await shop.calls().place(orderId, buildRequest(), 'asker');

  expect(placed.kind).toBe('answered');
  expect(placings().map(({ isLocal }) => isLocal)).toEqual([true]);
  expect(await scheduledActivities(orderId)).toEqual(['requestPayment']);
});

test('a step that loses its connection runs as a regular activity with the same key', async () => {
  const orderId = newId();
  shop.before.set('placeOrder', async ({ isLocal }) => {
    if (isLocal) throw new Error('the connection was lost');
  });

  const placed = await shop.calls().place(orderId, buildRequest(), 'asker');

  expect(placed.kind).toBe('answered');
  expect(placings()).toEqual([
    { isLocal: true, key: `checkout:${orderId}:place` },
    { isLocal: true, key: `checkout:${orderId}:place` },
    { isLocal: false, key: `checkout:${orderId}:place` },
  ]);
  expect(await scheduledActivities(orderId)).toEqual(['placeOrder', 'requestPayment']);
});

test('a step that hangs runs as a regular activity after about two seconds', async () => {
  const orderId = newId();
  let letGo!: () => void;
  const hanging = new Promise<void>((resolve) => (letGo = resolve));
  shop.before.set('placeOrder', async ({ isLocal }) => {
    if (isLocal) await hanging;
  });
  const begunAt = Date.now();

  const placed = await shop.calls().place(orderId, buildRequest(), 'asker');
  letGo();

  expect(placed.kind).toBe('answered');
  expect(Date.now() - begunAt).toBeLessThan(6_000);
  expect(placings().at(-1)).toEqual({ isLocal: false, key: `checkout:${orderId}:place` });
});

test('a regular step is tried for as long as it takes', async () => {
  const orderId = newId();
  let failures = 0;
  shop.before.set('placeOrder', async () => {
    failures += 1;
    if (failures <= 5) throw new Error('the database is away');
  });

  const placed = await shop.calls().place(orderId, buildRequest(), 'asker');

  expect(placed.kind).toBe('answered');
  expect(placings().map(({ isLocal }) => isLocal)).toEqual([true, true, false, false, false, false]);
});

test('a refusal is an answer: neither repeated nor tried as a regular activity', async () => {
  const orderId = newId();
  shop.rows.notGranted = { code: 'checkout.out_of_stock', details: { lines: [{ sku: 'FAKE-1' }] } };

  const refused = await shop.calls().place(orderId, buildRequest(), 'asker');
  shop.rows.notGranted = undefined;

  expect(refused).toMatchObject({ kind: 'refused', code: 'checkout.out_of_stock' });
  expect(placings().map(({ isLocal }) => isLocal)).toEqual([true]);
});

test('a refusal of a regular step is read as well as one of a local step', async () => {
  const orderId = newId();
  shop.before.set('placeOrder', async ({ isLocal }) => {
    if (isLocal) throw new Error('the connection was lost');
  });
  shop.rows.notGranted = { code: 'checkout.price_changed' };

  const refused = await shop.calls().place(orderId, buildRequest(), 'asker');
  shop.rows.notGranted = undefined;

  expect(refused).toMatchObject({ kind: 'refused', code: 'checkout.price_changed' });
});

test('gateway calls are never local', async () => {
  const orderId = newId();
  await shop.calls().place(orderId, buildRequest(), 'asker');
  const [attempt] = shop.rows.order(orderId).attempts;
  shop.gateway.pay(attempt!.authority!);

  await shop.calls().paymentCallback(orderId, attempt!.id, newId());

  const calls: StepName[] = ['requestPayment', 'verifyPayment'];
  expect(shop.runs.filter(({ step }) => calls.includes(step)).map(({ isLocal }) => isLocal)).toEqual([
    false,
    false,
  ]);
});
