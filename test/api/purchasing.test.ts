import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { PurchaseOrderView } from '../../api/purchasing/purchase-orders.view';
import type { SupplierWithSecretView } from '../../api/purchasing/suppliers.view';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildPurchaseOrder } from '../support/factories/purchase-orders';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

const MANY = 100_000_000;
const TERMS = {
  name: 'پخش کالای پارس',
  address: 'https://supplier.example/orders',
  ...{ leadDays: 3, cutoffMinute: 840, weekdays: [0, 1, 2, 3, 4], approvalLimit: 1_000_000 },
};

let shop: ShopDatabase;
let api: ApiUnderTest;
let admin: BuiltCaller;
let buyer: BuiltCaller;
let approver: BuiltCaller;

beforeAll(async () => {
  shop = await openShopDatabase();
  api = await openApiUnderTest({
    limits: { paymentCallbacksPerMinute: MANY, staffRequestsPerMinute: MANY },
    temporal: { temporalDeadlineMs: 100 },
    neighbours: { database: shop.database },
  });
  const access = { database: shop.database, ...api };
  admin = await buildCaller(access, { roles: ['admin'] });
  buyer = await buildCaller(access, { roles: ['staff'] });
  approver = await buildCaller(access, { roles: ['staff'] });
});
afterEach(() => shop.assertInvariantsHold());
afterAll(async () => {
  await api.close();
  await shop.close();
});

type Answered = PurchaseOrderView &
  Omit<SupplierWithSecretView, keyof PurchaseOrderView> & { readonly code: string };

async function call(
  who: BuiltCaller | undefined,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
) {
  const response = await fetch(`${api.url}/api/v1${path}`, {
    method,
    headers: {
      ...who?.headers,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    etag: response.headers.get('etag') ?? '',
    body: (text === '' ? undefined : JSON.parse(text)) as Answered,
  };
}

const key = () => ({ 'Idempotency-Key': randomUUID() });

async function supplierWithItem() {
  const made = await call(admin, 'POST', '/suppliers', {
    body: { ...TERMS, channel: 'webhook' },
    headers: key(),
  });
  expect(made.status).toBe(201);
  const variant = await buildStockedVariant(shop.database);
  const item = await call(admin, 'PUT', `/suppliers/${made.body.id}/items/${variant.id}`, {
    body: { supplierSku: `P-${variant.sku}`, pack: 6, unitCost: 100_000, preferred: true },
  });
  expect(item.status).toBe(200);
  return { supplier: made.body, etag: item.etag, variantId: variant.id };
}

describe('a supplier', () => {
  test('is added once per key, and its secret is shown once', async () => {
    const asked = { body: { ...TERMS, channel: 'webhook' }, headers: key() };
    const first = await call(admin, 'POST', '/suppliers', asked);
    expect([first.status, first.body.secret]).toEqual([201, expect.stringMatching(/^whsec_.{44}$/)]);
    const again = await call(admin, 'POST', '/suppliers', asked);
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id, secret: null } });
    const other = { ...asked, body: { ...asked.body, approvalLimit: 1 } };
    expect((await call(admin, 'POST', '/suppliers', other)).body.code).toBe('request.idempotency_key_reused');
    const read = await call(buyer, 'GET', `/suppliers/${first.body.id}`);
    expect(JSON.stringify(read.body)).not.toContain('whsec_');
    expect(read.body.replyTo).toContain(`/api/v1/webhooks/suppliers/${first.body.id}`);

    // The row holds it sealed: neither the text nor the key that it names.
    const kept = await row<{ secret: Buffer; row: string }>(
      shop.database.manager,
      'SELECT secret, row_to_json(s)::text AS row FROM suppliers s WHERE id = $1',
      [first.body.id],
    );
    const secret = first.body.secret as string;
    const signing = Buffer.from(secret.slice('whsec_'.length), 'base64');
    expect(kept!.secret.includes(signing)).toBe(false);
    expect(kept!.secret.includes(secret)).toBe(false);
    expect(kept!.row).not.toContain(signing.toString('hex'));
  });

  test('is changed only by whoever has seen its newest version, and only by admins', async () => {
    const { supplier, etag } = await supplierWithItem();
    const path = `/suppliers/${supplier.id}`;
    const change = (headers: Record<string, string>, who = admin) =>
      call(who, 'PUT', path, { body: { ...TERMS, leadDays: 5 }, headers });
    expect((await change({})).status).toBe(428);
    expect((await change({ 'If-Match': '"0"' })).body.code).toBe('suppliers.version_moved');
    expect((await change({ 'If-Match': etag }, buyer)).status).toBe(403);
    const changed = await change({ 'If-Match': etag });
    expect(changed).toMatchObject({ status: 200, body: { leadDays: 5 } });
    const rotated = await call(admin, 'POST', `${path}/secret`, { headers: { 'If-Match': changed.etag } });
    expect(rotated.body.secret).toMatch(/^whsec_/);
    expect(rotated.body.secret).not.toBe(supplier.secret);
  });

  test('has goods whose cost only admins say, under its SKU, and others leave as it is', async () => {
    const { supplier, variantId } = await supplierWithItem();
    const put = async (item: object, who = buyer, variant = variantId) => {
      const path = `/suppliers/${supplier.id}/items/${variant}`;
      const { status, body } = await call(who, 'PUT', path, { body: item });
      return body.code ?? status;
    };
    const { body } = await call(buyer, 'GET', `/suppliers/${supplier.id}`);
    const { supplierSku, unitCost } = body.items[0]!;
    expect(await put({ supplierSku, unitCost: 1 })).toBe('suppliers.cost_reserved');
    expect(await put({ supplierSku: 'GOLD-BAR', unitCost })).toBe('suppliers.cost_reserved');
    expect(await put({ supplierSku, unitCost, pack: 4 })).toBe(200);
    const { id: other } = await buildStockedVariant(shop.database);
    expect(await put({ supplierSku: 'GOLD-BAR', unitCost }, buyer, other)).toBe('suppliers.cost_reserved');
    expect(await put({ supplierSku: 'GOLD-BAR' }, buyer, other)).toBe(200);
    expect(await put({ supplierSku: 'RENAMED', unitCost: null })).toBe(200);
    expect(await put({ supplierSku, unitCost: 2 }, admin)).toBe(200);

    const lines = [{ variantId: other, quantity: 1 }];
    const asked = { supplierId: supplier.id, locationId: DEFAULT_LOCATION_ID, lines };
    const ordered = await call(buyer, 'POST', '/purchase-orders', { body: asked, headers: key() });
    const submitted = await call(buyer, 'POST', `/purchase-orders/${ordered.body.id}/submit`);
    expect(submitted.body).toMatchObject({ status: 'awaiting_approval', approvalReasons: ['unknown_cost'] });
  });

  test('has a name that reads as it is written, on one line', async () => {
    for (const name of [' ', 'a\r\nBcc: b@c.example', 'a\u202Eb']) {
      const body = { ...TERMS, channel: 'manual', address: null, name };
      const refused = await call(admin, 'POST', '/suppliers', { body, headers: key() });
      expect([name, refused.body.code]).toEqual([name, 'request.invalid']);
    }
  });

  test('is refused with an address that its channel cannot use', async () => {
    for (const [channel, address] of [
      ['webhook', 'buyer@supplier.example'],
      ['email', 'https://supplier.example'],
      ['email', 'a@b.example,c@d.example'],
      ['manual', 'https://supplier.example'],
    ]) {
      const refused = await call(admin, 'POST', '/suppliers', {
        body: { ...TERMS, channel, address },
        headers: key(),
      });
      expect([address, refused.body.code]).toEqual([address, 'suppliers.address_invalid']);
    }
  });
});

