import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { StaffRole } from '../../entities/auth/policy';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { newId } from '../../entities/values/uuid';
import { buildOrder } from '../support/factories/orders';
import { buildAdmin, buildStaff, type BuiltStaff } from '../support/factories/staff';
import { buildLocation } from '../support/factories/stock-locations';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

let shop: ShopDatabase;
let api: ApiUnderTest;
const people = {} as Record<StaffRole, BuiltStaff>;

beforeAll(async () => {
  shop = await openShopDatabase();
  api = await openApiUnderTest({
    limits: { staffRequestsPerMinute: 100_000_000 },
    neighbours: { database: shop.database },
  });
  people.admin = await buildAdmin(shop.database);
  people.staff = await buildStaff(shop.database, people.admin, 'staff');
  people.support = await buildStaff(shop.database, people.admin, 'support');
});
afterEach(() => shop.assertInvariantsHold());
afterAll(async () => {
  await api.close();
  await shop.close();
});

interface Sent {
  readonly by?: StaffRole;
  readonly key?: string;
  readonly seen?: string | null;
  readonly body?: object | string | Buffer;
}

async function call(method: string, path: string, { by = 'staff', key, seen, body }: Sent = {}) {
  const isTable = typeof body === 'string' || Buffer.isBuffer(body);
  const response = await fetch(`${api.url}/api/v1/stock${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${api.accessToken({ ...people[by], generation: 1 })}`,
      'Idempotency-Key': key ?? newId(),
      ...(body === undefined ? {} : { 'Content-Type': isTable ? 'text/csv' : 'application/json' }),
      ...(seen ? { 'If-Match': seen } : {}),
    },
    body: body === undefined ? null : isTable ? body : JSON.stringify(body),
  });
  const answer = (await response.json()) as Record<string, unknown> & { code?: string; id: string };
  return { status: response.status, tag: response.headers.get('etag'), body: answer };
}
const get = (path: string, by: StaffRole = 'support') => call('GET', path, { by });
const toldBy = ({ status, body }: Awaited<ReturnType<typeof call>>) => [status, body.code];

test('support reads stock, and only staff change it', async () => {
  const { id: variantId } = await buildStockedVariant(shop.database);
  const body = { variantId, locationId: DEFAULT_LOCATION_ID, reason: 'received', quantity: 1 };
  expect((await get('/levels')).status).toBe(200);
  expect(toldBy(await call('POST', '/bookings', { by: 'support', body }))).toEqual([403, 'access.forbidden']);
  const key = newId();
  expect(await call('POST', '/bookings', { key, body })).toMatchObject({ status: 200, body: { onHand: 11 } });
  expect(await call('POST', '/bookings', { key, body })).toMatchObject({ status: 200, body: { onHand: 11 } });
  for (const odd of [{ quantity: 0 }, { quantity: -1 }, { quantity: 1e9 }, { cause: 'lost' }]) {
    const refused = await call('POST', '/bookings', { body: { ...body, ...odd } });
    expect(toldBy(refused)).toEqual([422, 'request.invalid']);
  }
});

test('an id in capitals is the same id', async () => {
  const { id: variantId } = await buildStockedVariant(shop.database);
  const place = await buildLocation(shop.database);
  const there = { fromId: place, toId: place.toUpperCase(), lines: [{ variantId, quantity: 1 }] };
  expect(toldBy(await call('POST', '/transfers', { body: there }))).toEqual([422, 'transfer.same_location']);
  const twice = { ...there, toId: DEFAULT_LOCATION_ID };
  const lines = [
    { variantId, quantity: 1 },
    { variantId: variantId.toUpperCase(), quantity: 1 },
  ];
  const refused = await call('POST', '/transfers', { body: { ...twice, lines } });
  expect(toldBy(refused)).toEqual([422, 'request.invalid']);
});

