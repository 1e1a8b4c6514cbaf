import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { PurchaseOrderView } from '../../api/purchasing/purchase-orders.view';
import type { SupplierWithSecretView } from '../../api/purchasing/suppliers.view';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { startProvider, type RunningProvider } from '../../sandbox/kit/start-provider';
import { supplierProvider } from '../../sandbox/providers/supplier/provider';
import { purchaseOrderWorkflowId } from '../../workflows/purchasing/purchase-order.contract';
import { eventually } from '../support/eventually';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { journeyShop } from '../support/journey';
import { row } from '../support/sql';

const journey = journeyShop();
let supplier: RunningProvider;
let admin: BuiltCaller;
let approver: BuiltCaller;
beforeAll(async () => {
  supplier = await startProvider(supplierProvider(), { port: 0 });
  admin = await buildCaller(journey.shop, { roles: ['admin'] });
  approver = await buildCaller(journey.shop, { roles: ['staff'] });
});
afterAll(() => supplier?.stop());

async function staff<Body>(who: BuiltCaller, method: string, path: string, body?: object): Promise<Body> {
  const response = await fetch(`${journey.shop.url}/api/v1${path}`, {
    method,
    headers: { ...who.headers, 'content-type': 'application/json', 'Idempotency-Key': randomUUID() },
    body: body ? JSON.stringify(body) : null,
  });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return (await response.json()) as Body;
}

async function control(method: string, path: string, body: object): Promise<void> {
  const response = await fetch(`${supplier.url}/_sandbox${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

/** A person presses a button on the page of the supplier. */
async function press(orderId: string, reply: string): Promise<void> {
  const response = await fetch(`${supplier.url}/page/reply`, {
    method: 'POST',
    headers: { origin: supplier.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ orderId, reply }),
    redirect: 'manual',
  });
  expect(response.status).toBeLessThan(400);
}

test('staff order goods, the supplier replies by webhook, and what arrives is on the shelf', async () => {
  const variant = await buildStockedVariant(journey.shop.database, { stock: 3 });
  const { id: supplierId, secret } = await staff<SupplierWithSecretView>(admin, 'POST', '/suppliers', {
    ...{ channel: 'webhook', name: 'پخش نمونه', address: `${supplier.url}/orders`, approvalLimit: 0 },
    ...{ leadDays: 2, cutoffMinute: 840, weekdays: [0, 1, 2, 3, 4, 5] },
  });
  await control('PUT', '/secret', { secret });
  await staff(admin, 'PUT', `/suppliers/${supplierId}/items/${variant.id}`, {
    ...{ supplierSku: 'P-1', pack: 4, unitCost: 1_000, preferred: true },
  });
  const { id } = await staff<PurchaseOrderView>(admin, 'POST', '/purchase-orders', {
    ...{ supplierId, locationId: DEFAULT_LOCATION_ID, lines: [{ variantId: variant.id, quantity: 8 }] },
  });
  const path = `/purchase-orders/${id}`;
  const read = () => staff<PurchaseOrderView>(admin, 'GET', path);
  const verdicts = async () => (await read()).replies.map(({ verdict }) => verdict);
  await staff(admin, 'POST', `${path}/submit`);
  await staff(approver, 'POST', `${path}/approve`);
  await eventually(read, ({ status }) => status === 'ordered');

  // Somebody who does not know the secret.
  await control('PUT', '/secret', { secret: `whsec_${Buffer.alloc(32).toString('base64')}` });
  await press(id, 'refused');
  await eventually(verdicts, (given) => given.join() === 'forged');
  expect(await read()).toMatchObject({ status: 'ordered', lines: [{ confirmed: null }] });
  await control('PUT', '/secret', { secret });

  const lines = [{ sku: 'P-1', quantity: 7 }];
  await control('POST', `/orders/${id}/replies`, { reply: 'partly_accepted', lines, expectedAt: null });
  await eventually(read, (order) => order.lines[0]!.confirmed === 7 && order.attention === 'partly_accepted');
  const expectedBefore = (await read()).expectedAt;
  await press(id, 'dispatched');
  await eventually(read, ({ expectedAt }) => expectedAt !== expectedBefore);

  const receive = (received: number) =>
    staff<PurchaseOrderView>(approver, 'POST', `${path}/receipts`, {
      ...{ receiptId: randomUUID(), lines: [{ variantId: variant.id, received }] },
    });
  expect(await receive(7)).toMatchObject({ status: 'partly_received' });
  expect(await receive(1)).toMatchObject({ status: 'received' });
  const handle = journey.shop.temporal.workflow.getHandle(purchaseOrderWorkflowId(id));
  expect(await handle.result()).toBe('received');
  const level = await row<{ onHand: number }>(
    journey.shop.database.manager,
    'SELECT on_hand AS "onHand" FROM stock_levels WHERE variant_id = $1',
    [variant.id],
  );
  expect(level).toEqual({ onHand: 11 });
});
