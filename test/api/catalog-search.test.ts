import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { ProductListView } from '../../api/catalog/catalog.view';
import { Variant } from '../../entities/catalog/variant';
import { buildCategory, buildProduct } from '../support/factories/catalog';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
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

async function search(q: string, rest: Record<string, string> = {}) {
  const query = new URLSearchParams({ q, ...rest }).toString();
  const { status, body } = await storefront.get<ProductListView>(`/products?${query}`);
  expect(status).toBe(200);
  return { match: body.match, slugs: body.items.map(({ slug }) => slug), nextCursor: body.nextCursor };
}

describe('the words of a search', () => {
  test.each([
    ['as they stand', 'گوشی سامسونگ'],
    ['from an Arabic keyboard', 'گوشي سامسونگ'],
    ['in another order', 'سامسونگ گوشی'],
    ['with vowel signs and tatweel', 'گُوشــی سامسونگ'],
    ['in Persian digits', 'گلکسی A۵۵'],
    ['in Arabic digits and capitals', 'GALAXY a٥٥'],
    ['by their beginnings', 'گوش سامس'],
    ['with punctuation around them', '«گوشی» (سامسونگ)!'],
    ['as a SKU in any case', 'mob-ga55-256-lil'],
    ['as a SKU in Persian digits', 'MOB-GA۵۵-۲۵۶-LIL'],
    ['as a SKU with dashes of another kind', 'MOB–GA55—256−LIL'],
    ['as a SKU without hyphens', 'mobga55256lil'],
    ['as a SKU with spaces', 'MOB GA55 256 LIL'],
    ['as a SKU beside a word', 'گوشی MOB-GA55-256-LIL'],
    ['with a space in the model', 'Galaxy A 55'],
    ['with a space in the model and nothing else', 'A 55'],
    ['with a hyphen in the model', 'a-55'],
    ['with the sign of a trade mark', 'Galaxy™ A55'],
  ])('find a product %s', async (_how, q) => {
    const found = await search(q);
    expect(found.match).toBe('exact');
    expect(found.slugs[0]).toBe('samsung-galaxy-a55');
  });

  test.each(['لپ‌تاپ ایسوس', 'لپ تاپ ایسوس', 'لپتاپ ایسوس'])(
    'find «لپ‌تاپ» with a half-space, a space or neither: %s',
    async (q) => {
      expect(await search(q)).toMatchObject({ match: 'exact', slugs: ['asus-vivobook-15'] });
    },
  );

  test('find the same with and without an emoji', async () => {
    const plain = await search('چای', { limit: '100' });
    for (const q of ['چای ☕️', 'چای ☕', 'چای☕\ufe0e', '🍵 چای', 'چای\u20dd']) {
      expect(await search(q, { limit: '100' }), q).toEqual(plain);
    }
  });

  test.each(['کتاب‌ها', 'کتابها', 'کتاب ها', 'کتاب‌هایی'])(
    'find in the plural what they find in the singular: %s',
    async (q) => {
      const found = await search(q, { limit: '100' });
      const { slugs } = await search('کتاب', { limit: '100' });
      expect(slugs.length).toBeGreaterThan(5);
      expect([found.match, found.slugs.toSorted()]).toEqual(['exact', slugs.toSorted()]);
    },
  );

  test.each(['چای از لاهیجان', 'چای برای لاهیجان', 'چای را از لاهیجان'])(
    'need not hold what says nothing: %s',
    async (q) => {
      expect(await search(q)).toEqual(await search('چای لاهیجان'));
    },
  );

  test('find a model that the shop writes in two pieces', async () => {
    await buildProduct(shop.database, { slug: 'two-pieces', title: 'دریل بوش GSB 13' });
    await buildProduct(shop.database, { slug: 'far-apart', title: 'دریل GSB با 13 سری' });
    expect((await search('gsb13')).slugs).toEqual(['two-pieces']);
  });

  test.each(['', ' ', '\t', '\u00a0\u3000'])('are refused when there are none but spaces: %j', async (q) => {
    const { status, body } = await storefront.get<{ errors: object[] }>(
      `/products?${new URLSearchParams({ q }).toString()}`,
    );
    expect([status, body.errors[0]]).toEqual([422, expect.objectContaining({ in: 'query', field: 'q' })]);
  });

  test('must all be in a product to match it', async () => {
    expect((await search('گوشی زعفران')).match).toBe('similar');
  });

  test('rank a title above keywords above a description', async () => {
    const { id: categoryId } = await buildCategory(shop.database);
    const createdAt = new Date('2020-01-01');
    const build = (slug: string, texts: object) =>
      buildProduct(shop.database, { categoryId, slug, createdAt, ...texts });
    await build('in-description', { title: 'چیز یکم', description: 'کمی نارگیلک در آن است' });
    await build('in-title', { title: 'نارگیلک' });
    await build('in-keywords', { title: 'چیز دوم', keywords: 'نارگیلک' });
    expect((await search('نارگیلک')).slugs).toEqual(['in-title', 'in-keywords', 'in-description']);
  });

  test('rank a whole word above its beginning', async () => {
    await buildProduct(shop.database, { slug: 'longer', title: 'کوزه‌گریدان' });
    await buildProduct(shop.database, { slug: 'beginning', title: 'شمعدانکی' });
    await buildProduct(shop.database, { slug: 'whole', title: 'شمعدان', createdAt: new Date('2020-01-01') });
    expect((await search('شمعدان')).slugs).toEqual(['whole', 'beginning']);
  });
});

