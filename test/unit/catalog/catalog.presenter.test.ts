import { expect, test } from 'vitest';

import { presentCategories, presentList, presentProduct } from '../../../api/catalog/catalog.presenter';

const IN_PERSIAN = { language: 'fa', publicUrl: 'https://shop.example' } as const;

const PRODUCT = {
  id: '0190a5f0-0000-7000-8000-000000000001',
  slug: 'kelidar',
  title: 'کتاب کلیدر',
  titleEn: 'Kelidar',
  brand: 'فرهنگ معاصر',
  imageUrl: null,
  categorySlug: 'fiction',
  categoryTitle: 'داستان و رمان',
  categoryTitleEn: null,
  priceFrom: 28_500_000,
  priceTo: 39_000_000,
  inStock: true,
  pricedUntil: null,
};

const SUMMARY = {
  id: PRODUCT.id,
  slug: 'kelidar',
  title: 'کتاب کلیدر',
  brand: 'فرهنگ معاصر',
  imageUrl: null,
  category: { slug: 'fiction', title: 'داستان و رمان' },
  priceFrom: { amount: 28_500_000, currency: 'IRR' },
  priceTo: { amount: 39_000_000, currency: 'IRR' },
  inStock: true,
};

test('a list shows its products without the keys they were sorted by', () => {
  expect(presentList([{ ...PRODUCT, key: 7 }], 'next', 'exact', IN_PERSIAN)).toEqual({
    items: [SUMMARY],
    nextCursor: 'next',
    match: 'exact',
  });
});

test('a product shows its variants, and of many units only as many as a line may hold', () => {
  const detail = {
    ...PRODUCT,
    description: 'ده جلد',
    imageUrls: [],
    pictures: [],
    categories: [{ slug: 'books', title: 'کتاب', titleEn: 'Books' }],
    recommendedIds: [],
    createdAt: new Date('2026-01-02T03:04:05Z'),
    updatedAt: new Date('2026-01-03T03:04:05Z'),
  };
  const variant = { id: PRODUCT.id, sku: 'BOK-KLD-SOFT', title: 'شومیز', price: 28_500_000 };
  const titleEn = 'Paperback';
  const shown = presentProduct(
    detail,
    [
      { ...variant, titleEn, available: 21 },
      { ...variant, titleEn, available: 0 },
    ],
    [{ ...PRODUCT, kind: 'similar', key: 1 }],
    20,
    IN_PERSIAN,
  );
  expect(shown).toEqual({
    ...SUMMARY,
    description: 'ده جلد',
    imageUrls: [],
    pictures: [],
    categories: [{ slug: 'books', title: 'کتاب' }],
    variants: [
      { ...variant, price: { amount: 28_500_000, currency: 'IRR' }, inStock: true, available: 20 },
      { ...variant, price: { amount: 28_500_000, currency: 'IRR' }, inStock: false, available: 0 },
    ],
    recommendations: { together: [], similar: [SUMMARY] },
    createdAt: '2026-01-02T03:04:05.000Z',
    updatedAt: '2026-01-03T03:04:05.000Z',
  });
});

test('uploaded pictures are shown by addresses of the shop, in place of those in the row', () => {
  const size = (width: number) => ({ key: `products/a/${width}.webp`, width, height: width });
  const picture = { id: PRODUCT.id, altFa: 'جلد', altEn: '', sizes: [size(200), size(600)] };
  const shown = presentProduct(
    {
      ...{
        ...PRODUCT,
        imageUrl: size(600).key,
        pictures: [picture],
        imageUrls: ['https://elsewhere/1.webp'],
      },
      ...{
        description: '',
        categories: [],
        recommendedIds: [],
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    },
    [],
    [],
    20,
    IN_PERSIAN,
  );
  const url = (width: number) => `https://shop.example/pictures/products/a/${width}.webp`;
  expect(shown).toMatchObject({
    imageUrl: url(600),
    imageUrls: [url(600)],
    pictures: [
      {
        altFa: 'جلد',
        sizes: [
          { url: url(200), width: 200 },
          { url: url(600), width: 600 },
        ],
      },
    ],
  });
});

test('categories become a tree in the order they came', () => {
  const row = (id: string, parentId: string | null) => ({ id, slug: id, title: id, titleEn: null, parentId });
  expect(presentCategories([row('b', null), row('b2', 'b'), row('a', null), row('b1', 'b')], 'en')).toEqual([
    {
      slug: 'b',
      title: 'b',
      children: [
        { slug: 'b2', title: 'b2', children: [] },
        { slug: 'b1', title: 'b1', children: [] },
      ],
    },
    { slug: 'a', title: 'a', children: [] },
  ]);
});

test('English names are shown to those who prefer them, and Persian ones where there are none', () => {
  const { items } = presentList([{ ...PRODUCT, key: 7 }], null, 'exact', { ...IN_PERSIAN, language: 'en' });
  expect(items).toEqual([{ ...SUMMARY, title: 'Kelidar' }]);
});
