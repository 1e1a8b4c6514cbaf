import { expect, test } from 'vitest';

import { presentCart, type CartTerms } from '../../../api/carts/cart.presenter';
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

const TERMS: CartTerms = {
  unitsPerLine: 5,
  publicUrl: 'https://shop.example',
  unitsPerOrder: 20,
  delivers: false,
  limits: { minimum: 100, maximum: 50_000, currency: 'IRR' },
};
const present = (...lines: CartLineRow[]) =>
  presentCart({ version: 3, customerId: null, recipient: null, updatedAt: UPDATED_AT, lines }, TERMS);

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
    recipient: null,
    changes: [],
    orderable: true,
    refusal: null,
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

test.each([
  ['cart.empty', []],
  ['checkout.not_sellable', [buildLine({ sellable: false })]],
  ['checkout.unit_limit', [buildLine({ quantity: 21, available: 30 })]],
  ['checkout.amount_too_small', [buildLine({ unitPrice: 49 })]],
  ['checkout.amount_too_large', [buildLine({ unitPrice: 25_001 })]],
  ['checkout.out_of_stock', [buildLine({ available: 1 })]],
] as const)('a cart that checkout would refuse with %s is not orderable and says so', (refusal, lines) => {
  expect(present(...lines)).toMatchObject({ orderable: false, refusal });
});

test('a free cart is orderable, whatever the gateways take', () => {
  expect(present(buildLine({ unitPrice: 0 }))).toMatchObject({ orderable: true, refusal: null });
});
