import { expect, test } from 'vitest';

import { signSecondFactorToken } from '../../api/auth/second-factor-token';
import { FactorConfig } from '../../platform/config/auth';
import { TokensConfig } from '../../platform/config/tokens';
import { createSignedTokens } from '../../platform/signed-token';
import { Buyer } from '../support/buyer';
import { buildAccount } from '../support/factories/accounts';
import { buildCaller } from '../support/factories/callers';
import { buildFactor, giveRoles } from '../support/factories/factors';
import { buildUsedCode } from '../support/factories/verifications';
import { journeyShop } from '../support/journey';
import type { Shop } from '../support/shop';
import { rows } from '../support/sql';

const journey = journeyShop();

const { tokenSecrets } = new TokensConfig();
const { factorKeys } = new FactorConfig();
const NEXT = 'the-next-secret-of-this-shop-that-is-long-enough';

async function askAsStaff(shop: Shop): Promise<number> {
  const { headers } = await buildCaller(shop, { roles: ['staff'] });
  return (await fetch(`${shop.url}/api/v1/operations/invariants`, { headers })).status;
}

/** Signs somebody of the staff in who has just typed the code. */
async function showFactor(shop: Shop, accountId: string, phone: string, code: string): Promise<number> {
  const verificationId = await buildUsedCode(shop.database, phone);
  const { token } = signSecondFactorToken(createSignedTokens(tokenSecrets), { verificationId, accountId });
  const { status } = await fetch(`${shop.url}/api/v1/auth/sessions/second-factor`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token, code, delivery: 'body' }),
  });
  return status;
}

test('orders placed before a new token secret are read and paid after it, and so are their results', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const { callbackUrl } = await shop.zarinpal.pay(placed.authority);
  const { resultToken } = (await buyer.comeBack(callbackUrl)).body;

  const rotated = await shop.withTerms({ tokens: { tokenSecrets: [NEXT, ...tokenSecrets] } });
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

  const rotated = await shop.withTerms({ tokens: { tokenSecrets: [NEXT] } });
  const later = await new Buyer(rotated).order(await journey.takeItem());

  expect((await buyer.at(rotated).read(placed)).status).toBe(403);
  expect(await askAsStaff(rotated)).toBe(200);
  expect(await buyer.at(rotated).readCart()).toBeDefined();
  expect(
    await rows(
      shop.database.manager,
      'SELECT count(DISTINCT client_key)::int AS clients FROM orders WHERE id = ANY($1)',
      [[placed.order.id, later.order.id]],
    ),
  ).toEqual([{ clients: 1 }]);
});

test('a new factor key leaves second factors alone, and the former one is needed until their next use', async () => {
  const { shop } = journey;
  const { id: accountId, phone } = await buildAccount(shop.database);
  await giveRoles(shop.database, accountId, ['staff']);
  const factor = await buildFactor(shop.database, accountId);

  const during = await shop.withTerms({ factor: { factorKeys: [NEXT, ...factorKeys] } });
  const after = await shop.withTerms({ factor: { factorKeys: [NEXT] } });

  expect(await showFactor(during, accountId, phone, factor.code())).toBe(201);
  expect(await showFactor(after, accountId, phone, factor.code(1))).toBe(201);
});