test('a location is changed by whoever has read it last', async () => {
  const input = { code: `code-${newId().slice(-8)}`, title: 'انبار', sells: false, kind: 'warehouse' };
  const key = newId();
  const opened = await call('POST', '/locations', { body: input, key });
  expect(opened).toMatchObject({ status: 201, tag: '"1"', body: { priority: 100, version: 1 } });
  expect(await call('POST', '/locations', { body: input, key })).toMatchObject({ status: 200, tag: '"1"' });
  expect(toldBy(await call('POST', '/locations', { body: { ...input, priority: 7 }, key }))).toEqual([
    422,
    'request.idempotency_key_reused',
  ]);
  const path = `/locations/${opened.body.id}`;
  const body = { title: 'انبار دوم' };
  expect(toldBy(await call('PATCH', path, { body }))).toEqual([428, 'request.if_match_missing']);
  expect(toldBy(await call('PATCH', path, { body, seen: 'W/"1"' }))).toEqual([422, 'request.invalid']);
  expect(await call('PATCH', path, { body, seen: '"1"' })).toMatchObject({ status: 200, tag: '"2"' });
  expect(await call('PATCH', path, { body, seen: '"1"' })).toMatchObject({
    status: 412,
    body: { code: 'stock.location_changed', version: 2 },
  });
  const { body: all } = await get('/locations');
  expect((all.items as { id: string }[]).map(({ id }) => id)).toContain(opened.body.id);
});

test('levels are listed by SKU and location in parts, with all that they have, and their history too', async () => {
  const prefix = `LIST-${newId().slice(-6)}`;
  const variants = [];
  for (const end of ['A', 'B', 'C'])
    variants.push(await buildStockedVariant(shop.database, { sku: `${prefix}-${end}` }));
  const [variant] = variants;
  const lines = [{ variant: variant!, quantity: 2 }];
  await buildOrder(shop.database, { stage: 'paid', lines });
  await buildOrder(shop.database, { stage: 'open', lines });

  const first = await get(`/levels?sku=${prefix}&limit=2`);
  expect(first.body).toMatchObject({
    items: [
      {
        sku: `${prefix}-A`,
        onHand: 8,
        reserved: 2,
        free: 6,
        unshipped: 2,
        inTransit: 0,
        incoming: 0,
        reorderPoint: null,
      },
      { sku: `${prefix}-B`, onHand: 10 },
    ],
  });
  const rest = await get(`/levels?sku=${prefix}&limit=2&cursor=${String(first.body.next)}`);
  expect(rest.body).toMatchObject({ items: [{ sku: `${prefix}-C` }], next: null });
  const elsewhere = await get(`/levels?sku=${prefix}&locationId=${newId()}`);
  expect(elsewhere.body).toEqual({ items: [], next: null });
  for (const cursor of ['x', Buffer.from('["a","b"]').toString('base64url')])
    expect(toldBy(await get(`/levels?cursor=${cursor}`))).toEqual([422, 'stock.cursor_invalid']);

  const history = `/levels/${variant!.id}/${DEFAULT_LOCATION_ID}/movements`;
  const newest = await get(`${history}?limit=1`);
  expect(newest.body).toMatchObject({
    items: [{ seq: 2, delta: -2, onHandAfter: 8, reason: 'sale', actorId: null, cause: null, note: null }],
    next: 2,
  });
  expect((await get(`${history}?before=2`)).body).toMatchObject({
    items: [{ seq: 1, reason: 'initial' }],
    next: null,
  });
});

