import { afterAll, beforeAll, expect, test } from 'vitest';

import { signRefreshToken } from '../../api/auth/refresh-token';
import { createApiClient } from '../../api/client/client';
import { createApiSession, type KeptSession } from '../../api/client/session';
import { endSessions } from '../../entities/auth/end-sessions';
import { AuthConfig } from '../../platform/config/auth';
import { createSignedTokens } from '../../platform/signed-token';
import { withTransaction } from '../../platform/transaction';
import { buildCaller } from '../support/factories/callers';
import { openShop, type Shop } from '../support/shop';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ workers: false });
});
afterAll(() => shop.close());

/** Somebody who has signed in, with a client that keeps the session. */
async function buildClient(change: Partial<KeptSession> = {}) {
  const caller = await buildCaller(shop);
  const tokens = createSignedTokens(new AuthConfig().refreshSecrets);
  const kept: KeptSession = {
    accessToken: caller.accessToken,
    expiresAt: Date.now() + 600_000,
    refreshToken: signRefreshToken(tokens, { sessionId: caller.sessionId, generation: 1 }),
    ...change,
  };
  const changes: (KeptSession | undefined)[] = [];
  const session = createApiSession({
    api: createApiClient(shop.url),
    kept,
    onChange: (changed) => void changes.push(changed),
  });
  return { caller, kept, changes, client: createApiClient(shop.url, { session }) };
}

test('a client sends the token of its session', async () => {
  const { client, changes, caller } = await buildClient();

  const { data } = await client.call('listDevices', {});

  expect(data.items.map(({ id }) => id)).toEqual([caller.sessionId]);
  expect(changes).toEqual([]);
});

test('a token that is over soon is replaced first, once for calls that come together', async () => {
  const { client, changes, kept } = await buildClient({ expiresAt: Date.now() + 1_000 });

  await Promise.all(Array.from({ length: 10 }, () => client.call('listDevices', {})));

  expect(changes).toHaveLength(1);
  expect(changes[0]?.refreshToken).not.toBe(kept.refreshToken);
});

test('a token that the shop refuses is replaced, and the call made again', async () => {
  const { client, changes } = await buildClient({ accessToken: 'x.y.z' });

  expect((await client.call('listDevices', {})).status).toBe(200);
  expect(changes).toHaveLength(1);
});

test('a session that was ended is told, and nothing is repeated', async () => {
  const { client, changes, caller } = await buildClient({ accessToken: 'x.y.z' });
  await withTransaction(shop.database, (transaction) =>
    endSessions(transaction, { accountId: caller.accountId, reason: 'ended_elsewhere' }),
  );

  const refusal = client.call('listDevices', {});

  await expect(refusal).rejects.toMatchObject({ problem: { code: 'access.token_invalid' } });
  expect(changes).toEqual([undefined]);
});

test('what guests may do needs no session', async () => {
  const { client } = await buildClient({ accessToken: 'x.y.z' });

  expect((await client.call('listCategories', {})).status).toBe(200);
});
