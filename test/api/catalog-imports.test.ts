import { createHash } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { CatalogImportView } from '../../api/imports/import.view';
import type { CatalogRow } from '../../entities/imports/catalog-row';
import { importCatalog } from '../../entities/imports/import-catalog';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { eventually } from '../support/eventually';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildCategory, buildProduct } from '../support/factories/catalog';
import { buildRow, linesOf, tableOf } from '../support/factories/catalog-table';
import { interleave } from '../support/interleave';
import { openShop, type Shop } from '../support/shop';
import { row, rows } from '../support/sql';

interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

interface Problem {
  readonly code: string;
  readonly problems: { line: number; column: string | null; code: string }[];
}

let shop: Shop;
let staff: BuiltCaller;
let category: string;
beforeAll(async () => {
  shop = await openShop();
  staff = await buildCaller(shop, { roles: ['staff'] });
  category = (await buildCategory(shop.database)).slug;
});
afterAll(() => shop.close());

async function send<Body = CatalogImportView>(
  table: string,
  by = staff,
  type = 'text/csv',
  key = newId(),
): Promise<Answer<Body>> {
  const response = await fetch(`${shop.url}/api/v1/catalog/imports`, {
    ...{
      method: 'POST',
      headers: { ...by.headers, 'content-type': type, 'idempotency-key': key },
      body: table,
    },
  });
  return { status: response.status, body: (await response.json()) as Body };
}

const problemsOf = async (table: string) => {
  const { status, body } = await send<Problem>(table);
  expect([status, body.code]).toEqual([422, 'import.refused']);
  return body.problems;
};

async function exported(): Promise<string> {
  const response = await fetch(`${shop.url}/api/v1/catalog/export.csv`, { headers: staff.headers });
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  return Buffer.from(await response.arrayBuffer()).toString();
}

const eventsOf = async (slug: string) => {
  const told = await rows<{ type: string; version: number }>(
    shop.database.manager,
    `SELECT e.type, e.version FROM events e JOIN products p ON p.id = e.aggregate_id WHERE p.slug = $1 ORDER BY e.version`,
    [slug],
  );
  expect(told.map(({ version }) => version)).toEqual(told.map((_, at) => at + 1));
  return told.map(({ type }) => type);
};

const build = (overrides: Partial<CatalogRow> = {}) => buildRow({ category, ...overrides });

test('an export is imported again and changes nothing', async () => {
  const { slug } = await buildProduct(shop.database, { title: '=1+1', description: 'a "b"\nc,d;e' });
  const table = await exported();
  expect(table.startsWith('\ufeffproduct,title_fa')).toBe(true);
  expect(table).toContain("'=1+1");
  const before = await row(shop.database.manager, 'SELECT count(*)::int AS events FROM events');
  const { status, body } = await send(table);
  expect(status).toBe(201);
  expect(body).toMatchObject({ status: 'done', booked: body.lines, problems: [] });
  expect(await row(shop.database.manager, 'SELECT count(*)::int AS events FROM events')).toEqual(before);
  expect(await eventsOf(slug)).toEqual([]);
  expect(await exported()).toBe(table);
});

test('products and variants are made and changed, with an event for each', async () => {
  const [navy, black] = [build(), build()].map((it) => ({ ...it, product: 'shirt', title_fa: 'پیراهن' }));
  expect((await send(tableOf([navy!, black!]))).status).toBe(201);
  const shown = async () =>
    (await (await fetch(`${shop.url}/api/v1/products/shirt`)).json()) as {
      title: string;
      variants: { sku: string; price: { amount: number } }[];
    };
  expect(await shown()).toMatchObject({
    title: 'پیراهن',
    variants: [{ sku: navy!.sku }, { sku: black!.sku }],
  });
  expect(await eventsOf('shirt')).toEqual([
    'product.created',
    'variant.added',
    'variant.added',
    'product.published',
  ]);

  const changed = [
    { ...navy!, title_fa: 'پیراهن نو', price: 99_000, position: 2 },
    { ...black!, title_fa: 'پیراهن نو', position: 1 },
  ];
  expect((await send(tableOf(changed).replaceAll('99000', '۹۹۰۰۰'))).status).toBe(201);
  expect(await shown()).toMatchObject({
    ...{ title: 'پیراهن نو' },
    variants: [{ sku: black!.sku }, { sku: navy!.sku, price: { amount: 99_000 } }],
  });
  expect((await eventsOf('shirt')).slice(4).toSorted()).toEqual([
    ...['price.changed', 'product.changed', 'variant.changed', 'variant.changed'],
  ]);
  const recorded = await rows(
    shop.database.manager,
    `SELECT 1 FROM staff_actions WHERE action = 'catalog.import' AND details ->> 'lines' = '2'`,
  );
  expect(recorded).toHaveLength(2);
});

test('a new product that somebody else makes at the same time is changed instead', async () => {
  const [first, second] = [build(), build()];
  const twin = { ...second, product: first.product };
  const actor = { ...staff, requestId: newId() };
  const digest = createHash('sha256').update(first.product).digest('hex');
  const raced = await interleave(
    { database: shop.database, run: (work) => withTransaction(shop.database, work) },
    (transaction) => importCatalog(transaction, actor, { id: newId(), digest, lines: linesOf([first]) }),
    () => send(tableOf([twin])),
  );
  expect(raced).toMatchObject({ waited: true, second: { value: { status: 201 } } });
  expect(await eventsOf(first.product)).toEqual([
    ...['product.created', 'variant.added', 'product.published', 'product.changed', 'variant.added'],
  ]);
});

