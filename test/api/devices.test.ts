import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { PublicAddressConfig } from '../../platform/config/public-address';
import { buildCaller } from '../support/factories/callers';
import { wrongOf } from '../support/factories/verifications';
import { expectInvariantsToHold } from '../support/journey';
import { openShop, type Shop } from '../support/shop';
import { ask, bearer, codeOf, signInOn, stateOf } from '../support/sign-in';
import { row, rows } from '../support/sql';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ workers: false });
});
afterEach(() => expectInvariantsToHold(shop));
afterAll(() => shop.close());

/** A person with as many devices, the first of which asks. */
async function person(devices: number) {
  const callers = [await buildCaller(shop)];
  const { accountId } = callers[0]!;
  while (callers.length < devices) callers.push(await buildCaller(shop, { accountId }));
  return callers as [(typeof callers)[number], ...typeof callers];
}

/** Lets time pass since the last proof, also for what the API remembers of the session. */
async function ageProof(sessionId: string, minutes: number): Promise<Shop> {
  await rows(
    shop.database.manager,
    "UPDATE sessions SET proved_at = now() - $2 * interval '1 minute' WHERE id = $1",
    [sessionId, minutes],
  );
  return shop.withTerms({});
}

async function phoneOf(accountId: string): Promise<string> {
  const account = await row<{ phone: string }>(
    shop.database.manager,
    'SELECT phone FROM accounts WHERE id = $1',
    [accountId],
  );
  return account!.phone;
}

describe('the devices of a person', () => {
  test('are listed, the one that asks is marked, and nobody else’s is there', async () => {
    const [first, second] = await person(2);
    await person(1);

    const { status, body } = await ask(shop, 'GET', '/me/sessions', { headers: first.headers });

    expect(status).toBe(200);
    expect(body.items.map(({ id, isCurrent }) => [id, isCurrent])).toEqual([
      [second!.sessionId, false],
      [first.sessionId, true],
    ]);
  });

  test('are ended one by one, each once, and the API that ended one refuses it at once', async () => {
    const [first, second] = await person(2);
    const end = () => ask(shop, 'DELETE', `/me/sessions/${second!.sessionId}`, { headers: first.headers });
    expect(await stateOf(shop, second!.accessToken)).toBe('alive');

    expect((await end()).status).toBe(204);
    expect(await stateOf(shop, second!.accessToken)).toBe('auth.session_over');
    expect((await end()).body.code).toBe('auth.session_not_found');
    expect(await stateOf(shop, first.accessToken)).toBe('alive');
  });

  test('of somebody else, unknown and malformed ones are not found', async () => {
    const [mine] = await person(1);
    const [theirs] = await person(1);
    for (const id of [theirs.sessionId, newId(), '1', "'"]) {
      const answer = await ask(shop, 'DELETE', `/me/sessions/${id}`, { headers: mine.headers });
      expect([answer.status, answer.body.code]).toEqual([404, 'auth.session_not_found']);
    }
    expect(await stateOf(shop, theirs.accessToken)).toBe('alive');
  });

  test('are all ended but the one that asks, which needs a proof of the last 15 minutes', async () => {
    const [first, ...others] = await person(3);
    const at = await ageProof(first.sessionId, 16);
    const endOthers = () => ask(at, 'DELETE', '/me/sessions', { headers: first.headers });
    expect(await endOthers()).toMatchObject({ status: 403, body: { code: 'auth.proof_needed' } });

    const { accountId } = first;
    const phone = await phoneOf(accountId);
    const typed = await codeOf(at, { purpose: 'confirm_action', accountId, phone });
    const proof = {
      headers: first.headers,
      body: { verificationId: typed.verificationId, code: typed.code },
    };
    expect((await ask(at, 'POST', '/me/proofs', proof)).status).toBe(200);

    expect(await endOthers()).toMatchObject({ status: 200, body: { ended: 2 } });
    const seen = await Promise.all(others.map(({ accessToken }) => stateOf(at, accessToken)));
    expect(seen).toEqual(['auth.session_over', 'auth.session_over']);
    expect(await stateOf(at, first.accessToken)).toBe('alive');
  });
});

describe('a proof', () => {
  test('by a wrong code is counted, and one by a code for signing in or of somebody else is none', async () => {
    const [mine] = await person(1);
    const [theirs] = await person(1);
    const at = await ageProof(mine.sessionId, 16);
    const codeFor = async (accountId: string) =>
      codeOf(at, { purpose: 'confirm_action', accountId, phone: await phoneOf(accountId) });
    const prove = ({ verificationId, code }: { verificationId: string; code: string }) =>
      ask(at, 'POST', '/me/proofs', { headers: mine.headers, body: { verificationId, code } });
    const own = await codeFor(mine.accountId);

    expect(await prove({ ...own, code: wrongOf(own.code) })).toMatchObject({
      status: 422,
      body: { code: 'auth.code_wrong', attemptsLeft: 4 },
    });
    for (const other of [
      await codeFor(theirs.accountId),
      await codeOf(at, { phone: await phoneOf(mine.accountId), deviceKey: 'd'.repeat(64) }),
    ]) {
      expect((await prove(other)).body.code).toBe('auth.code_over');
    }
    const endOthers = await ask(at, 'DELETE', '/me/sessions', { headers: mine.headers });
    expect(endOthers.body.code).toBe('auth.proof_needed');
  });

  test('of a staff session needs more than a code', async () => {
    const { accountId, headers } = await buildCaller(shop, { roles: ['support'] });
    const typed = await codeOf(shop, {
      ...{ purpose: 'confirm_action', accountId },
      phone: await phoneOf(accountId),
    });
    const { verificationId, code } = typed;

    const asked = await ask(shop, 'POST', '/me/proofs/verifications', {
      headers: { ...headers, 'Idempotency-Key': newId() },
      body: { language: 'fa' },
    });
    const proved = await ask(shop, 'POST', '/me/proofs', { headers, body: { verificationId, code } });

    for (const answer of [asked, proved]) {
      expect([answer.status, answer.body.code]).toEqual([403, 'access.forbidden']);
    }
  });
});

test('another library checks access tokens with the published keys', async () => {
  const { session } = (await signInOn(shop)).body;
  const response = await fetch(`${shop.url}/.well-known/jwks.json`);
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  const { keys } = (await response.json()) as { keys: object[] };
  expect(keys.map((key) => Object.keys(key).toSorted())).toEqual([
    ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
  ]);

  const set = createRemoteJWKSet(new URL(`${shop.url}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(session.accessToken, set, {
    ...{ issuer: new PublicAddressConfig().publicUrl, audience: 'asoud', algorithms: ['ES256'] },
  });
  expect(payload['sid']).toBe(session.sessionId);
});

test('a token that is good but of no session of ours is refused', async () => {
  const claims = { accountId: newId(), sessionId: newId(), generation: 1 };
  const { headers } = await ask(shop, 'GET', '/me/sessions', { headers: bearer(shop.accessToken(claims)) });
  expect(headers.get('www-authenticate')).toBe('Bearer');
  expect(await stateOf(shop, shop.accessToken(claims))).toBe('auth.session_over');
});