describe('the names of variants', () => {
  test.each([
    'گوشی سرمه‌ای',
    'گوشی سرمه ای',
    'گوشی سرمهای',
    'گلکسی A55 سرمه‌ای ۱۲۸ گیگابایت',
    'گلکسی A55 128 گیگابایت',
    'گلکسی A55 ۱۲۸‌گیگابایت',
    'گلکسی A55 ۱۲۸گیگابایت',
    'a55 سرمه‌اي ١٢٨',
  ])('find their product: %s', async (q) => {
    const found = await search(q);
    expect([found.match, found.slugs[0]]).toEqual(['exact', 'samsung-galaxy-a55']);
  });

  test('find it from the moment at which they change, while they are sold', async () => {
    const product = await buildProduct(shop.database, { variants: [{ title: 'کاهویی' }, { title: 'یشمی' }] });
    const found = async (q: string) => (await search(q)).slugs.includes(product.slug);
    expect([await found('کاهویی'), await found('یشمی')]).toEqual([true, true]);

    const [first, second] = product.variants;
    await shop.run((transaction) =>
      transaction.update(Variant, { id: first!.id }, { title: 'ارغوانی', titleEn: 'Purplish' }),
    );
    await shop.run((transaction) => transaction.update(Variant, { id: second!.id }, { status: 'retired' }));

    expect([await found('کاهویی'), await found('یشمی')]).toEqual([false, false]);
    expect([await found('ارغوانی'), await found('purplish')]).toEqual([true, true]);
  });

  test('renamed at once by two transactions are both found', async () => {
    const product = await buildProduct(shop.database, { variants: [{}, {}] });
    const names = ['فسفریک', 'نقره‌ایک'];
    await Promise.all(
      names.map((title, at) =>
        shop.run((transaction) => transaction.update(Variant, { id: product.variants[at]!.id }, { title })),
      ),
    );
    for (const name of names) expect((await search(name)).slugs).toEqual([product.slug]);
    await shop.assertInvariantsHold();
  });

  test('rank below the names, brand and keywords of products, and above descriptions', async () => {
    const createdAt = new Date('2020-01-01');
    const build = (slug: string, texts: object) => buildProduct(shop.database, { slug, createdAt, ...texts });
    await build('word-in-description', { description: 'رنگ بادنجانک دارد' });
    await build('word-in-variant', { variants: [{ title: 'بادنجانک' }] });
    await build('word-in-keywords', { keywords: 'بادنجانک' });
    expect((await search('بادنجانک')).slugs).toEqual([
      'word-in-keywords',
      'word-in-variant',
      'word-in-description',
    ]);
  });
});

