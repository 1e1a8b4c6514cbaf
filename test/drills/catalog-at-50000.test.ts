import { expect, test } from 'vitest';

import { row, rows } from '../../entities/sql';
import { PRODUCTS } from '../support/factories/large-catalogue';
import { largeCatalogue } from './large-catalogue';

const catalogue = largeCatalogue();

test(`the catalogue holds ${PRODUCTS} products`, async () => {
  const counted = await row<{ products: number; listed: number }>(
    catalogue.database.manager,
    'SELECT (SELECT count(*) FROM products) AS products, (SELECT count(*) FROM product_listings) AS listed',
  );
  expect(counted).toEqual({ products: PRODUCTS, listed: PRODUCTS * 0.98 });
});

test('a whole read would be noticed', async () => {
  catalogue.plans.take();
  await rows(catalogue.database.manager, `SELECT count(*) FROM products WHERE description LIKE '%شماره ۷%'`);
  expect(catalogue.plans.take().flatMap(({ readWhole }) => readWhole)).toEqual(['products']);
});

test('no large table is read from end to end by the page of a product', async () => {
  await catalogue.readByIndex('/products/p-31337');
});
