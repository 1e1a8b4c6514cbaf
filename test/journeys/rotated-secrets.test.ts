import { expect, test } from 'vitest';

import { ApiConfig } from '../../platform/config/api';
import { Buyer } from '../support/buyer';
import { journeyShop } from '../support/journey';
import type { Shop } from '../support/shop';
import { rows } from '../support/sql';

const journey = journeyShop();

const { tokenSecrets, staffTokens } = new ApiConfig();
const NEXT = 'the-next-secret-of-this-shop-that-is-long-enough';

function askAsStaff(shop: Pick<Shop, 'url'>, token: string): Promise<number> {
  return fetch(`${shop.url}/api/v1/operations/invariants`, {
    headers: { Authorization: `Bearer ${token}` },
  }).then(({ status }) => status);
}

test('orders placed before a new token secret are read and paid after it, and so are their results', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);
  const { resultToken } = (await buyer.comeBack(callbackUrl)).body;

  const rotated = await shop.withTerms({ api: { tokenSecrets: [NEXT, ...tokenSecrets] } });
  const later = await new Buyer(rotated).order(await journey.takeItem());

  expect((await buyer.at(rotated).read(placed)).status).toBe(200);
  expect((await buyer.at(rotated).read(later)).status).toBe(200);
  expect((await buyer.at(shop).read(later)).status).toBe(403);
  expect(await new Buyer(rotated).call('GET', `/payments/results/${resultToken}`, {})).toMatchObject({
    status: 200,
    body: { status: 'paid' },
  });
});

test('a new token secret voids its own tokens when the former one goes, and nothing else', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());

  const rotated = await shop.withTerms({ api: { tokenSecrets: [NEXT] } });
  const later = await new Buyer(rotated).order(await journey.takeItem());

  expect((await buyer.at(rotated).read(placed)).status).toBe(403);
  expect(await askAsStaff(rotated, shop.staffToken)).toBe(200);
  expect(await buyer.at(rotated).readCart()).toBeDefined();
  expect(
    await rows(
      shop.database.manager,
      'SELECT count(DISTINCT client_key)::int AS clients FROM orders WHERE id = ANY($1)',
      [[placed.order.id, later.order.id]],
    ),
  ).toEqual([{ clients: 1 }]);
});

test('a new token of the staff leaves orders alone, and the former one works until it is taken away', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());

  const during = await shop.withTerms({ api: { staffTokens: [NEXT, ...staffTokens] } });
  const after = await shop.withTerms({ api: { staffTokens: [NEXT] } });

  expect(await Promise.all([NEXT, ...staffTokens].map((token) => askAsStaff(during, token)))).toEqual([
    200, 200,
  ]);
  expect(await Promise.all([NEXT, ...staffTokens].map((token) => askAsStaff(after, token)))).toEqual([
    200, 401,
  ]);
  expect((await buyer.at(after).read(placed)).status).toBe(200);
});
