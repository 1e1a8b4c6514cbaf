import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { CartView, OpenedCartView } from '../../api/carts/cart.view';
import { cartIdOf } from '../../entities/carts/cart-token';
import { removeCarts } from '../../entities/retention/remove-old-rows';
import { newId } from '../../entities/values/uuid';
import { countStatements } from '../../platform/statement-count';
import { newCartToken } from '../support/factories/carts';
import { buildProduct } from '../support/factories/catalog';
import { buildRecipient } from '../support/factories/recipient';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';
import { openStorefront, type Storefront } from '../support/storefront';

type Answered = CartView & { code: string; limit?: number; errors?: unknown[] };

let shop: ShopDatabase;
let storefront: Storefront;
let token: string;

beforeAll(async () => {
  shop = await openShopDatabase();
  storefront = await openStorefront(shop.database, { cartLines: 3, unitsPerLine: 5 });
});
beforeEach(async () => {
  token = (await storefront.send<OpenedCartView>('POST', '/carts')).body.token;
});
afterAll(async () => {
  await storefront.close();
  await shop.close();
});

const send = (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, cart = token) =>
  storefront.send<Answered>(method, `/carts/current${path}`, body, { 'X-Cart-Token': cart });
const read = async () => (await storefront.get<Answered>('/carts/current', { 'X-Cart-Token': token })).body;
const add = (variantId: string, quantity = 1) => send('POST', '/lines', { variantId, quantity });
const manager = () => shop.database.manager;
const run = (sql: string, values: readonly unknown[]) => rows(shop.database.manager, sql, values);

async function variantOf(request: Parameters<typeof buildProduct>[1] = {}) {
  return (await buildProduct(shop.database, request)).variants[0]!;
}

describe('a cart', () => {
  test('is opened empty, with a token that is sent once and never logged', async () => {
    const { status, headers, body } = await storefront.send<OpenedCartView>('POST', '/carts');
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      token: expect.stringMatching(/^[\w-]{43}$/) as string,
      cart: {
        ...{ version: 1, lines: [], units: 0, total: { amount: 0, currency: 'IRR' }, recipient: null },
        ...{ changes: [], orderable: false, refusal: 'cart.empty', updatedAt: expect.any(String) as string },
      },
    });
    await storefront.get('/carts/current', { 'X-Cart-Token': body.token });
    expect(JSON.stringify(storefront.lines())).not.toContain(body.token);
  });

  test('is filled, changed and emptied, and every answer is the whole cart', async () => {
    const shoes = await variantOf({ variants: [{ price: 1_000 }] });
    const tea = await variantOf({ variants: [{ price: 30 }] });
    await add(shoes.id, 2);
    const added = await add(tea.id);
    expect([added.status, added.body.total.amount, added.body.units]).toEqual([200, 2_030, 3]);
    expect(added.body.lines.map(({ sku }) => sku)).toEqual([shoes.sku, tea.sku]);
    expect((await add(tea.id, 2)).body.lines[1]).toMatchObject({ quantity: 3, total: { amount: 90 } });
    const set = await send('PUT', `/lines/${shoes.id}`, { quantity: 1 });
    expect(set.body.total.amount).toBe(1_090);
    const removed = await send('DELETE', `/lines/${tea.id}`);
    expect(removed.body.lines.map(({ sku }) => sku)).toEqual([shoes.sku]);
    expect(await read()).toEqual(removed.body);
    const cleared = await send('DELETE', '/lines');
    expect([cleared.body.lines, cleared.body.total.amount, cleared.body.version]).toEqual([[], 0, 7]);
  });

  test('can be filled by a request that is safe to repeat', async () => {
    const { id } = await variantOf();
    await send('PUT', `/lines/${id}`, { quantity: 2 });
    const again = await send('PUT', `/lines/${id}`, { quantity: 2 });
    expect(again.body).toMatchObject({ version: 2, units: 2 });
  });

  test('has no row before something is put into it, whatever else is asked of it', async () => {
    const { id } = await variantOf();
    const countCarts = async () =>
      (await row<{ carts: number }>(manager(), 'SELECT count(*) AS carts FROM carts'))!.carts;
    const before = await countCarts();

    expect(await read()).toMatchObject({ version: 1, lines: [], orderable: false, refusal: 'cart.empty' });
    expect(await read()).toEqual(await read());
    expect((await send('DELETE', '/lines')).body).toEqual(await read());
    expect((await send('POST', '/acknowledgements', { version: 1 })).body).toEqual(await read());
    expect((await send('POST', '/acknowledgements', { version: 2 })).body).toMatchObject({
      code: 'checkout.cart_changed',
      version: 1,
    });
    expect((await send('DELETE', `/lines/${id}`)).body.code).toBe('cart.line_not_found');
    expect((await add(newId())).body.code).toBe('catalog.variant_not_found');
    expect((await add(id, 6)).body.code).toBe('cart.quantity_limit');
    expect(await countCarts()).toBe(before);

    expect((await add(id)).body).toMatchObject({ version: 2, units: 1 });
    expect(await countCarts()).toBe(before + 1);
  });

  test('that nobody changed for its lifetime goes at night, and opens empty again', async () => {
    const { id } = await variantOf();
    await add(id);
    await run(`UPDATE carts SET updated_at = now() - interval '91 days' WHERE id = $1`, [cartIdOf(token)]);
    await shop.run((transaction) => removeCarts(transaction, 90, null));

    expect(await read()).toMatchObject({ version: 1, lines: [] });
    expect((await add(id, 2)).body).toMatchObject({ version: 2, units: 2 });
  });

  test('opens only to its own token', async () => {
    await add((await variantOf()).id);
    const other = (await storefront.send<OpenedCartView>('POST', '/carts')).body.token;
    const seen = await storefront.get<Answered>('/carts/current', { 'X-Cart-Token': other });
    expect(seen.body.lines).toEqual([]);
  });
});

