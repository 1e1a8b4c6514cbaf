import { describe, test } from 'vitest';

import { largeCatalogue } from './large-catalogue';

/** Enough for Postgres to prefer the indexes; ten times as many are in the drill of this name. */
const catalogue = largeCatalogue(5_000);

describe('no large table is read from end to end', () => {
  test.each(['newest', 'price', '-price'])('by the list sorted by %s', async (sort) => {
    for (const filter of ['', '&category=leaf-3', '&inStock=true'])
      await catalogue.readByIndex(`/products?sort=${sort}&limit=24${filter}`);
  });

  test('by a search', async () => {
    await catalogue.readByIndex(`/products?q=${encodeURIComponent('گوشی سامسونگ P-4007-1')}`);
  });

  test('by the page of a product', async () => {
    await catalogue.readByIndex('/products/p-3137');
  });
});
