import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { CategoryView, ProductListView, ProductView } from '../../api/catalog/catalog.view';
import { SEED_PRODUCTS } from '../../entities/seeds/seed-catalog';
import { countStatements } from '../../platform/statement-count';
import { buildCategory, buildProduct } from '../support/factories/catalog';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openStorefront, type Storefront } from '../support/storefront';

let shop: ShopDatabase;
let storefront: Storefront;

beforeAll(async () => {
  shop = await openShopDatabase({ seeded: true });
  storefront = await openStorefront(shop.database);
});
afterAll(async () => {
  await storefront.close();
  await shop.close();
});

const list = (query = '') => storefront.get<ProductListView & { code: string }>(`/products${query}`);

/** Follows the cursors to the end. */
async function walk(query: string): Promise<ProductListView['items']> {
  const items: ProductListView['items'] = [];
  for (let cursor = ''; ;) {
    const { body } = await list(`?${query}${cursor}`);
    items.push(...body.items);
    if (body.nextCursor === null) return items;
    cursor = `&cursor=${body.nextCursor}`;
  }
}

const published = SEED_PRODUCTS.filter(({ status = 'published' }) => status === 'published');

describe('the list', () => {
  test('shows published products, newest first, in pages that omit and repeat none', async () => {
    const items = await walk('limit=7');
    expect(items.map(({ slug }) => slug)).toEqual(published.map(({ slug }) => slug).toReversed());
  });

  test('shows pictures that the shop itself serves', async () => {
    const { body } = await list('?limit=100');
    const addresses = body.items.flatMap(({ imageUrl }) => imageUrl ?? []);
    expect(addresses.length).toBeGreaterThan(50);
    for (const address of addresses) {
      const answer = await fetch(storefront.url + new URL(address).pathname);
      const shown = [answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')];
      expect(shown, address).toEqual([200, 'image/svg+xml', 'public, max-age=86400']);
      expect(await answer.text()).toMatch(/^<svg [^<]*>\n<rect [\s\S]*<\/svg>\n$/);
    }
    for (const odd of [
      '/pictures/a"b/1.svg',
      '/pictures/%3Cb%3E/1.svg',
      '/pictures/a/0.svg',
      '/pictures/a/1.png',
    ]) {
      expect((await fetch(storefront.url + odd)).status, odd).toBe(404);
    }
  });

  test('shows a product with its prices in rials, its picture and its category', async () => {
    const { body } = await list('?q=MOB-GA55-128-NVY');
    expect(body.items[0]).toEqual({
      id: expect.any(String) as string,
      slug: 'samsung-galaxy-a55',
      title: 'گوشی موبایل سامسونگ گلکسی A55',
      brand: 'Samsung',
      imageUrl: 'http://127.0.0.1:3000/pictures/samsung-galaxy-a55/1.svg',
      category: { slug: 'mobile', title: 'گوشی موبایل' },
      priceFrom: { amount: 298_500_000, currency: 'IRR' },
      priceTo: { amount: 336_900_000, currency: 'IRR' },
      inStock: true,
    });
  });

  test.each([
    ['price', (a: number, b: number) => a - b],
    ['-price', (a: number, b: number) => b - a],
  ])('sorts by %s across pages', async (sort, compare) => {
    const items = await walk(`sort=${sort}&limit=9`);
    const prices = items.map(({ priceFrom }) => priceFrom.amount);
    expect(prices).toEqual(prices.toSorted(compare));
    expect(new Set(items.map(({ id }) => id)).size).toBe(published.length);
  });

  test.each(['newest', 'price', '-price'])(
    'breaks ties of %s so that equal products are neither lost nor repeated',
    async (sort) => {
      const { id: categoryId, slug } = await buildCategory(shop.database);
      const createdAt = new Date('2026-02-03T04:05:06.789Z');
      for (let n = 0; n < 7; n += 1) await buildProduct(shop.database, { categoryId, createdAt });
      const items = await walk(`category=${slug}&sort=${sort}&limit=2`);
      expect(new Set(items.map(({ id }) => id)).size).toBe(7);
      expect(items).toHaveLength(7);
    },
  );

  test('continues after a product that was published meanwhile, without a gap or a repetition', async () => {
    const { id: categoryId, slug } = await buildCategory(shop.database);
    const day = (n: number) => new Date(Date.UTC(2026, 3, n));
    for (const n of [1, 2, 3, 4])
      await buildProduct(shop.database, { categoryId, slug: `arrival-${n}`, createdAt: day(n) });
    const first = await list(`?category=${slug}&limit=2`);
    await buildProduct(shop.database, { categoryId, slug: 'arrival-5', createdAt: day(5) });
    const second = await list(`?category=${slug}&limit=2&cursor=${first.body.nextCursor}`);
    expect([...first.body.items, ...second.body.items].map((item) => item.slug)).toEqual([
      'arrival-4',
      'arrival-3',
      'arrival-2',
      'arrival-1',
    ]);
    expect(second.body.nextCursor).toBeNull();
  });

  test('includes subcategories in a category', async () => {
    const items = await walk('category=digital&limit=5');
    const expected = published.filter(({ category }) =>
      ['mobile', 'laptop', 'headphones', 'speakers', 'accessories', 'wearables'].includes(category),
    );
    expect(items.map(({ slug }) => slug).toSorted()).toEqual(expected.map(({ slug }) => slug).toSorted());
  });

  test('filters by the price of the cheapest variant, both ends included', async () => {
    const { id: categoryId, slug } = await buildCategory(shop.database);
    for (const price of [100, 200, 300])
      await buildProduct(shop.database, { categoryId, variants: [{ price }, { price: price + 1_000 }] });
    const items = await walk(`category=${slug}&minPrice=100&maxPrice=200&sort=price`);
    expect(items.map(({ priceFrom }) => priceFrom.amount)).toEqual([100, 200]);
  });

  test('leaves out products that are out of stock, on request', async () => {
    const all = await walk('limit=100');
    const inStock = await walk('inStock=true&limit=100');
    const soldOut = all.filter((item) => !item.inStock).map(({ slug }) => slug);
    expect(soldOut).toEqual(expect.arrayContaining(['shiraz-handwoven-gabbeh', 'turkmen-embroidered-shawl']));
    expect(inStock).toHaveLength(all.length - soldOut.length);
    expect(inStock.every((item) => item.inStock)).toBe(true);
  });

  test('answers 404 for a category that does not exist', async () => {
    const { status, body } = await list('?category=no-such-thing');
    expect([status, body.code]).toEqual([404, 'catalog.category_not_found']);
  });

  test('refuses a cursor of another list, a broken one and a forged one', async () => {
    const { body } = await list('?limit=2&sort=price');
    const foreign = await list(`?limit=2&sort=newest&cursor=${body.nextCursor}`);
    const otherFilter = await list(`?limit=2&sort=price&minPrice=5&cursor=${body.nextCursor}`);
    const broken = await list(`?sort=price&cursor=${body.nextCursor!.slice(0, -3)}`);
    const invented = await list(`?sort=price&cursor=${Buffer.from('1.x.NaN.y').toString('base64url')}`);
    for (const answer of [foreign, otherFilter, broken, invented])
      expect([answer.status, answer.body.code]).toEqual([422, 'catalog.cursor_invalid']);
  });

  test.each([
    'sort=best',
    'sort=rating',
    'limit=0',
    'limit=101',
    'limit=ten',
    'minPrice=-1',
    'minPrice=1.5',
    'maxPrice=99999999999999999999',
    'inStock=perhaps',
    'category=%25',
    'category=a&category=b',
    'colour=red',
    'q=',
    `q=${'x'.repeat(101)}`,
    'q=%00',
  ])('refuses %s with a problem', async (query) => {
    const { status, body, headers } = await list(`?${query}`);
    expect([status, body.code]).toEqual([422, 'request.invalid']);
    expect(headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('a product', () => {
  const read = (slug: string) =>
    storefront.get<ProductView & { code: string }>(`/products/${encodeURIComponent(slug)}`);

  test('has the path to its category, and its variants in order', async () => {
    const { status, body } = await read('jbl-flip-6');
    expect(status).toBe(200);
    expect(body.categories.map(({ slug }) => slug)).toEqual(['digital', 'audio', 'speakers']);
    expect(
      body.variants.map(({ sku, price, inStock, available }) => [sku, price.amount, inStock, available]),
    ).toEqual([
      ['SPK-FL6-BLK', 64_500_000, true, 10],
      ['SPK-FL6-RED', 64_500_000, true, 7],
      ['SPK-FL6-BLU', 65_900_000, false, 0],
    ]);
    expect(body.imageUrls).toHaveLength(3);
    expect(body.description).toContain('IP67');
  });

  test('shows no more units than a cart line may hold', async () => {
    const { body } = await read('papco-notebook-100');
    expect(body.variants.map(({ available }) => available)).toEqual([20, 20]);
  });

  test('does not count units that orders hold', async () => {
    const { slug, variants } = await buildProduct(shop.database, { variants: [{ stock: 5 }] });
    await rows(shop.database.manager, 'UPDATE stock_levels SET reserved = 3 WHERE variant_id = $1', [
      variants[0]!.id,
    ]);
    expect((await read(slug)).body.variants[0]).toMatchObject({ available: 2, inStock: true });
  });

  test('leaves out retired variants', async () => {
    const { slug } = await buildProduct(shop.database, {
      variants: [{ price: 10, status: 'retired' }, { price: 20 }],
    });
    const { body } = await read(slug);
    expect(body.variants.map(({ price }) => price.amount)).toEqual([20]);
    expect(body.priceFrom.amount).toBe(20);
  });

  test('can have a Persian name', async () => {
    const { slug } = await buildProduct(shop.database, { slug: 'گلیم-فرش-۱۲' });
    expect((await read(slug)).body.slug).toBe('گلیم-فرش-۱۲');
  });

  test.each([
    'samsung-galaxy-s26',
    'gas-camping-stove',
    'nothing-like-it',
    '%',
    'a b',
    '../products',
    'x'.repeat(121),
  ])('called %s is not found', async (slug) => {
    const { status, body } = await read(slug);
    expect([status, body.code]).toEqual([404, 'catalog.product_not_found']);
  });
});

test('the categories are a tree in the order of the shop', async () => {
  const { body } = await storefront.get<CategoryView[]>('/categories');
  const digital = body.find(({ slug }) => slug === 'digital')!;
  expect(digital.children.map(({ slug }) => slug)).toEqual([
    'mobile',
    'laptop',
    'audio',
    'accessories',
    'wearables',
  ]);
  expect(digital.children[2]!.children.map(({ slug }) => slug)).toEqual(['headphones', 'speakers']);
});

describe('a conditional read', () => {
  test.each(['/categories', '/products?limit=3', '/products?q=چای', '/products/jbl-flip-6'])(
    'of %s answers 304 until something changes',
    async (path) => {
      const first = await storefront.get(path);
      expect(first.status).toBe(200);
      const etag = first.headers.get('etag')!;
      const again = await storefront.get(path, { 'If-None-Match': etag });
      expect([again.status, again.body]).toEqual([304, undefined]);
      expect(again.headers.get('etag')).toBe(etag);
      const other = await storefront.get(path, { 'If-None-Match': '"another"' });
      expect(other.status).toBe(200);
    },
  );

  test('sees that a unit was sold', async () => {
    const { slug, variants } = await buildProduct(shop.database, { variants: [{ stock: 2 }] });
    const { headers } = await storefront.get(`/products/${slug}`);
    await rows(shop.database.manager, 'UPDATE stock_levels SET reserved = 1 WHERE variant_id = $1', [
      variants[0]!.id,
    ]);
    const again = await storefront.get(`/products/${slug}`, { 'If-None-Match': headers.get('etag')! });
    expect(again.status).toBe(200);
  });
});

test.each([
  '/categories',
  '/products',
  '/products?category=digital&minPrice=1&maxPrice=900000000&inStock=true&sort=-price&limit=5',
  '/products?q=گوشی سامسونگ&category=digital&inStock=true',
  '/products?q=گوشس سامسونق',
  '/products/jbl-flip-6',
  '/products/jbl-flip-6/recommendations',
])('%s costs at most three SQL statements', async (path) => {
  const { result, statements } = await countStatements(shop.database, () => storefront.get(path));
  expect(result.status).toBe(200);
  expect(statements.length).toBeGreaterThan(0);
  expect(statements.length).toBeLessThanOrEqual(3);
});
