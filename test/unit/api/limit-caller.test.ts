import { expect, test } from 'vitest';

import { limitCaller } from '../../../api/middleware/limit-caller';
import type { Access } from '../../../api/middleware/signed-in';
import { customerRouter, publicRouter } from '../../../api/router-kinds';
import { ANY_ROUTE, openApiForTest } from './open-api-under-test';

/** Takes the token for the name of an account with one session. */
const ACCESS: Access = {
  accessTokens: ({ headers }) => {
    const name = headers.authorization?.replace('Bearer ', '') ?? '';
    if (name === 'invented') return Promise.resolve('invalid');
    if (!headers.authorization?.startsWith('Bearer ')) return Promise.resolve('missing');
    return Promise.resolve({ accountId: name, sessionId: name, generation: 1 });
  },
  liveSessions: {
    find: (sessionId) =>
      Promise.resolve({
        sessionId,
        accountId: sessionId,
        kind: 'customer',
        generation: 1,
        confirmed: 1,
        provedAt: new Date(),
        readAt: new Date(),
        roles: [],
      }),
    confirm: () => Promise.resolve(),
    forget: () => {},
    forgetAccount: () => Promise.resolve(),
  },
};

const ask = async (url: string, authorization?: string) =>
  (await fetch(url, { headers: authorization === undefined ? {} : { authorization } })).status;

async function openCounting(limit: number) {
  const router = publicRouter('');
  router.get('/counted', [ANY_ROUTE, limitCaller('carts', ACCESS)], (ctx) => {
    return { status: 200, body: { caller: ctx.state.caller?.accountId ?? null } };
  });
  const { url } = await openApiForTest({ limits: { cartRequestsPerMinute: limit }, routes: router.routes });
  return (authorization?: string) => ask(`${url}/counted`, authorization);
}

test('people behind one address do not use up the requests of each other once they have signed in', async () => {
  const count = await openCounting(2);
  const asked: number[] = [];
  for (const who of ['sara', 'sara', 'sara', 'reza', 'reza']) asked.push(await count(`Bearer ${who}`));
  expect(asked).toEqual([200, 200, 429, 200, 200]);
  expect([await count(), await count(), await count()]).toEqual([200, 200, 429]);
});

test('a guest gains nothing by a header without a token', async () => {
  const count = await openCounting(1);
  expect([await count('Basic x'), await count('Basic x'), await count()]).toEqual([200, 429, 429]);
});

test('an address may not try tokens without end', async () => {
  const count = await openCounting(1);
  const asked = new Set<number>();
  for (let tried = 0; tried < 21; tried += 1) asked.add(await count('Bearer invented'));
  expect([...asked]).toEqual([401, 429]);
});

test('what belongs to customers is counted by customer as well', async () => {
  const router = customerRouter(ACCESS, '');
  router.get('/mine', [ANY_ROUTE], () => ({ status: 200, body: {} }));
  const { url } = await openApiForTest({ limits: { customerRequestsPerMinute: 1 }, routes: router.routes });
  const asked: number[] = [];
  for (const who of ['sara', 'sara', 'reza']) asked.push(await ask(`${url}/mine`, `Bearer ${who}`));
  expect(asked).toEqual([200, 429, 200]);
  expect([await ask(`${url}/mine`), await ask(`${url}/mine`)]).toEqual([401, 429]);
});