describe('an order by hand', () => {
  const orderIt = (supplierId: string, variantId: string, quantity: number, headers = key()) =>
    call(buyer, 'POST', '/purchase-orders', {
      body: { supplierId, locationId: DEFAULT_LOCATION_ID, lines: [{ variantId, quantity }] },
      headers,
    });

  test('is collected, submitted, approved by another person, received and audited', async () => {
    const { supplier, variantId } = await supplierWithItem();
    const headers = key();
    const ordered = await orderIt(supplier.id, variantId, 12, headers);
    expect(ordered).toMatchObject({ status: 201, body: { status: 'collecting' } });
    expect((await orderIt(supplier.id, variantId, 12, headers)).body).toEqual(ordered.body);
    expect((await orderIt(supplier.id, variantId, 18, headers)).body.code).toBe(
      'request.idempotency_key_reused',
    );
    const path = `/purchase-orders/${ordered.body.id}`;
    const submitted = await call(buyer, 'POST', `${path}/submit`);
    expect(submitted.body).toMatchObject({ status: 'awaiting_approval', approvalReasons: ['value'] });
    expect(await call(buyer, 'POST', `${path}/submit`)).toEqual(submitted);
    const own = await call(buyer, 'POST', `${path}/approve`);
    expect([own.status, own.body.code]).toEqual([403, 'purchase_orders.own_approval']);
    const approved = await call(approver, 'POST', `${path}/approve`);
    expect(approved.body).toMatchObject({ status: 'sending', approvedBy: approver.accountId });
    expect(await call(approver, 'POST', `${path}/approve`)).toEqual(approved);
    expect((await call(admin, 'POST', `${path}/approve`)).body.code).toBe(
      'purchase_orders.not_awaiting_approval',
    );
    expect((await call(buyer, 'POST', `${path}/submit`)).body).toEqual(approved.body);

    const receiptId = randomUUID();
    const receipt = { receiptId, lines: [{ variantId, received: 5, refused: 1 }], note: 'one was wet' };
    const received = await call(buyer, 'POST', `${path}/receipts`, { body: receipt });
    expect(received).toMatchObject({
      status: 201,
      body: {
        status: 'partly_received',
        lines: [{ variantId, ordered: 12, received: 5, requests: [{ by: 'staff', quantity: 12 }] }],
        receipts: [{ id: receiptId, lines: [{ received: 5, refused: 1 }] }],
      },
    });
    expect(await call(buyer, 'POST', `${path}/receipts`, { body: receipt })).toMatchObject({
      status: 200,
      body: received.body,
    });
    const closed = await call(buyer, 'POST', `${path}/close-short`);
    expect(closed.body.status).toBe('closed_short');
    expect(await call(buyer, 'POST', `${path}/close-short`)).toEqual(closed);
    const audit = await row<{ actions: string[] }>(
      shop.database.manager,
      `SELECT json_agg(action ORDER BY id) AS actions FROM staff_actions WHERE object_id = $1`,
      [ordered.body.id],
    );
    expect(audit?.actions).toEqual([
      'purchase_order.write',
      'purchase_order.submit',
      'purchase_order.approve',
      'purchase_order.receive',
      'purchase_order.end',
    ]);
  });

  test('is refused in broken packs, for goods that the supplier does not sell, and while it is paused', async () => {
    const { supplier, variantId } = await supplierWithItem();
    expect((await orderIt(supplier.id, variantId, 7)).body.code).toBe('suppliers.pack_broken');
    const other = await buildStockedVariant(shop.database);
    expect((await orderIt(supplier.id, other.id, 6)).body.code).toBe('suppliers.item_unknown');
    await call(admin, 'POST', `/suppliers/${supplier.id}/pause`);
    expect((await orderIt(supplier.id, variantId, 6)).body.code).toBe('suppliers.paused');
  });
});

