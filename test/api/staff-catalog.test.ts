import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { CategoryView, ProductListView, ProductView } from '../../api/catalog/catalog.view';
import type {
  StaffCategoriesView,
  StaffCategoryView,
  StaffProductsView,
  StaffProductView,
} from '../../api/catalog/staff/staff-catalog.view';
import { placeOrder } from '../../entities/checkout/place-order';
import { readStaffActions } from '../../entities/staff/read-staff-actions';
import { newId } from '../../entities/values/uuid';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { buildCategory, buildProduct, type ProductFields } from '../support/factories/catalog';
import { buildReadyCart, GATEWAY_LIMITS } from '../support/factories/orders';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';
import { openApiUnderTest, type ApiUnderTest } from '../unit/api/open-api-under-test';

const MANY = 100_000_000;
const RIALS = (amount: number) => ({ amount, currency: 'IRR' });
const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

let shop: ShopDatabase;
let api: ApiUnderTest;
let staff: BuiltCaller;

beforeAll(async () => {
  shop = await openShopDatabase();
  const { database } = shop;
  api = await openApiUnderTest({
    limits: { catalogRequestsPerMinute: MANY, cartRequestsPerMinute: MANY, staffRequestsPerMinute: MANY },
    neighbours: { database, catalogDatabase: database, searchDatabase: database },
  });
  staff = await buildCaller({ database, accessToken: api.accessToken }, { roles: ['staff'] });
});
afterEach(() => shop.assertInvariantsHold());
afterAll(async () => {
  await api.close();
  await shop.close();
});

interface Sent {
  readonly body?: object;
  readonly seen?: number | string;
  readonly key?: string;
  readonly by?: BuiltCaller;
  readonly headers?: Record<string, string>;
}

interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body & { readonly code?: string; readonly version?: number };
}