test('a table that is sent again later takes the catalogue back to what it says', async () => {
  const it = build({ price: 50_000 });
  const priceOf = () => row(shop.database.manager, 'SELECT price FROM variants WHERE sku = $1', [it.sku]);
  for (const price of [50_000, 60_000, 50_000]) {
    expect((await send(tableOf([{ ...it, price }]))).status).toBe(201);
    expect(await priceOf()).toEqual({ price });
  }
});

test('a SKU in other capitals is the same SKU, and the table puts its spelling right', async () => {
  const [it, other] = [build({ sku: `Desk-${newId()}` }), build()];
  expect((await send(tableOf([it]))).status).toBe(201);
  const loud = { ...it, sku: it.sku.toUpperCase() };
  expect((await send(tableOf([loud]))).status).toBe(201);
  expect(await eventsOf(it.product)).toEqual([
    ...['product.created', 'variant.added', 'product.published', 'variant.changed'],
  ]);
  const skus = `SELECT sku FROM variants WHERE lower(sku) = lower($1)`;
  expect(await rows(shop.database.manager, skus, [it.sku])).toEqual([{ sku: loud.sku }]);
  expect(await problemsOf(tableOf([it, { ...other, sku: loud.sku }]))).toEqual([
    { line: 4, column: 'sku', code: 'sku_repeated' },
  ]);
  expect(await problemsOf(tableOf([{ ...other, sku: it.sku }]))).toEqual([
    { line: 2, column: 'sku', code: 'sku_taken' },
  ]);
});

test('every fault of a table is told with its place, and nothing of it is booked', async () => {
  const taken = (await buildProduct(shop.database)).variants[0]!.sku;
  const { slug: live } = await buildProduct(shop.database);
  const good = build();
  const twin = build();
  const rowsOf = [
    good,
    { ...twin, title_fa: '=HYPERLINK("x")' },
    { ...build(), price: '1e9' as never },
    { ...build(), status: 'gone' as never },
  ];
  // The writer escapes what begins like a formula; somebody else's program does not.
  expect(await problemsOf(tableOf(rowsOf).replace("'=HYPER", '=HYPER'))).toEqual([
    { line: 4, column: 'title_fa', code: 'formula' },
    { line: 6, column: 'price', code: 'not_a_number' },
    { line: 8, column: 'status', code: 'not_a_choice' },
  ]);
  const judged = [
    good,
    { ...build(), sku: good.sku },
    { ...build(), sku: taken },
    { ...build(), category: 'nowhere' },
    { ...build(), product: good.product, title_fa: 'دیگر' },
    { ...build(), product: live, status: 'draft' as const },
  ].map((it) => ({ ...it, description: null }));
  const found = await problemsOf(tableOf(judged));
  expect(found.toSorted((one, other) => one.line - other.line)).toEqual([
    { line: 3, column: 'sku', code: 'sku_repeated' },
    { line: 4, column: 'sku', code: 'sku_taken' },
    { line: 5, column: 'category', code: 'category_unknown' },
    { line: 6, column: 'title_fa', code: 'product_differs' },
    { line: 7, column: 'status', code: 'move_refused' },
  ]);
  expect(
    await row(shop.database.manager, 'SELECT 1 FROM variants WHERE sku = $1', [good.sku]),
  ).toBeUndefined();
  // A refused table may come again, say after its category was made.
  expect((await problemsOf(tableOf(judged))).length).toBe(5);
});

test('what is no table, too long a table, and other callers are refused', async () => {
  expect(await problemsOf('sku\n1\n')).toHaveLength(12);
  expect(await problemsOf(`${tableOf([build()])}"open`)).toMatchObject([{ code: 'quote_open' }]);
  const line = tableOf([build({ description: null })])
    .split('\r\n')[1]!
    .replace(/"یک\nدو"/, '');
  const long = `${tableOf([])}${`${line}\r\n`.repeat(100_000)}`.slice(0, 9_000_000);
  expect((await problemsOf(long)).at(-1)).toMatchObject({ code: 'too_many_rows', line: 20_002 });
  expect(
    await problemsOf(`${tableOf([])}${',,,,,,,,,,,\n'.replace(/,/g, '=1,').repeat(2_000)}`),
  ).toHaveLength(1_000);
  expect(await send<Problem>('{}', staff, 'application/json')).toMatchObject({
    ...{ status: 415, body: { code: 'request.unsupported_media_type' } },
  });
  const customer = await buildCaller(shop);
  expect((await send<Problem>(tableOf([build()]), customer)).status).toBe(403);
  const stranger = await fetch(`${shop.url}/api/v1/catalog/export.csv`);
  expect(stranger.status).toBe(401);
});

test('two thousand lines are booked at once, more by a workflow, and the same request once', async () => {
  const short = tableOf(Array.from({ length: 2_000 }, () => build()));
  const [key, longKey] = [newId(), newId()];
  const first = await send(short, staff, 'text/csv', key);
  expect([first.status, first.body.booked]).toEqual([201, 2_000]);
  const again = await send(short, staff, 'text/csv', key);
  expect([again.status, again.body.id]).toEqual([200, first.body.id]);

  const long = tableOf(Array.from({ length: 2_001 }, () => build()));
  expect(await send<Problem>(long, staff, 'text/csv', key)).toMatchObject({
    ...{ status: 422, body: { code: 'request.idempotency_key_reused' } },
  });
  const begun = await send(long, staff, 'text/csv', longKey);
  expect([begun.status, begun.body.lines]).toEqual([202, 2_001]);
  const read = async () => {
    const response = await fetch(`${shop.url}/api/v1/catalog/imports/${begun.body.id}`, {
      headers: staff.headers,
    });
    return (await response.json()) as CatalogImportView;
  };
  const done = await eventually(read, ({ endedAt }) => endedAt !== null);
  expect(done).toMatchObject({ status: 'done', booked: 2_001, problems: [] });
  expect((await send(long, staff, 'text/csv', longKey)).status).toBe(200);
});
