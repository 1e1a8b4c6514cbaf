import { expect, test } from 'vitest';

import { conditional } from '../../../api/middleware/conditional';
import { may } from '../../../api/middleware/may';
import { rateLimit } from '../../../api/middleware/rate-limit';
import type { Access } from '../../../api/middleware/signed-in';
import { publicRouter, staffRouter } from '../../../api/router-kinds';
import type { LiveSession } from '../../../entities/auth/read-live-sessions';
import { newId } from '../../../entities/values/uuid';
import { createAccessTokenReader, signAccessToken } from '../../../platform/access-token';
import { makeSigningKeys, readSigningKeys } from '../../../platform/signing-keys';
import { ANY_ROUTE, openApiForTest } from './open-api-under-test';

const ISSUER = 'http://shop.test';
const KEYS = readSigningKeys(makeSigningKeys());
const SESSION: LiveSession = {
  sessionId: newId(),
  accountId: newId(),
  kind: 'staff',
  generation: 1,
  confirmed: 1,
  provedAt: new Date(),
  readAt: new Date(),
  roles: ['staff'],
};
const STAFF_TOKEN = signAccessToken(KEYS, { issuer: ISSUER, lifeSeconds: 60 }, SESSION);

/** Knows one session, of somebody of the staff. */
const ACCESS: Access = {
  accessTokens: createAccessTokenReader(KEYS, ISSUER),
  liveSessions: {
    find: (sessionId) => Promise.resolve(sessionId === SESSION.sessionId ? SESSION : undefined),
    confirm: () => Promise.resolve(),
    forget: () => {},
    forgetAccount: () => Promise.resolve(),
  },
};

function statusOf(url: string, headers: Record<string, string> = {}): Promise<number> {
  return fetch(url, { headers }).then(({ status }) => status);
}

test('staff get in with the token of their session, and nobody gets in without one', async () => {
  const staff = staffRouter(ACCESS, '');
  staff.get('/ledger', [ANY_ROUTE, may('operations.read')], (ctx) => ({
    status: 200,
    body: { roles: ctx.state.caller.roles },
  }));
  const api = await openApiForTest({ routes: staff.routes });
  const ledger = `${api.url}/ledger`;

  expect(await statusOf(ledger)).toBe(401);
  for (const header of [
    'Bearer',
    'Bearer wrong',
    `Basic ${STAFF_TOKEN}`,
    STAFF_TOKEN,
    `Bearer ${STAFF_TOKEN}x`,
  ]) {
    expect(await statusOf(ledger, { Authorization: header }), header).toBe(401);
  }
  const refused = await fetch(ledger);
  expect(refused.headers.get('www-authenticate')).toBe('Bearer');
  expect(await refused.json()).toMatchObject({ code: 'access.token_missing' });

  const letIn = await fetch(ledger, { headers: { Authorization: `bearer ${STAFF_TOKEN}` } });
  expect(await letIn.json()).toEqual({ roles: ['customer', 'staff'] });
});

test('who may do something does it as long as the proof is fresh, where one is needed', async () => {
  const admin = { ...SESSION, roles: ['admin'] as const, provedAt: new Date(Date.now() - 14 * 60_000) };
  const stale = { ...admin, provedAt: new Date(Date.now() - 16 * 60_000) };
  const asked = [];
  for (const session of [SESSION, admin, stale]) {
    const find = () => Promise.resolve<LiveSession>(session);
    const router = staffRouter({ ...ACCESS, liveSessions: { ...ACCESS.liveSessions, find } }, '');
    router.get('/list', [ANY_ROUTE, may('staff.list')], () => ({ status: 200, body: {} }));
    router.get('/grant', [ANY_ROUTE, may('role.grant')], () => ({ status: 200, body: {} }));
    const api = await openApiForTest({ routes: router.routes });
    const headers = { Authorization: `Bearer ${STAFF_TOKEN}` };
    for (const path of ['list', 'grant']) {
      const response = await fetch(`${api.url}/${path}`, { headers });
      asked.push(((await response.json()) as { code?: string }).code ?? response.status);
    }
  }

  expect(asked).toEqual(['access.forbidden', 'access.forbidden', 200, 200, 200, 'auth.proof_needed']);
});

test('guesses of a token of staff are rate limited', async () => {
  const staff = staffRouter(ACCESS, '');
  staff.get('/ledger', [ANY_ROUTE], () => ({ status: 200, body: {} }));
  const api = await openApiForTest({ limits: { staffRequestsPerMinute: 3 }, routes: staff.routes });

  const statuses = [];
  for (let i = 0; i < 4; i++)
    statuses.push(await statusOf(`${api.url}/ledger`, { Authorization: `Bearer guess-${i}` }));

  expect(statuses).toEqual([401, 401, 401, 429]);
});