test('purchase orders are listed by supplier and state, the newest first, in parts', async () => {
  const { orderId, supplierId } = await buildPurchaseOrder(shop.database);
  const { orderId: newer } = await buildPurchaseOrder(shop.database, { supplierId, until: 'collecting' });
  const list = async (query: string) => {
    const { body } = await call(buyer, 'GET', `/purchase-orders?supplierId=${supplierId}${query}`);
    return body as unknown as { items: { id: string }[]; next: number | null };
  };
  const first = await list('&limit=1');
  expect(first.items.map(({ id }) => id)).toEqual([newer]);
  const second = await list(`&limit=1&before=${first.next}`);
  expect([second.items.map(({ id }) => id), second.next]).toEqual([[orderId], null]);
  expect((await list('&status=ordered&attention=false')).items.map(({ id }) => id)).toEqual([orderId]);
  expect((await list('&attention=true')).items).toEqual([]);
});

describe("a supplier's reply", () => {
  const reply = (supplierId: string, orderId: string, headers: Record<string, string> = {}) =>
    call(undefined, 'POST', `/webhooks/suppliers/${supplierId}`, {
      body: { type: 'purchase_order.accepted', data: { orderId } },
      headers: {
        ...{ 'webhook-id': randomUUID(), 'webhook-timestamp': '1764314000', 'webhook-signature': 'v1,eA==' },
        ...headers,
      },
    });

  test('is stored with its bytes, and the API believes nothing of it', async () => {
    const { orderId, supplierId } = await buildPurchaseOrder(shop.database, { until: 'sending' });
    expect((await reply(supplierId, orderId)).status).toBe(204);
    const { body } = await call(buyer, 'GET', `/purchase-orders/${orderId}`);
    expect(body).toMatchObject({ status: 'sending', replies: [{ verdict: null }] });
    const stored = await row<{ body: Buffer }>(
      shop.database.manager,
      'SELECT body FROM supplier_replies WHERE order_id = $1',
      [orderId],
    );
    expect(stored?.body.toString()).toBe(
      JSON.stringify({ type: 'purchase_order.accepted', data: { orderId } }),
    );
  });

  test('is refused without its headers, or about an order of somebody else', async () => {
    const { orderId, supplierId } = await buildPurchaseOrder(shop.database);
    const other = await buildPurchaseOrder(shop.database);
    expect((await reply(supplierId, orderId, { 'webhook-timestamp': 'soon' })).status).toBe(422);
    expect((await reply(other.supplierId, orderId)).status).toBe(404);
    expect((await reply('nobody', orderId)).status).toBe(404);
  });
});