async function call<Body>(method: string, path: string, sent: Sent = {}): Promise<Answer<Body>> {
  const { body, seen, key = newId(), by = staff, headers = {} } = sent;
  const response = await fetch(`${api.url}/api/v1${path}`, {
    method,
    headers: {
      ...by.headers,
      'Idempotency-Key': key,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(seen === undefined ? {} : { 'If-Match': typeof seen === 'number' ? `"${seen}"` : seen }),
      ...headers,
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Answer<Body>['body'],
  };
}

const told = ({ status, body }: Answer<unknown>) => body.code ?? status;
/** What several answers told, in no order of time. */
const toldInOrder = (answers: readonly Answer<unknown>[]) =>
  answers.map((answer) => String(told(answer))).toSorted();
const read = async (id: string) => (await call<StaffProductView>('GET', `/catalog/products/${id}`)).body;

/** A product that staff made, with its version. */
async function makeProduct(fields: object = {}): Promise<StaffProductView> {
  const { id: categoryId } = await buildCategory(shop.database);
  const slug = `made-${newId()}`;
  const made = await call<StaffProductView>('POST', '/catalog/products', {
    body: { slug, title: 'میز تحریر', categoryId, ...fields },
  });
  expect(told(made)).toBe(201);
  return made.body;
}

async function addVariant(product: StaffProductView, fields: object = {}): Promise<StaffProductView> {
  const added = await call<StaffProductView>('POST', `/catalog/products/${product.id}/variants`, {
    seen: product.version,
    body: { sku: `S-${newId()}`, title: 'گردویی', price: RIALS(500_000), ...fields },
  });
  expect(told(added)).toBe(201);
  return added.body;
}

/** A published product of the factories, as staff see it. */
async function built(request: ProductFields = {}): Promise<StaffProductView> {
  return read((await buildProduct(shop.database, request)).id);
}

async function eventsOf(id: string) {
  return rows<{ version: number; type: string; payload: object }>(
    shop.database.manager,
    'SELECT version, type, payload FROM events WHERE aggregate_id = $1 ORDER BY version',
    [id],
  );
}

describe('a product', () => {
  test('begins as a draft, and is public once it is published with a variant', async () => {
    const draft = await makeProduct({
      slug: 'writing-desk',
      titleEn: 'Writing desk',
      description: 'چوب\r\nگردو',
    });
    expect(draft).toMatchObject({
      ...{
        status: 'draft',
        version: 1,
        title: 'میز تحریر',
        description: 'چوب\nگردو',
        brand: '',
        variants: [],
      },
    });
    const isPublic = async () => (await call('GET', '/products/writing-desk')).status === 200;
    const move = (status: string, seen: number) =>
      call<StaffProductView>('PUT', `/catalog/products/${draft.id}/status`, { seen, body: { status } });

    expect(told(await move('published', 1))).toBe('catalog.no_active_variant');
    const filled = await addVariant(draft);
    expect([filled.version, await isPublic()]).toEqual([2, false]);
    const published = await move('published', 2);
    expect([published.status, published.body.status, published.headers.get('etag')]).toEqual([
      200,
      'published',
      '"3"',
    ]);
    expect(await isPublic()).toBe(true);
    expect(told(await move('draft', 3))).toBe('request.invalid');
    expect(told(await move('archived', 3))).toBe(200);
    expect(await isPublic()).toBe(false);
    expect(told(await move('published', 4))).toBe(200);

    expect((await eventsOf(draft.id)).map(({ type }) => type)).toEqual([
      'product.created',
      'variant.added',
      'product.published',
      'product.archived',
      'product.published',
    ]);
  });

  test('is changed once by whoever saw its version, with an event and a record of who did it', async () => {
    const { id, version } = await makeProduct();
    const other = await buildCaller(
      { database: shop.database, accessToken: api.accessToken },
      { roles: ['admin'] },
    );
    const change = (title: string, by: BuiltCaller) =>
      call<StaffProductView>('PATCH', `/catalog/products/${id}`, { seen: version, by, body: { title } });

    const answers = await Promise.all([change('میز یک', staff), change('میز دو', other)]);

    expect(toldInOrder(answers)).toEqual(['200', 'catalog.product_changed']);
    const refused = answers.find(({ status }) => status === 412)!;
    expect(refused.body.version).toBe(version + 1);
    const [won] = answers.filter(({ status }) => status === 200);
    expect((await read(id)).title).toBe(won!.body.title);
    expect(await eventsOf(id)).toEqual([
      { version: 1, type: 'product.created', payload: {} },
      { version: 2, type: 'product.changed', payload: {} },
    ]);
    const [action] = await readStaffActions(shop.database.manager, { before: null, limit: 1 });
    expect(action).toMatchObject({
      accountId: (answers[0] === won ? staff : other).accountId,
      action: 'catalog.change',
      objectType: 'product',
      objectId: id,
      details: { change: 'product.changed', fields: 'title' },
    });
  });

  test('is not changed without the version, with another one, or with nothing new', async () => {
    const { id, version, title } = await makeProduct();
    const change = (seen?: number | string) =>
      call<StaffProductView>('PATCH', `/catalog/products/${id}`, {
        ...(seen === undefined ? {} : { seen }),
        body: { title },
      });
    expect(await change()).toMatchObject({ status: 428, body: { code: 'request.if_match_missing' } });
    expect(told(await change('*'))).toBe('request.invalid');
    expect(told(await change(version + 1))).toBe('catalog.product_changed');
    expect(await change(version)).toMatchObject({ status: 200, body: { version } });
    expect(await eventsOf(id)).toHaveLength(1);
  });

  test('is made once per key', async () => {
    const { id: categoryId } = await buildCategory(shop.database);
    const [key, body] = [newId(), { slug: `once-${newId()}`, title: 'یک بار', categoryId }];
    const make = () => call<StaffProductView>('POST', '/catalog/products', { key, body });
    const answers = await Promise.all([make(), make(), make()]);
    expect(toldInOrder(answers)).toEqual(['200', '200', '201']);
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    const other = { key, body: { ...body, title: 'دو بار' } };
    expect(told(await call('POST', '/catalog/products', other))).toBe('request.idempotency_key_reused');
  });

  test('has variants that are added once per key', async () => {
    const product = await makeProduct();
    const [key, variant] = [newId(), { sku: `S-${newId()}`, title: 'گردویی', price: RIALS(500_000) }];
    const add = (body: object) =>
      call<StaffProductView>('POST', `/catalog/products/${product.id}/variants`, { key, seen: 1, body });
    expect(told(await add(variant))).toBe(201);
    expect((await add(variant)).body).toMatchObject({ version: 2, variants: [{ sku: variant.sku }] });
    const dearer = { ...variant, price: RIALS(600_000) };
    expect(told(await add(dearer))).toBe('request.idempotency_key_reused');
  });

  test.each([
    ['a slug of another', { slug: 'taken' }, 'catalog.slug_taken'],
    ['an unknown category', { categoryId: newId() }, 'catalog.category_unknown'],
    ['a control character', { title: 'می\u0007ز' }, 'request.invalid'],
    ['a mark that turns the direction', { title: 'می\u202eز' }, 'request.invalid'],
    ['such a mark in a description', { description: 'می\u2066ز' }, 'request.invalid'],
    ['a title too long', { title: 'م'.repeat(251) }, 'request.invalid'],
    ['a description too long', { description: 'م'.repeat(20_001) }, 'request.invalid'],
    ['a blank title', { title: ' \u200c ' }, 'request.invalid'],
    ['a status', { status: 'published' }, 'request.invalid'],
  ])('is refused with %s', async (_what, fields, code) => {
    if ('slug' in fields) await buildProduct(shop.database, { slug: 'taken' });
    const { id: categoryId } = await buildCategory(shop.database);
    const body = { slug: `made-${newId()}`, title: 'میز', categoryId, ...fields };
    expect(told(await call('POST', '/catalog/products', { body }))).toBe(code);
  });

  test('is changed by staff and admins, and read by support too', async () => {
    const { id, version } = await makeProduct();
    const { database } = shop;
    const support = await buildCaller({ database, accessToken: api.accessToken }, { roles: ['support'] });
    const change = { seen: version, by: support, body: { title: 'میز' } };
    expect(told(await call('GET', `/catalog/products/${id}`, { by: support }))).toBe(200);
    expect(told(await call('GET', '/catalog/categories', { by: support }))).toBe(200);
    expect(told(await call('PATCH', `/catalog/products/${id}`, change))).toBe('access.forbidden');
  });
});

test('the list for staff has products of every status, by filters, words and SKU, page by page', async () => {
  const category = await buildCategory(shop.database);
  const sku = `LST-${newId()}`;
  const build = (status: 'draft' | 'published' | 'archived', day: number) =>
    buildProduct(shop.database, {
      categoryId: category.id,
      title: 'کوسن فهرست',
      status,
      createdAt: new Date(Date.UTC(2026, 0, day)),
      variants: [{ sku: `${sku}-${status}`, title: 'یشمی' }],
    });
  const products = [await build('archived', 3), await build('published', 2), await build('draft', 1)];
  const list = (query: Record<string, string>) =>
    call<StaffProductsView>(
      'GET',
      `/catalog/products?${new URLSearchParams({ category: category.slug, ...query }).toString()}`,
    );
  const idsOf = ({ body }: Answer<StaffProductsView>) => body.items.map(({ id }) => id);
  const ids = products.map(({ id }) => id);

  expect(idsOf(await list({}))).toEqual(ids);
  expect(idsOf(await list({ status: 'draft' }))).toEqual([ids[2]]);
  expect(idsOf(await list({ q: 'کوسن یشمی' }))).toEqual(ids);
  expect(idsOf(await list({ q: `${sku}-draft` }))).toEqual([ids[2]]);
  expect(idsOf(await list({ q: '!!' }))).toEqual([]);
  const first = await list({ limit: '2' });
  const second = await list({ limit: '2', cursor: first.body.nextCursor! });
  expect([idsOf(first), idsOf(second), second.body.nextCursor]).toEqual([ids.slice(0, 2), [ids[2]], null]);
  expect(told(await list({ status: 'draft', cursor: first.body.nextCursor! }))).toBe(
    'catalog.cursor_invalid',
  );
  expect(told(await call('GET', '/catalog/products?category=nowhere'))).toBe('catalog.category_not_found');
});

describe('a variant', () => {
  test('is added, changed and placed, and found by its new name at once', async () => {
    let product = await makeProduct();
    for (const title of ['یکم', 'دوم', 'سوم']) product = await addVariant(product, { title });
    const [, second, third] = product.variants;
    const changed = await call<StaffProductView>('PATCH', `/catalog/variants/${third!.id}`, {
      seen: product.version,
      body: { sku: ' S-۱۲۳٤-Oak ', title: 'بلوطی', titleEn: 'Oak', position: 0 },
    });
    expect(changed.body.variants.map(({ sku, title }) => [sku, title])).toEqual([
      ['S-1234-Oak', 'بلوطی'],
      [expect.any(String), 'یکم'],
      [expect.any(String), 'دوم'],
    ]);
    const published = await call<StaffProductView>('PUT', `/catalog/products/${product.id}/status`, {
      seen: changed.body.version,
      body: { status: 'published' },
    });
    for (const q of ['میز بلوطی', 'oak', 's1234oak']) {
      const { body } = await call<ProductListView>(
        'GET',
        `/products?${new URLSearchParams({ q }).toString()}`,
      );
      expect([q, body.items.map(({ id }) => id)]).toEqual([q, [product.id]]);
    }
    const last = await call<StaffProductView>('PATCH', `/catalog/variants/${second!.id}`, {
      seen: published.body.version,
      body: { position: 99 },
    });
    expect(last.body.variants.at(-1)!.id).toBe(second!.id);
    expect(
      told(await call('PATCH', `/catalog/variants/${second!.id}`, { seen: last.body.version, body: {} })),
    ).toBe(200);
    expect((await read(product.id)).version).toBe(last.body.version);
  });

  test.each([
    ['a SKU of another', { sku: 'TAKEN-1' }, 'catalog.sku_taken'],
    ['a SKU of another in small letters', { sku: 'taken-1' }, 'catalog.sku_taken'],
    ['a SKU with a space', { sku: 'A B' }, 'request.invalid'],
    ['a SKU in Persian letters', { sku: 'میز-1' }, 'request.invalid'],
    ['a SKU with a mark that turns the direction', { sku: 'A\u202eB' }, 'request.invalid'],
    ['a price below nothing', { price: RIALS(-1) }, 'request.invalid'],
    ['a price too high', { price: RIALS(1_000_000_000_001) }, 'request.invalid'],
    ['a price in another currency', { price: { amount: 1, currency: 'USD' } }, 'request.invalid'],
  ])('is refused with %s', async (_what, fields, code) => {
    const product = await makeProduct();
    if ('sku' in fields && fields.sku === 'TAKEN-1') await addVariant(await makeProduct(), fields);
    const body = { sku: `S-${newId()}`, title: 'گردویی', price: RIALS(1), ...fields };
    const sent = { seen: product.version, body };
    expect(told(await call('POST', `/catalog/products/${product.id}/variants`, sent))).toBe(code);
  });

  test('is one of at most a hundred', async () => {
    const product = await built({ variants: Array.from({ length: 100 }, () => ({ stock: 0 })) });
    const body = { sku: `S-${newId()}`, title: 'صد و یکم', price: RIALS(1) };
    const refused = await call('POST', `/catalog/products/${product.id}/variants`, {
      seen: product.version,
      body,
    });
    expect(refused.body).toMatchObject({ code: 'catalog.variant_limit', limit: 100 });
  });

  test('that is retired is in no list, not sellable in carts, and stays in orders', async () => {
    const product = await built({ variants: [{ price: 300_000 }, { price: 200_000 }] });
    const [keeps, goes] = product.variants;
    const { id: variantId, sku } = goes!;
    const stocked = { id: variantId, sku, price: 200_000, productId: product.id };
    const placed = await buildReadyCart(shop.database, [{ variant: stocked, quantity: 1 }]);
    await shop.run((transaction) => placeOrder(transaction, placed, GATEWAY_LIMITS));
    const waiting = await buildReadyCart(shop.database, [{ variant: stocked, quantity: 1 }]);
    const setStatus = (id: string, status: string, seen: number) =>
      call<StaffProductView>('PUT', `/catalog/variants/${id}/status`, { seen, body: { status } });

    const retired = await setStatus(variantId, 'retired', product.version);

    expect(told(retired)).toBe(200);
    const shown = await call<ProductView>('GET', `/products/${product.slug}`);
    expect([shown.body.priceFrom.amount, shown.body.variants.map(({ id }) => id)]).toEqual([
      300_000,
      [keeps!.id],
    ]);
    expect(
      await refusalOf(shop.run((transaction) => placeOrder(transaction, waiting, GATEWAY_LIMITS))),
    ).toMatchObject({
      code: 'checkout.not_sellable',
    });
    const line = await row(shop.database.manager, 'SELECT sku FROM order_lines WHERE order_id = $1', [
      placed.orderId,
    ]);
    expect(line).toEqual({ sku });
    const { version } = retired.body;
    expect(told(await setStatus(keeps!.id, 'retired', version))).toBe('catalog.no_active_variant');
    expect(told(await setStatus(variantId, 'active', version))).toBe(200);
    expect(await shop.run((transaction) => placeOrder(transaction, waiting, GATEWAY_LIMITS))).toMatchObject({
      status: 'awaiting_payment',
    });
  });
});

describe('a price', () => {
  test('that changes during a checkout is told to the buyer with the new total', async () => {
    const product = await built({ variants: [{ price: 100_000 }] });
    const [{ id: variantId, sku }] = product.variants as [StaffProductView['variants'][number]];
    const input = await buildReadyCart(shop.database, [
      { variant: { id: variantId, sku, price: 100_000, productId: product.id }, quantity: 3 },
    ]);

    const changed = await call<StaffProductView>('PUT', `/catalog/variants/${variantId}/price`, {
      seen: product.version,
      body: RIALS(120_000),
    });

    expect(changed.body.variants[0]).toMatchObject({ price: RIALS(120_000), priceNow: RIALS(120_000) });
    const order = (expectedTotal: number) =>
      shop.run((transaction) => placeOrder(transaction, { ...input, expectedTotal }, GATEWAY_LIMITS));
    expect(await refusalOf(order(300_000))).toMatchObject({
      code: 'checkout.price_changed',
      details: { total: RIALS(360_000) },
    });
    expect(await order(360_000)).toMatchObject({ total: 360_000 });
    expect(await eventsOf(product.id)).toEqual([
      {
        version: 1,
        type: 'price.changed',
        payload: { variantId, price: 120_000, currency: 'IRR', was: 100_000 },
      },
    ]);
  });

  test('is planned, shown to staff, not told to the public, and withdrawn', async () => {
    const product = await built({ variants: [{ price: 100_000 }] });
    const variantId = product.variants[0]!.id;
    const planPrice = (seen: number, body: object, key = newId()) =>
      call<StaffProductView>('POST', `/catalog/variants/${variantId}/planned-prices`, { seen, body, key });
    const price = RIALS(80_000);
    const [key, span] = [newId(), { startsAt: inHours(1), endsAt: inHours(2) }];

    const planned = await planPrice(0, { price, ...span }, key);

    expect(told(planned)).toBe(201);
    expect(planned.body.variants[0]).toMatchObject({
      priceNow: RIALS(100_000),
      plannedPrices: [{ price, ...span }],
    });
    expect(told(await planPrice(0, { price, ...span }, key))).toBe(200);
    expect(told(await planPrice(1, { price: RIALS(70_000), ...span }, key))).toBe(
      'request.idempotency_key_reused',
    );
    expect(told(await planPrice(1, { price, ...span }))).toBe('catalog.planned_price_overlaps');
    expect(told(await planPrice(1, { price, startsAt: inHours(3), endsAt: inHours(3) }))).toBe(
      'catalog.planned_price_never',
    );
    expect(told(await planPrice(1, { price, endsAt: inHours(-1) }))).toBe('catalog.planned_price_never');
    expect(told(await planPrice(1, { price, endsAt: '2026-12-01T00:00:00' }))).toBe('request.invalid');
    expect(told(await planPrice(1, { price, endsAt: '2026-02-30T00:00:00Z' }))).toBe('request.invalid');
    expect(told(await planPrice(1, { price, endsAt: '9999-12-31T23:00:00-03:30' }))).toBe('request.invalid');

    const atOnce = await planPrice(1, { price: RIALS(90_000), endsAt: inHours(0.5) });
    const [holds, next] = atOnce.body.variants[0]!.plannedPrices;
    expect(atOnce.body.variants[0]!.priceNow).toEqual(RIALS(90_000));
    expect((await call<ProductView>('GET', `/products/${product.slug}`)).body.priceFrom).toEqual(
      RIALS(90_000),
    );
    const withdraw = (id: string, seen: number) =>
      call<StaffProductView>('DELETE', `/catalog/planned-prices/${id}`, { seen });
    const ended = await withdraw(holds!.id, 2);
    expect(ended.body.variants[0]!.priceNow).toEqual(RIALS(100_000));
    expect(told(await withdraw(holds!.id, 3))).toBe('catalog.planned_price_over');
    expect(told(await withdraw(next!.id, 3))).toBe(200);
    expect(told(await withdraw(next!.id, 4))).toBe('catalog.planned_price_not_found');

    const events = await eventsOf(product.id);
    expect(events.map(({ type }) => type)).toEqual([
      'price.planned',
      'price.planned',
      'price.plan_withdrawn',
      'price.plan_withdrawn',
    ]);
    expect(events[0]!.payload).toEqual({ variantId, plannedPriceId: next!.id });
  });
});

describe('a category', () => {
  const make = async (fields: object = {}, key = newId()) => {
    const body = { slug: `category-${newId()}`, title: 'دسته', ...fields };
    return call<StaffCategoryView>('POST', '/catalog/categories', { body, key });
  };
  const made = async (fields: object = {}) => {
    const answer = await make(fields);
    expect(told(answer)).toBe(201);
    return answer.body;
  };
  const change = ({ id, version }: StaffCategoryView, body: object) =>
    call<StaffCategoryView>('PATCH', `/catalog/categories/${id}`, { seen: version, body });

  test('is made, renamed, placed and moved with what is below it', async () => {
    const parent = await made({ slug: 'desks', title: 'میزها', titleEn: 'Desks' });
    const [first, second] = [await made({ parentId: parent.id }), await made({ parentId: parent.id })];
    const below = await made({ parentId: second.id });
    expect(told(await change(second, { position: 0, title: 'نخست' }))).toBe(200);

    const tree = async () => (await call<CategoryView[]>('GET', '/categories')).body;
    const childrenOf = async (slug: string) =>
      (await tree()).find((category) => category.slug === slug)?.children.map((child) => child.slug);
    expect(await childrenOf('desks')).toEqual([second.slug, first.slug]);

    const moved = await change({ ...second, version: 2 }, { parentId: null });
    expect(moved.body).toMatchObject({ parentId: null, version: 3 });
    expect([await childrenOf('desks'), await childrenOf(second.slug)]).toEqual([[first.slug], [below.slug]]);
    expect(await eventsOf(second.id)).toEqual([
      { version: 1, type: 'category.created', payload: {} },
      { version: 2, type: 'category.changed', payload: {} },
      { version: 3, type: 'category.moved', payload: { parentId: null } },
    ]);
    const { body } = await call<StaffCategoriesView>('GET', '/catalog/categories');
    expect(body.items.find(({ id }) => id === parent.id)).toMatchObject({ titleEn: 'Desks', products: 0 });
  });

  test('is made once per key', async () => {
    const [key, slug] = [newId(), `once-${newId()}`];
    const first = await make({ slug }, key);
    expect(told(await change(first.body, { title: 'نام دیگر' }))).toBe(200);
    expect(await make({ slug }, key)).toMatchObject({ status: 200, body: { version: 2, title: 'نام دیگر' } });
    expect(told(await make({ slug, titleEn: 'Once' }, key))).toBe('request.idempotency_key_reused');
  });

  test('is never below itself, also when two are moved at once', async () => {
    const [a, b] = [await made(), await made()];
    expect(told(await change(a, { parentId: a.id }))).toBe('catalog.category_cycle');
    const answers = await Promise.all([change(a, { parentId: b.id }), change(b, { parentId: a.id })]);
    expect(toldInOrder(answers)).toEqual(['200', 'catalog.category_cycle']);
  });

  test('is at most twenty levels deep', async () => {
    let parentId: string | null = null;
    for (let level = 1; level <= 20; level += 1) parentId = (await made({ parentId })).id;
    expect(told(await make({ parentId }))).toBe('catalog.category_too_deep');
    const pair = await made();
    await made({ parentId: pair.id });
    const { parentId: above } = (
      await call<StaffCategoriesView>('GET', '/catalog/categories')
    ).body.items.find(({ id }) => id === parentId)!;
    expect(told(await change(pair, { parentId: above }))).toBe('catalog.category_too_deep');
  });

  test('is refused with a slug of another, an unknown parent, a version that is over or none', async () => {
    const category = await made();
    expect(told(await make({ slug: category.slug }))).toBe('catalog.slug_taken');
    expect(told(await make({ parentId: newId() }))).toBe('catalog.category_unknown');
    expect(told(await change(category, { parentId: newId() }))).toBe('catalog.category_unknown');
    const over = await change({ ...category, version: 7 }, { title: 'دیگر' });
    expect([told(over), over.body.version]).toEqual(['catalog.category_changed', 1]);
    expect(told(await call('PATCH', `/catalog/categories/${category.id}`, { body: {} }))).toBe(
      'request.if_match_missing',
    );
  });

  test('is removed only when nothing is in it', async () => {
    const [parent, child] = [await made(), await made()];
    await change(child, { parentId: parent.id });
    await buildProduct(shop.database, { categoryId: child.id });
    const remove = (id: string, seen: number) => call('DELETE', `/catalog/categories/${id}`, { seen });
    expect(told(await remove(parent.id, 1))).toBe('catalog.category_not_empty');
    expect(told(await remove(child.id, 2))).toBe('catalog.category_not_empty');
    const empty = await made();
    expect(told(await remove(empty.id, 1))).toBe(204);
    expect(told(await remove(empty.id, 1))).toBe('catalog.category_not_found');
  });
});

test('names are English for those who prefer English, where there are any', async () => {
  const category = await call<StaffCategoryView>('POST', '/catalog/categories', {
    body: { slug: `lamps-${newId()}`, title: 'چراغ‌ها', titleEn: 'Lamps' },
  });
  const draft = await makeProduct({ title: 'چراغ', titleEn: 'Lamp', categoryId: category.body.id });
  const filled = await addVariant(await addVariant(draft, { title: 'زرد', titleEn: 'Yellow' }), {
    title: 'سرخ',
  });
  await call('PUT', `/catalog/products/${draft.id}/status`, {
    seen: filled.version,
    body: { status: 'published' },
  });
  const path = `/products/${draft.slug}`;
  const namesIn = async (query: string, headers: Record<string, string> = {}) => {
    const { body } = await call<ProductView>('GET', `${path}${query}`, { headers });
    return [body.title, body.categories.at(-1)!.title, ...body.variants.map(({ title }) => title)];
  };
  const persian = ['چراغ', 'چراغ‌ها', 'زرد', 'سرخ'];
  const english = ['Lamp', 'Lamps', 'Yellow', 'سرخ'];

  expect(await namesIn('')).toEqual(persian);
  expect(await namesIn('', { 'Accept-Language': 'en-GB,en;q=0.9,fa;q=0.5' })).toEqual(english);
  expect(await namesIn('', { 'Accept-Language': 'de' })).toEqual(persian);
  expect(await namesIn('?lang=en', { 'Accept-Language': 'fa' })).toEqual(english);
  const list = await call<ProductListView>('GET', `/products?category=${category.body.slug}&lang=en`);
  expect([list.body.items[0]!.title, list.headers.get('vary')]).toEqual([
    'Lamp',
    expect.stringContaining('Accept-Language'),
  ]);
  expect(told(await call('GET', `${path}?lang=de`))).toBe('request.invalid');
});