describe('changes are reported', () => {
  test('of a price until it is acknowledged, whatever else happens to the cart', async () => {
    const { id } = await variantOf({ variants: [{ price: 100 }] });
    await add(id);
    await send('PUT', '/recipient', { recipient: buildRecipient() });
    await run('UPDATE variants SET price = 120 WHERE id = $1', [id]);
    const change = { variantId: id, kind: 'price', was: 100, is: 120 };
    expect(await read()).toMatchObject({ total: { amount: 120 }, changes: [change], orderable: true });
    const { body } = await send('PUT', `/lines/${id}`, { quantity: 2 });
    expect(body).toMatchObject({ total: { amount: 240 }, changes: [change] });
    const seen = await send('POST', '/acknowledgements', { version: body.version });
    expect(seen.body).toMatchObject({ total: { amount: 240 }, changes: [], version: body.version + 1 });
    expect((await read()).changes).toEqual([]);
  });

  test('of stock that ran short and came back', async () => {
    const { id } = await variantOf({ variants: [{ stock: 3 }] });
    await add(id, 3);
    await send('PUT', '/recipient', { recipient: buildRecipient() });
    await run('UPDATE stock_levels SET reserved = 2 WHERE variant_id = $1', [id]);
    expect(await read()).toMatchObject({
      changes: [{ variantId: id, kind: 'availability', was: 3, is: 1 }],
      orderable: false,
    });
    await run('UPDATE stock_levels SET reserved = 0 WHERE variant_id = $1', [id]);
    expect(await read()).toMatchObject({ changes: [], orderable: true });
  });

  test.each([
    ['a variant that was retired', `UPDATE variants SET status = 'retired' WHERE id = $1`],
    [
      'a product that was archived',
      `UPDATE products SET status = 'archived' WHERE id = (SELECT product_id FROM variants WHERE id = $1)`,
    ],
    [
      'a product that is a draft again',
      `UPDATE products SET status = 'draft' WHERE id = (SELECT product_id FROM variants WHERE id = $1)`,
    ],
  ])('of %s, which can only be removed', async (_what, change) => {
    const { id } = await variantOf();
    await add(id, 2);
    await run(change, [id]);
    expect(await read()).toMatchObject({
      total: { amount: 0 },
      changes: [{ variantId: id, kind: 'not_sellable', was: 2, is: 0 }],
      orderable: false,
    });
    expect((await send('PUT', `/lines/${id}`, { quantity: 1 })).status).toBeGreaterThanOrEqual(400);
    expect((await send('DELETE', `/lines/${id}`)).body).toMatchObject({ lines: [], changes: [] });
  });

  test('and cannot be acknowledged for a cart that has changed since', async () => {
    const { id } = await variantOf();
    await add(id);
    const { status, body } = await send('POST', '/acknowledgements', { version: 1 });
    expect([status, body.code, body.version]).toEqual([409, 'checkout.cart_changed', 2]);
  });
});

