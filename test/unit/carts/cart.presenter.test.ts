import { expect, test } from 'vitest';

import { presentCart } from '../../../api/carts/cart.presenter';
import type { CartLineRow } from '../../../api/carts/cart.queries';

const UPDATED_AT = new Date('2026-05-06T07:08:09Z');

function buildLine(overrides: Partial<CartLineRow> = {}): CartLineRow {
  return {
    variantId: '0190a5f0-0000-7000-8000-00000000000a',
    sku: 'SHO-PEG-42',
    variantTitle: 'مشکی، سایز ۴۲',
    productSlug: 'nike-pegasus-40',
    productTitle: 'کفش دویدن نایک',
    imageUrl: 'https://images.example.com/1.webp',
    quantity: 2,
    unitPrice: 1_000,
    seenPrice: 1_000,
    sellable: true,
    available: 8,
    ...overrides,
  };
}

const present = (...lines: CartLineRow[]) => presentCart({ version: 3, updatedAt: UPDATED_AT, lines }, 5);

test('a line shows price, total and no more stock than a line may hold', () => {
  expect(present(buildLine())).toEqual({
    version: 3,
    lines: [
      {
        variantId: '0190a5f0-0000-7000-8000-00000000000a',
        sku: 'SHO-PEG-42',
        title: 'مشکی، سایز ۴۲',
        product: { slug: 'nike-pegasus-40', title: 'کفش دویدن نایک' },
        imageUrl: 'https://images.example.com/1.webp',
        quantity: 2,
        unitPrice: { amount: 1_000, currency: 'IRR' },
        total: { amount: 2_000, currency: 'IRR' },
        sellable: true,
        available: 5,
      },
    ],
    units: 2,
    total: { amount: 2_000, currency: 'IRR' },
    changes: [],
    orderable: true,
    updatedAt: '2026-05-06T07:08:09.000Z',
  });
});

test('a new price counts, is told and stands in nobody’s way', () => {
  const cart = present(buildLine({ unitPrice: 1_500 }));
  expect(cart.total.amount).toBe(3_000);
  expect(cart.changes).toEqual([
    { variantId: expect.any(String) as string, kind: 'price', was: 1_000, is: 1_500 },
  ]);
  expect(cart.orderable).toBe(true);
});

test('too little stock is told with what there is, and stands in the way', () => {
  const cart = present(buildLine({ available: 1 }));
  expect(cart.changes).toEqual([
    { variantId: expect.any(String) as string, kind: 'availability', was: 2, is: 1 },
  ]);
  expect(cart.orderable).toBe(false);
});

test('what is not for sale any more counts for nothing', () => {
  const cart = present(buildLine(), buildLine({ variantId: 'gone', sellable: false, unitPrice: 9 }));
  expect(cart.changes).toEqual([{ variantId: 'gone', kind: 'not_sellable', was: 2, is: 0 }]);
  expect([cart.total.amount, cart.units, cart.orderable]).toEqual([2_000, 2, false]);
  expect(cart.lines[1]).toMatchObject({ sellable: false, available: 0, total: { amount: 0 } });
});

test('an empty cart cannot be ordered', () => {
  expect(present()).toMatchObject({
    lines: [],
    units: 0,
    total: { amount: 0 },
    changes: [],
    orderable: false,
  });
});