test('an address with too many requests is told when to retry, and another one is served', async () => {
  const router = publicRouter('');
  router.get('/cart', [ANY_ROUTE, rateLimit('carts')], () => ({ status: 200, body: {} }));
  const api = await openApiForTest({
    edge: { trustedProxies: 1 },
    limits: { cartRequestsPerMinute: 2 },
    routes: router.routes,
  });
  const ask = (address: string) => fetch(`${api.url}/cart`, { headers: { 'X-Forwarded-For': address } });

  const first = await ask('203.0.113.1');
  expect([first.headers.get('ratelimit-limit'), first.headers.get('ratelimit-remaining')]).toEqual([
    '2',
    '1',
  ]);
  await ask('203.0.113.1');
  const refused = await ask('203.0.113.1');

  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused.json()).toMatchObject({ code: 'request.too_many' });
  expect((await ask('203.0.113.2')).status).toBe(200);
});

test('an answer that the caller already has is 304, and a changed one is sent', async () => {
  let body = { products: ['چای'] };
  const router = publicRouter('');
  router.get('/products', [ANY_ROUTE, conditional('public, max-age=5')], () => ({ status: 200, body }));
  const api = await openApiForTest({ routes: router.routes });
  const products = `${api.url}/products`;

  const first = await fetch(products);
  const etag = first.headers.get('etag')!;
  expect(first.headers.get('cache-control')).toBe('public, max-age=5');
  expect(await first.json()).toEqual({ products: ['چای'] });

  const again = await fetch(products, { headers: { 'If-None-Match': `"other", W/${etag}` } });
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
  expect(await statusOf(products, { 'If-None-Match': '"other"' })).toBe(200);
  for (const suffix of ['gzip', 'br', 'deflate', 'zstd']) {
    const compressed = etag.replace(/"$/, `-${suffix}"`);
    expect(await statusOf(products, { 'If-None-Match': compressed }), compressed).toBe(304);
    expect(await statusOf(products, { 'If-None-Match': `W/${compressed}` }), compressed).toBe(304);
  }
  expect(await statusOf(products, { 'If-None-Match': etag.replace(/"$/, '-old"') })).toBe(200);
  const head = await fetch(products, { method: 'HEAD' });
  expect([head.status, head.headers.get('etag')]).toEqual([200, etag]);

  body = { products: ['قهوه'] };
  const changed = await fetch(products, { headers: { 'If-None-Match': etag } });
  expect([changed.status, await changed.json()]).toEqual([200, body]);
});

test('a refusal has no ETag and is not cached', async () => {
  const router = publicRouter('');
  router.get('/products', [ANY_ROUTE, conditional()], () => {
    throw new Error('broken');
  });
  const api = await openApiForTest({ routes: router.routes });

  const { status, headers } = await fetch(`${api.url}/products`, { headers: { 'If-None-Match': '*' } });

  expect([status, headers.get('etag'), headers.get('cache-control')]).toEqual([500, null, 'no-store']);
});

test('a request is logged and measured under its route’s pattern, never under its path', async () => {
  const router = publicRouter('');
  router.get('/orders/:id', [ANY_ROUTE], () => ({ status: 200, body: {} }));
  const api = await openApiForTest({ routes: router.routes });

  const answer = await fetch(`${api.url}/orders/secret-id?token=capability`, {
    headers: { 'X-Order-Token': 'capability' },
  });
  await fetch(`${api.url}/nowhere/secret-id`);

  const lines = api.lines();
  expect(lines[0]).toMatchObject({
    level: 'info',
    msg: 'request',
    method: 'GET',
    route: '/orders/:id',
    status: 200,
    requestId: answer.headers.get('x-request-id'),
    from: '127.0.0.1',
    ms: expect.any(Number) as number,
  });
  expect(lines[1]).toMatchObject({ route: 'none', status: 404 });
  expect(JSON.stringify(lines)).not.toMatch(/secret-id|capability/);
  const metrics = await api.metrics.registry.metrics();
  expect(metrics).toContain(
    'http_request_duration_seconds_count{method="GET",route="/orders/:id",status="200"} 1',
  );
  expect(metrics).toContain('http_request_duration_seconds_count{method="GET",route="none",status="404"} 1');
});