describe('a misspelt search', () => {
  test.each([
    ['a wrong letter in both words', 'گوشس سامسونق', 'samsung-galaxy-a55'],
    ['letters that sound the same', 'زافران قاعنات', 'qaen-saffron-sargol'],
    ['another letter for the same sound', 'کطاب شاظده کوچولو', 'the-little-prince'],
    ['a missing letter', 'اسپیکر جی‌بی‌ال فلب', 'jbl-flip-6'],
    ['two words for one, misspelt', 'پاور بنک', 'anker-powerbank-20000'],
    ['the other alphabet, by ear', 'zaferan', 'qaen-saffron-sargol'],
    ['Latin letters with a typo', 'samsng watch', 'samsung-galaxy-watch-6'],
  ])('finds what sounds like it: %s', async (_how, q, slug) => {
    const found = await search(q);
    expect(found.match).toBe('similar');
    expect(found.slugs[0]).toBe(slug);
  });

  test('is not tried when words match, even if a filter leaves out every match', async () => {
    expect(await search('گوشی', { maxPrice: '10' })).toMatchObject({ match: 'exact', slugs: [] });
  });

  test.each(['ژژژژژ', 'qxqxqxqx', '؟!؟!', 'ا ب', '\u200c\u200c\u200c'])('finds nothing for %j', async (q) => {
    expect((await search(q)).slugs).toEqual([]);
  });
});

describe('a search with filters', () => {
  test('searches only the category and its subcategories', async () => {
    const everywhere = await search('سامسونگ');
    const wearables = await search('سامسونگ', { category: 'wearables' });
    expect(everywhere.slugs.length).toBeGreaterThan(1);
    expect(wearables.slugs).toEqual(['samsung-galaxy-watch-6']);
  });

  test('sorts by price on request', async () => {
    const { slugs } = await search('کتاب', { sort: 'price', category: 'fiction' });
    expect(slugs).toEqual(['the-little-prince', 'savushun', 'kelidar']);
  });

  test.each(['best', 'newest', 'price', '-price'])(
    'pages through all matches, sorted by %s',
    async (sort) => {
      const all = await search('چای', { sort, limit: '100' });
      const walked: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Awaited<ReturnType<typeof search>> = await search('چای', {
          ...{ sort, limit: '2' },
          ...(cursor === '' ? {} : { cursor }),
        });
        walked.push(...page.slugs);
        cursor = page.nextCursor;
      }
      expect(all.slugs.length).toBeGreaterThan(3);
      expect(walked).toEqual(all.slugs);
    },
  );

  test('pages through products that only sound alike', async () => {
    const all = await search('samsong', { limit: '100' });
    const first = await search('samsong', { limit: '2' });
    const second = await search('samsong', { limit: '2', cursor: first.nextCursor! });
    expect([...first.slugs, ...second.slugs]).toEqual(all.slugs.slice(0, 4));
    expect(second.match).toBe('similar');
  });
});

test('a draft is found by no word and no SKU', async () => {
  expect((await search('پرچمدار')).slugs).toEqual([]);
  expect((await search('MOB-GS26-256-BLK')).slugs).not.toContain('samsung-galaxy-s26');
});

test.each(["گوشی' | 'x", ':* & !', '\\', 'a:b*c', "''''", '<->', '%', '_', '("', 'ﷺ', '🎁', 'A'.repeat(100)])(
  'text with a meaning in a tsquery is plain text: %s',
  async (q) => {
    await search(q);
  },
);