describe('a cart refuses', () => {
  test('a variant that does not exist or is not published yet', async () => {
    const draft = await variantOf({ status: 'draft' });
    for (const variantId of [newId(), draft.id]) {
      const { status, body } = await add(variantId);
      expect([status, body.code]).toEqual([404, 'catalog.variant_not_found']);
    }
  });

  test('a variant that is no longer sold', async () => {
    const retired = await variantOf({ variants: [{ status: 'retired' }] });
    const archived = await variantOf({ status: 'archived' });
    for (const { id } of [retired, archived]) {
      const { status, body } = await add(id);
      expect([status, body.code]).toEqual([409, 'cart.variant_not_sellable']);
    }
  });

  test('more units than a line may hold, at once or in steps', async () => {
    const { id } = await variantOf();
    expect((await add(id, 6)).body).toMatchObject({ code: 'cart.quantity_limit', limit: 5, quantity: 6 });
    await add(id, 5);
    expect((await add(id, 1)).body).toMatchObject({ status: 409, code: 'cart.quantity_limit', quantity: 6 });
    expect((await send('PUT', `/lines/${id}`, { quantity: 6 })).status).toBe(409);
    expect((await read()).units).toBe(5);
  });

  test('more lines than it may hold, but not more units of its lines', async () => {
    const [first, ...others] = await Promise.all([variantOf(), variantOf(), variantOf()]);
    for (const { id } of [first, ...others]) await add(id);
    const { status, body } = await add((await variantOf()).id);
    expect([status, body.code, body.limit]).toEqual([409, 'cart.line_limit', 3]);
    expect((await add(first.id)).status).toBe(200);
  });

  test('to remove a line that it does not hold', async () => {
    for (const variantId of [newId(), 'nobody']) {
      const { status, body } = await send('DELETE', `/lines/${variantId}`);
      expect([status, body.code]).toEqual([404, 'cart.line_not_found']);
    }
  });

  test.each([
    {},
    { variantId: 'x', quantity: 1 },
    { variantId: newId() },
    { variantId: newId(), quantity: 0 },
    { variantId: newId(), quantity: -1 },
    { variantId: newId(), quantity: 1.5 },
    { variantId: newId(), quantity: '1' },
    { variantId: newId(), quantity: 1e9 },
    { variantId: newId(), quantity: null },
    { variantId: [newId()], quantity: 1 },
    { variantId: newId(), quantity: 1, price: 1 },
    [],
  ])('a line such as %j', async (body) => {
    const answer = await send('POST', '/lines', body);
    expect([answer.status, answer.body.code]).toEqual([422, 'request.invalid']);
  });

  const all = [
    ['POST', '/lines', { variantId: newId(), quantity: 1 }],
    ['PUT', `/lines/${newId()}`, { quantity: 1 }],
    ['DELETE', `/lines/${newId()}`, undefined],
    ['DELETE', '/lines', undefined],
    ['POST', '/acknowledgements', { version: 1 }],
  ] as const;

  test.each(all)('%s %s with a token that opens nothing', async (method, path, body) => {
    for (const cart of [newCartToken(), 'short', `${token}x`, token.slice(1)]) {
      const answer = await send(method, path, body, cart);
      expect([answer.status, answer.body.code]).toEqual([404, 'cart.not_found']);
    }
  });

  test.each(all)('%s %s without a token', async (method, path, body) => {
    const answer = await storefront.send<Answered>(method, `/carts/current${path}`, body);
    expect([answer.status, answer.body.code]).toEqual([401, 'access.token_missing']);
  });
});

describe('SQL statements', () => {
  test('to read a cart: one', async () => {
    const { statements } = await countStatements(shop.database, read);
    expect(statements).toHaveLength(1);
  });

  test('to open one: none', async () => {
    const { statements } = await countStatements(shop.database, () => storefront.send('POST', '/carts'));
    expect(statements).toEqual([]);
  });

  test('to change one: lock, change and read, in a transaction', async () => {
    const { id } = await variantOf();
    await add(id);
    for (const change of [
      () => add(id),
      () => send('PUT', `/lines/${id}`, { quantity: 3 }),
      () => send('POST', '/acknowledgements', { version: 4 }),
      () => send('DELETE', `/lines/${id}`),
      () => send('DELETE', '/lines'),
    ]) {
      const { result, statements } = await countStatements(shop.database, change);
      expect(result.status).toBe(200);
      expect(statements[0]).toMatch(/^START TRANSACTION/);
      expect(statements[1]).toMatch(/FOR UPDATE$/);
      expect(statements.at(-1)).toBe('COMMIT');
      expect(statements).toHaveLength(5);
    }
  });
});

test('concurrent changes of one cart add up', async () => {
  const { id } = await variantOf();
  const answers = await Promise.all(Array.from({ length: 12 }, () => add(id)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
  expect(answers.filter(({ body }) => body.code === 'cart.quantity_limit')).toHaveLength(7);
  expect(await read()).toMatchObject({ version: 6, units: 5 });
});
