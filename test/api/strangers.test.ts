import { afterAll, beforeAll, expect, test } from 'vitest';

import { describeShop } from '../../api/openapi/shop-document';
import { endSessions } from '../../entities/auth/end-sessions';
import { ERRORS } from '../../entities/errors';
import { newId } from '../../entities/values/uuid';
import { signAccessToken } from '../../platform/access-token';
import { makeSigningKeys, readSigningKeys } from '../../platform/signing-keys';
import { withTransaction } from '../../platform/transaction';
import { buildCaller, type BuiltCaller } from '../support/factories/callers';
import { openShop, type Shop } from '../support/shop';
import { differencesFrom, operationsOf, type Operation } from './documented-answers';

const document = describeShop();
const differences = differencesFrom(document);
/** Operations that demand an access token, whatever else they take. */
const guarded = operationsOf(document).filter(({ demandsToken }) => demandsToken);
const PUBLIC_URL = 'http://127.0.0.1:3000';

let shop: Shop;
let customer: BuiltCaller;

beforeAll(async () => {
  shop = await openShop({ workers: false });
  customer = await buildCaller(shop);
});
afterAll(() => shop.close());

async function call({ path, method, hasBody, headers }: Operation, authorization?: string) {
  const address = path.replaceAll(/\{\w+\}/g, () => newId());
  const needed = headers.filter((name) => name !== 'Authorization').map((name) => [name, newId()]);
  const response = await fetch(`${shop.url}${address}`, {
    method,
    headers: {
      accept: 'application/json',
      ...Object.fromEntries(needed),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: hasBody ? '{}' : null,
  });
  const body = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), body };
}

/** A refusal with one of these codes, in the documented form. */
async function expectRefused(
  operation: Operation,
  authorization: string | undefined,
  codes: readonly string[],
) {
  const { status, type, body } = await call(operation, authorization);
  const what = `${operation.name}: ${status} ${body.slice(0, 300)}`;
  expect(type, what).toBe('application/problem+json');
  const problem = JSON.parse(body) as { code: keyof typeof ERRORS };
  expect(codes, what).toContain(problem.code);
  expect(status, what).toBe(ERRORS[problem.code].status);
  expect(differences(operation, status, type!, problem), what).toEqual([]);
}

test('there are routes for people who have signed in', () => {
  expect(guarded.length).toBeGreaterThan(10);
});

test.each(guarded)('$name refuses a caller without a token', (operation) =>
  expectRefused(operation, undefined, ['access.token_missing']),
);

test.each(guarded)('$name refuses tokens that are over, forged, foreign or nonsense', async (operation) => {
  const claims = { accountId: customer.accountId, sessionId: customer.sessionId, generation: 1 };
  const others = readSigningKeys(makeSigningKeys());
  const forged = signAccessToken(others, { issuer: PUBLIC_URL, lifeSeconds: 600 }, claims);
  const [head, payload] = customer.accessToken.split('.');
  const tokens = [
    shop.accessToken(claims, -60),
    forged,
    `${head}.${payload}.`,
    `${head}.${payload}.${'A'.repeat(86)}`,
    'null',
    'x'.repeat(8_000),
  ];
  for (const token of tokens) await expectRefused(operation, `Bearer ${token}`, ['access.token_invalid']);
  await expectRefused(operation, 'Basic YTpi', ['access.token_invalid']);
});

test.each(guarded)('$name refuses the token of a session that was ended or never was', async (operation) => {
  const ended = await buildCaller(shop);
  await withTransaction(shop.database, (transaction) =>
    endSessions(transaction, { accountId: ended.accountId, reason: 'signed_out' }),
  );
  const nobody = shop.accessToken({ accountId: newId(), sessionId: newId(), generation: 1 });
  // A session of one person with the token of another.
  const mixed = shop.accessToken({
    accountId: newId(),
    sessionId: customer.sessionId,
    generation: 1,
  });
  for (const token of [ended.accessToken, nobody, mixed])
    await expectRefused(operation, `Bearer ${token}`, ['auth.session_over']);
});

test.each(guarded.filter(({ isForStaff }) => isForStaff))('$name refuses customers', (operation) =>
  expectRefused(operation, customer.headers.authorization, ['access.forbidden']),
);

test.each(guarded.filter(({ pathParameters }) => pathParameters.length > 0))(
  '$name does not find what is not there, or refuses',
  async (operation) => {
    const admin = await buildCaller(shop, { roles: ['admin'] });
    const { status, body } = await call(
      operation,
      (operation.isForStaff ? admin : customer).headers.authorization,
    );

    expect([404, 409, 422], `${operation.name} ${body.slice(0, 200)}`).toContain(status);
  },
);
