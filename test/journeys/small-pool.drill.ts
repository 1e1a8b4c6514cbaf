import { expect, test } from 'vitest';

import { buildItem } from '../support/factories/item';
import { journeyShop } from '../support/journey';
import { stockOf } from '../support/order-rows';
import { buyStubbornly } from '../support/stubborn-buyer';

const CLIENTS = 64;
const journey = journeyShop({
  database: { databasePoolSize: 2 },
  checkout: { pollEveryMs: 3_600_000 },
});

test('two connections serve sixty-four buyers at once, from the cart to the paid order', async () => {
  const { shop } = journey;
  const item = await buildItem(shop, { stock: CLIENTS + 10 });

  // Under this load a request may time out, which is a correct answer. The buyer asks again.
  const ends = await Promise.all(Array.from({ length: CLIENTS }, () => buyStubbornly(shop, item)));

  expect(ends).toHaveLength(CLIENTS);
  expect(await stockOf(shop, item)).toEqual({ onHand: 10, reserved: 0 });
});