test('a transfer and a count go their way through the routes', async () => {
  const { id: variantId } = await buildStockedVariant(shop.database);
  const toId = await buildLocation(shop.database);
  const draft = { fromId: DEFAULT_LOCATION_ID, toId, lines: [{ variantId, quantity: 4 }] };
  const twice = { ...draft, lines: [...draft.lines, ...draft.lines] };
  expect(toldBy(await call('POST', '/transfers', { body: twice }))).toEqual([422, 'request.invalid']);
  const drafted = await call('POST', '/transfers', { body: draft });
  expect(drafted).toMatchObject({ status: 201, tag: '"1"', body: { status: 'draft' } });
  const path = `/transfers/${drafted.body.id}`;
  const body = { lines: [{ variantId, quantity: 3 }] };
  expect(await call('PUT', path, { body, seen: '"1"' })).toMatchObject({ status: 200, tag: '"2"' });
  expect(await call('POST', `${path}/shipment`, { seen: '"2"' })).toMatchObject({
    body: { status: 'in_transit' },
  });
  const arrived = { lines: [{ variantId, quantity: 1 }] };
  expect(await call('POST', `${path}/receipts`, { body: arrived })).toMatchObject({
    status: 200,
    tag: '"4"',
  });
  const answer = { lines: [{ variantId, returned: 1, lost: 1 }] };
  expect(await call('POST', `${path}/cancellation`, { body: answer })).toMatchObject({
    body: { status: 'cancelled', lines: [{ sent: 3, received: 1, returned: 1, lost: 1 }] },
  });
  expect((await get(path)).body).toMatchObject({ endedAt: expect.any(String) as string });
  expect((await get('/transfers?status=cancelled&limit=1')).body).toMatchObject({
    items: [{ id: drafted.body.id }],
  });
  const move = { fromId: toId, toId: DEFAULT_LOCATION_ID, lines: [{ variantId, quantity: 1 }], note: 'back' };
  expect(await call('POST', '/moves', { body: move })).toMatchObject({
    status: 201,
    body: { status: 'received' },
  });

  const opened = await call('POST', '/counts', { body: { locationId: toId } });
  expect(opened).toMatchObject({ status: 201, body: { status: 'open', lineCount: 0 } });
  const count = `/counts/${opened.body.id}`;
  const line = `${count}/lines/${variantId}`;
  expect(await call('PUT', line, { body: {} })).toMatchObject({ status: 422 });
  expect(await call('PUT', line, { body: { counted: null } })).toMatchObject({ status: 200, tag: '"2"' });
  expect((await get(count)).body).toMatchObject({ lines: [{ expected: 0, counted: null }] });
  expect(await call('PUT', line, { body: { counted: 30 } })).toMatchObject({ tag: '"3"' });
  expect((await get(count)).body).toMatchObject({
    lines: [{ expected: 0, counted: 30, difference: 30 }],
    ...{ differingUnits: 30, differingValue: 7_500_000, needsAnother: true },
  });
  expect(await call('POST', `${count}/approval`, { seen: '"3"' })).toMatchObject({
    ...{ status: 403, body: { code: 'count.another_must_approve', limit: 20, units: 30 } },
  });
  expect(await call('POST', `${count}/approval`, { by: 'admin', seen: '"3"' })).toMatchObject({
    body: { status: 'approved', endedBy: people.admin.accountId },
  });
  expect(toldBy(await call('POST', `${count}/cancellation`))).toEqual([409, 'count.over']);
  expect((await get(`/counts?locationId=${toId}`)).body).toMatchObject({
    items: [{ lineCount: 1 }],
    next: null,
  });
});

test('sold units are marked as shipped, and the audit finds nothing', async () => {
  const variant = await buildStockedVariant(shop.database);
  const { id } = await buildOrder(shop.database, { stage: 'paid', lines: [{ variant, quantity: 2 }] });
  const line = { variantId: variant.id, locationId: DEFAULT_LOCATION_ID };
  expect((await get(`/orders/${id}`)).body).toMatchObject({ lines: [{ ...line, quantity: 2, shipped: 0 }] });
  const shipped = await call('PUT', `/orders/${id}/shipped`, { body: { lines: [{ ...line, shipped: 2 }] } });
  expect(shipped).toMatchObject({ status: 200, body: { lines: [{ shipped: 2 }] } });
  expect(
    toldBy(await call('PUT', `/orders/${newId()}/shipped`, { body: { lines: [{ ...line, shipped: 1 }] } })),
  ).toEqual([404, 'order.not_found']);
  expect((await get('/hold-audit')).body).toMatchObject({ found: [], isCut: false });
});

