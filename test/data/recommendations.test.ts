import { afterAll, beforeAll, expect, test } from 'vitest';

import { recommendSimilar } from '../../entities/recommendations/recommend-similar';
import { recommendTogether } from '../../entities/recommendations/recommend-together';
import { fillBaskets } from '../support/factories/baskets';
import { buildCategory, buildProduct } from '../support/factories/catalog';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

const PAIRS = 41;

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
  await fillBaskets(shop.database, { products: 300, orders: 6_000, pairs: PAIRS });
});
afterAll(() => shop?.close());

interface Recommended {
  readonly slug: string;
  readonly other: string;
  readonly rank: number;
}

const recommended = (kind: string) =>
  rows<Recommended>(
    shop.database.manager,
    `SELECT p.slug, o.slug AS other, r.rank
     FROM product_recommendations r JOIN products p ON p.id = r.product_id JOIN products o ON o.id = r.other_id
     WHERE r.kind = $1 ORDER BY p.slug, r.rank`,
    [kind],
  );
const together = async () => {
  await shop.run(recommendTogether);
  return recommended('together');
};

test('every planted pair comes first on both sides, and pairs of chance are few', async () => {
  const found = await together();
  const first = new Map(found.filter(({ rank }) => rank === 1).map(({ slug, other }) => [slug, other]));
  const planted = Array.from({ length: PAIRS }, (_, pair) => [`b-${2 * pair + 1}`, `b-${2 * pair + 2}`]);
  expect(
    planted.filter(([one, other]) => first.get(one!) === other && first.get(other!) === one),
  ).toHaveLength(PAIRS);
  expect(Math.max(...found.map(({ rank }) => rank))).toBeLessThanOrEqual(12);
});

test('a computation ends the kept answers of the products whose recommendations are others now, and of all where they are many', async () => {
  const ended = () =>
    rows<{ tags: string[]; pattern: string | null }>(
      shop.database.manager,
      `SELECT payload -> 'tags' AS tags, payload ->> 'pattern' AS pattern FROM events
       WHERE aggregate_type = 'answer_cache' ORDER BY version`,
    );
  const last = async () => (await ended()).at(-1);
  await together();
  const before = (await ended()).length;
  await together();
  expect(await ended()).toHaveLength(before);

  const [one] = await rows<{ id: string }>(
    shop.database.manager,
    `DELETE FROM product_recommendations WHERE kind = 'together' AND rank = 1
       AND product_id = (SELECT id FROM products WHERE slug = 'b-1') RETURNING product_id AS id`,
  );
  await together();
  expect(await last()).toEqual({ tags: [`product:${one!.id}`], pattern: null });

  await shop.run((transaction) => recommendSimilar(transaction, { after: null, products: 1_000 }));
  expect((await ended()).slice(-2)).toEqual([
    { tags: [], pattern: 'product *' },
    { tags: [], pattern: 'recommendations *' },
  ]);
});

test('a second computation, also at the same time, replaces the rows of the first', async () => {
  const before = await together();
  await Promise.all([shop.run(recommendTogether), shop.run(recommendTogether)]);
  expect(await recommended('together')).toEqual(before);
});

test('pairs below five orders, unpaid orders and products that are not listed do not count', async () => {
  await rows(shop.database.manager, "UPDATE products SET status = 'archived' WHERE slug = 'b-2'");
  await rows(
    shop.database.manager,
    `DELETE FROM order_lines WHERE variant_id = (SELECT id FROM variants WHERE sku = 'B-4') AND order_id NOT IN (
       SELECT order_id FROM order_lines WHERE variant_id = (SELECT id FROM variants WHERE sku = 'B-4')
         AND order_id IN (SELECT order_id FROM order_lines WHERE variant_id = (SELECT id FROM variants WHERE sku = 'B-3'))
       ORDER BY order_id LIMIT 4)`,
  );
  const found = await together();
  expect(found.filter(({ slug, other }) => slug === 'b-2' || other === 'b-2')).toEqual([]);
  expect(found.filter(({ slug, other }) => slug === 'b-3' && other === 'b-4')).toEqual([]);
  await rows(
    shop.database.manager,
    "UPDATE orders SET payment_status = 'refunded' WHERE payment_status = 'paid'",
  );
  expect(await together()).toEqual([]);
});

test('similar products have about the price, similar words, and the category or one beside it', async () => {
  const parent = await buildCategory(shop.database);
  const phones = await buildCategory(shop.database, { parentId: parent.id });
  const tablets = await buildCategory(shop.database, { parentId: parent.id });
  const books = await buildCategory(shop.database);
  const build = (slug: string, title: string, categoryId: string, price: number, status?: 'draft') =>
    buildProduct(shop.database, { slug, title, categoryId, status, variants: [{ price }] });
  await build('galaxy', 'گوشی سامسونگ گلکسی', phones.id, 1_000_000);
  await build('galaxy-plus', 'گوشی سامسونگ گلکسی پلاس', phones.id, 1_400_000);
  await build('other-phone', 'موبایل نوکیا', phones.id, 1_050_000);
  await build('galaxy-tab', 'تبلت سامسونگ گلکسی', tablets.id, 1_300_000);
  await build('galaxy-dear', 'گوشی سامسونگ گلکسی', phones.id, 2_100_000);
  await build('galaxy-draft', 'گوشی سامسونگ گلکسی', phones.id, 1_000_000, 'draft');
  await build('galaxy-book', 'گوشی سامسونگ گلکسی', books.id, 1_000_000);

  let after: string | null = null;
  let parts = 0;
  do {
    const part = await shop.run((transaction) => recommendSimilar(transaction, { after, products: 100 }));
    after = part.last;
    parts += 1;
  } while (after !== null);
  expect(parts).toBeGreaterThan(1);
  const found = await recommended('similar');
  const of = (slug: string) => found.filter((it) => it.slug === slug).map(({ other }) => other);
  expect(of('galaxy')).toEqual(['galaxy-plus', 'galaxy-tab', 'other-phone']);
  expect(of('b-7')).toHaveLength(12);
});
