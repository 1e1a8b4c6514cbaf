import { afterAll, beforeAll, expect, test } from 'vitest';

import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { decideReplenishment } from '../../entities/replenishment/decide-replenishment';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { buildSupplier, buildSupplierItem } from '../support/factories/suppliers';
import { openShop, type Shop } from '../support/shop';

let shop: Shop;
let staff: BuiltCaller;
let support: BuiltCaller;
beforeAll(async () => {
  shop = await openShop();
  staff = await buildCaller(shop, { roles: ['staff'] });
  support = await buildCaller(shop, { roles: ['support'] });
});
afterAll(() => shop.close());

const FORECAST = { kind: 'forecast', service: 'cycle', level: 0.95, coverDays: 21 };

async function call(
  { headers }: BuiltCaller,
  method: string,
  path: string,
  body?: object,
  further: Record<string, string> = {},
) {
  const answer = await fetch(`${shop.url}/api/v1${path}`, {
    method,
    headers: { ...headers, 'Content-Type': 'application/json', ...further },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const json = (await answer.json()) as Record<string, unknown> & { code?: string };
  return { status: answer.status, etag: answer.headers.get('etag'), body: json };
}
const begin = (body: object, key: string = newId(), caller = staff) =>
  call(caller, 'POST', '/replenishment/policies', body, { 'Idempotency-Key': key });

test('a policy is begun once, computed at once, and changed by who has read it', async () => {
  const { id: variantId, sku } = await buildStockedVariant(shop.database, { stock: 3 });
  const key = newId();
  const begun = await begin({ variantId, policy: FORECAST, valueLimit: 500_000_000 }, key);
  expect(begun).toMatchObject({
    status: 201,
    etag: '"1"',
    body: {
      ...{ variantId, sku, locationId: null, valueLimit: 500_000_000, paused: false, stuck: null },
      position: { onHand: 3, inTransit: 0, onOrder: 0 },
      expectation: { protectionDays: expect.any(Number) },
      reorderPoint: expect.any(Number),
    },
  });
  const { kind, ...rest } = FORECAST;
  const again = { valueLimit: 500_000_000, policy: { ...rest, kind }, variantId };
  expect(await begin(again, key)).toMatchObject({
    status: 200,
    body: { id: begun.body.id, valueLimit: 500_000_000 },
  });
  expect(await begin({ variantId, policy: FORECAST }, key)).toMatchObject({
    status: 422,
    body: { code: 'request.idempotency_key_reused' },
  });

  const path = `/replenishment/policies/${String(begun.body.id)}`;
  const change = { policy: { kind: 'min_max', min: 4, max: 9 }, paused: true };
  expect(await call(staff, 'PUT', path, change)).toMatchObject({
    status: 428,
    body: { code: 'request.if_match_missing' },
  });
  const changed = await call(staff, 'PUT', path, change, { 'If-Match': '"1"' });
  expect(changed).toMatchObject({ status: 200, body: { reorderPoint: 4, upTo: 9, paused: true } });
  expect(await call(staff, 'PUT', path, change, { 'If-Match': '"1"' })).toMatchObject({
    status: 412,
    body: { code: 'replenishment.policy_changed', version: changed.body.version },
  });
  expect(await call(support, 'GET', path)).toMatchObject({ status: 200, body: { paused: true } });
});

test('a place has one policy, and one for all places excludes others', async () => {
  const { id: variantId } = await buildStockedVariant(shop.database);
  await begin({ variantId, locationId: DEFAULT_LOCATION_ID, policy: FORECAST });
  for (const locationId of [DEFAULT_LOCATION_ID, null]) {
    expect(await begin({ variantId, locationId, policy: FORECAST })).toMatchObject({
      status: 409,
      body: { code: 'replenishment.policy_exists' },
    });
  }
});

test.each([
  ['an unknown kind', { kind: 'magic' }],
  ['a missing field of its kind', { kind: 's_S', reorderPoint: 4 }],
  ['an upper end below the lower one', { kind: 'min_max', min: 9, max: 4 }],
  ['a service level of certainty', { ...FORECAST, level: 1 }],
  ['a million years of cover', { ...FORECAST, coverDays: 365_000_000 }],
  ['a policy that is a text', 'forecast'],
])('a policy with %s is refused', async (_what, policy) => {
  const { id: variantId } = await buildStockedVariant(shop.database);
  expect(await begin({ variantId, policy })).toMatchObject({
    status: 422,
    body: { code: 'request.invalid' },
  });
});

test('unknown variants, locations and policies are named', async () => {
  const { id: variantId } = await buildStockedVariant(shop.database);
  const refused = [
    await begin({ variantId: newId(), policy: FORECAST }),
    await begin({ variantId, locationId: newId(), policy: FORECAST }),
    await call(staff, 'GET', `/replenishment/policies/${newId()}`),
    await call(staff, 'GET', '/replenishment/policies/rubbish/decisions'),
    await begin({ variantId, policy: FORECAST }, newId(), support),
  ];
  expect(refused.map(({ body }) => body.code)).toEqual([
    'replenishment.variant_unknown',
    'replenishment.location_unknown',
    'replenishment.policy_not_found',
    'replenishment.policy_not_found',
    'access.forbidden',
  ]);
});

test('a person sees why it ordered what it ordered', async () => {
  const { id: variantId } = await buildStockedVariant(shop.database, { stock: 2 });
  await buildSupplierItem(shop.database, await buildSupplier(shop.database), { variantId, pack: 10 });
  const begun = await begin({ variantId, policy: { kind: 'min_max', min: 5, max: 30 } });
  await withTransaction(shop.database, (transaction) => decideReplenishment(transaction, { variantId }));
  const { body } = await call(support, 'GET', `/replenishment/policies/${String(begun.body.id)}/decisions`);
  expect(body.items).toMatchObject([
    {
      sentence:
        'The position was 2 (on hand 2, in transit 0, on order 0), at or below 5: ordered 30 units up to 30.',
      ordered: 30,
      orderId: expect.any(String),
      position: { onHand: 2 },
      reorderPoint: 5,
      upTo: 30,
    },
  ]);
});

test('policies are listed by pages, all or those whose need cannot be met', async () => {
  const made = [];
  for (let count = 0; count < 3; count += 1) {
    const { id: variantId } = await buildStockedVariant(shop.database, { stock: 0 });
    made.push((await begin({ variantId, policy: { kind: 'min_max', min: 5, max: 9 } })).body.id);
    await withTransaction(shop.database, (transaction) => decideReplenishment(transaction, { variantId }));
  }
  const seen: unknown[] = [];
  for (let after = ''; ;) {
    const { body } = await call(support, 'GET', `/replenishment/policies?stuck=true&limit=2${after}`);
    const page = body as unknown as { items: { id: string; stuck: string }[]; next: string | null };
    expect(page.items.every(({ stuck }) => stuck === 'no_supplier')).toBe(true);
    seen.push(...page.items.map(({ id }) => id));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(made));
});