describe('an import', () => {
  const importing = (body: string | Buffer, mode = 'set', key = newId()) =>
    call('POST', `/imports?mode=${mode}`, { body, key });
  const onHandOf = async (sku: string) => {
    const { body } = await get(`/levels?sku=${sku}`);
    return (body.items as { onHand: number }[]).map(({ onHand }) => onHand);
  };

  test('reads a BOM, semicolons and Persian digits, and a repeated request is imported once', async () => {
    const [one, other] = [await buildStockedVariant(shop.database), await buildStockedVariant(shop.database)];
    const table = `\uFEFFsku;location;expected;quantity\r\n${one.sku};main;۱۰;۱۵\r\n\r\n${other.sku};main;10;0\r\n`;
    const key = newId();
    expect(await importing(table, 'set', key)).toMatchObject({
      ...{ status: 200, body: { lines: 2, booked: 2, isRepeated: false } },
    });
    expect(await importing(table, 'set', key)).toMatchObject({
      body: { lines: 2, booked: 2, isRepeated: true },
    });
    expect(toldBy(await importing(table, 'add', key))).toEqual([422, 'import.refused']);
    expect([await onHandOf(one.sku), await onHandOf(other.sku)]).toEqual([[15], [0]]);
    const added = `sku,location,quantity\n${one.sku},main,5\n`;
    for (const units of [20, 25]) {
      expect(await importing(added, 'add')).toMatchObject({ body: { booked: 1, countIds: [] } });
      expect(await onHandOf(one.sku)).toEqual([units]);
    }
    expect(toldBy(await importing(added, 'add', key))).toEqual([422, 'request.idempotency_key_reused']);
  });

  test('of what was counted books small differences at once, and leaves large ones to somebody else', async () => {
    const { sku } = await buildStockedVariant(shop.database);
    const place = await call('POST', '/locations', {
      body: { code: `code-${newId().slice(-8)}`, title: 'انبار', sells: false, kind: 'warehouse' },
    });
    const table = `sku,location,expected,quantity\n${sku},${String(place.body.code)},0,30\n`;
    const imported = await importing(table);
    expect(imported).toMatchObject({ status: 200, body: { booked: 0 } });
    expect(toldBy(await importing(table))).toEqual([409, 'count.location_busy']);
    const count = `/counts/${(imported.body.countIds as string[])[0]}`;
    expect((await get(count)).body).toMatchObject({ status: 'counting', needsAnother: true });
    expect(toldBy(await call('POST', `${count}/approval`, { seen: '"2"' }))).toEqual([
      ...[403, 'count.another_must_approve'],
    ]);
    expect(await call('POST', `${count}/approval`, { by: 'admin', seen: '"2"' })).toMatchObject({
      body: { status: 'approved' },
    });
    expect((await importing(table)).body.problems).toEqual([{ line: 2, column: 'expected', code: 'moved' }]);
  });

  test('names all problems and changes nothing', async () => {
    const [one, retired] = [
      await buildStockedVariant(shop.database),
      await buildStockedVariant(shop.database, { status: 'retired' }),
    ];
    const problemsOf = async (lines: readonly string[], mode = 'set') => {
      const [head, before] =
        mode === 'set' ? ['expected,sku,location,quantity', '10,'] : ['sku,location,quantity', ''];
      const refused = await importing([head, ...lines.map((line) => before + line)].join('\n'), mode);
      expect(toldBy(refused)).toEqual([422, 'import.refused']);
      return refused.body.problems as { line: number; column: string | null; code: string }[];
    };
    expect(
      await problemsOf([
        `${one.sku},main,1e9`,
        `${one.sku},main,1000001`,
        '=cmd(),main,1',
        ',Main !,-1',
        'a,b',
      ]),
    ).toEqual([
      { line: 2, column: 'quantity', code: 'not_a_number' },
      { line: 3, column: 'quantity', code: 'out_of_range' },
      { line: 4, column: 'sku', code: 'formula' },
      { line: 5, column: 'sku', code: 'cell_empty' },
      { line: 5, column: 'location', code: 'not_a_slug' },
      { line: 5, column: 'quantity', code: 'out_of_range' },
      { line: 6, column: null, code: 'wrong_cell_count' },
    ]);
    expect(
      await problemsOf([`${one.sku},main,3`, `${one.sku},main,4`, 'nobody,main,1', `${one.sku},nowhere,1`]),
    ).toEqual([
      { line: 3, column: null, code: 'line_repeated' },
      { line: 4, column: 'sku', code: 'sku_unknown' },
      { line: 5, column: 'location', code: 'location_unknown' },
    ]);
    expect(await problemsOf([`${retired.sku},main,1`], 'add')).toEqual([
      { line: 2, column: 'sku', code: 'sku_retired' },
    ]);
    expect(await problemsOf([`${one.sku},main,"4`])).toEqual([
      { line: expect.any(Number) as number, column: null, code: 'quote_open' },
    ]);
    expect(await problemsOf([])).toEqual([{ line: 1, column: null, code: 'no_lines' }]);
    expect(await problemsOf(Array.from({ length: 1_500 }, () => 'a,main,x'))).toHaveLength(1_000);
    const long = await problemsOf(Array.from({ length: 2_001 }, (_none, at) => `a-${at},main,1`));
    expect(long).toContainEqual({ line: 2_002, column: null, code: 'too_many_rows' });
    expect(await onHandOf(one.sku)).toEqual([10]);
  });

  test('of 100,000 rows, of another type or compressed is refused before it is read', async () => {
    const rows = Array.from({ length: 100_000 }, (_none, at) => `SKU-${at},main,1`);
    const large = await importing(`sku,location,quantity\n${rows.join('\n')}`);
    expect(toldBy(large)).toEqual([413, 'request.too_large']);
    const json = await call('POST', '/imports?mode=set', { body: {} });
    expect(toldBy(json)).toEqual([415, 'request.unsupported_media_type']);
    expect(toldBy(await importing('sku,location,quantity\n', 'reset'))).toEqual([422, 'request.invalid']);
  });
});
