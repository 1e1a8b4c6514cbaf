import { expect, test } from 'vitest';

import { publicRouter } from '../../../api/router-kinds';
import { AppError } from '../../../entities/errors';
import { money } from '../../../entities/values/money';
import { ANY_ROUTE, openApiForTest, type ApiUnderTest } from './open-api-under-test';

/** An API with one route, for GET and HEAD, that fails like this. */
async function openFailing(failure: () => unknown): Promise<ApiUnderTest> {
  const router = publicRouter('');
  router.get('/fail/:id', [ANY_ROUTE], () => {
    throw failure();
  });
  return openApiForTest({ routes: router.routes });
}

async function problemOf(answer: Response): Promise<Record<string, unknown>> {
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return (await answer.json()) as Record<string, unknown>;
}

test('a refusal has a type, title, status, code, request id and its details', async () => {
  const api = await openFailing(() => new AppError('checkout.price_changed', { total: money(5) }));

  const answer = await fetch(`${api.url}/fail/1`, { headers: { 'X-Request-Id': 'the-callers-own.id_1' } });

  expect(answer.status).toBe(409);
  expect(answer.headers.get('x-request-id')).toBe('the-callers-own.id_1');
  expect(await problemOf(answer)).toEqual({
    type: '/problems/checkout.price_changed',
    title: 'The total has changed: confirm the new one.',
    status: 409,
    code: 'checkout.price_changed',
    requestId: 'the-callers-own.id_1',
    total: money(5),
  });
});

test('an odd request id is replaced', async () => {
  const api = await openFailing(() => new AppError('cart.empty'));

  for (const offered of ['short', 'with space', '<script>alert(1)</script>', 'x'.repeat(129)]) {
    const answer = await fetch(`${api.url}/fail/1`, { headers: { 'X-Request-Id': offered } });
    const id = answer.headers.get('x-request-id');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await problemOf(answer)).requestId).toBe(id);
  }
});

test('the reason of a 500 is logged and not sent', async () => {
  const api = await openFailing(() => new Error('the pool of db.internal is empty'));

  const answer = await fetch(`${api.url}/fail/1`);
  const text = await answer.clone().text();

  expect(answer.status).toBe(500);
  expect(await problemOf(answer)).toMatchObject({ code: 'service.failed' });
  expect(text).not.toContain('db.internal');
  expect(api.lines()).toContainEqual(
    expect.objectContaining({
      level: 'error',
      requestId: answer.headers.get('x-request-id'),
      err: expect.objectContaining({ message: 'the pool of db.internal is empty' }),
    }),
  );
});

test('a thrown value that is not an error is a 500 too', async () => {
  for (const thrown of [undefined, null, 'text', 42, { status: 'odd' }]) {
    const api = await openFailing(() => thrown);
    expect((await problemOf(await fetch(`${api.url}/fail/1`))).code).toBe('service.failed');
  }
});

test('Postgres being away is 503 with Retry-After', async () => {
  const api = await openFailing(() => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));

  const answer = await fetch(`${api.url}/fail/1`);

  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('2');
  expect((await problemOf(answer)).code).toBe('service.unavailable');
});

test('text that Postgres cannot read is the caller’s mistake', async () => {
  for (const code of ['22021', '22P02', '22P05', '22003']) {
    const api = await openFailing(() =>
      Object.assign(new Error('query'), { driverError: Object.assign(new Error(code), { code }) }),
    );
    expect((await fetch(`${api.url}/fail/1`)).status).toBe(422);
  }
});

test('an unknown path is 404, and a known one with another method is 405 with Allow', async () => {
  const api = await openFailing(() => new AppError('cart.empty'));

  const unknown = await fetch(`${api.url}/nowhere`);
  const posted = await fetch(`${api.url}/fail/1`, { method: 'POST' });
  const options = await fetch(`${api.url}/fail/1`, { method: 'OPTIONS' });

  expect([unknown.status, (await problemOf(unknown)).code]).toEqual([404, 'route.not_found']);
  expect([posted.status, (await problemOf(posted)).code]).toEqual([405, 'route.method_not_allowed']);
  expect(posted.headers.get('allow')).toBe('HEAD, GET, OPTIONS');
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'HEAD, GET, OPTIONS']);
});

test('HEAD of a refusal has its status and no body', async () => {
  const api = await openFailing(() => new AppError('cart.empty'));

  const answer = await fetch(`${api.url}/fail/1`, { method: 'HEAD' });

  expect([answer.status, await answer.text()]).toEqual([409, '']);
});

test('every answer carries the headers that keep browsers from guessing and framing', async () => {
  const api = await openFailing(() => new AppError('cart.empty'));

  const { headers } = await fetch(`${api.url}/nowhere`);

  expect(Object.fromEntries(headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  expect(headers.has('strict-transport-security')).toBe(false);
  expect(headers.has('x-powered-by')).toBe(false);
});

test('an API that is reached by https sends Strict-Transport-Security', async () => {
  const api = await openApiForTest({ publicUrl: 'https://api.shop.example' });

  const { headers } = await fetch(`${api.url}/health/live`);

  expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
});

test('each problem is described at its type', async () => {
  const api = await openApiForTest();

  const one = await fetch(`${api.url}/problems/cart.empty`);
  const all = (await (await fetch(`${api.url}/problems`)).json()) as unknown[];

  expect(await one.json()).toEqual({ code: 'cart.empty', status: 409, title: 'The cart is empty.' });
  expect(all).toContainEqual({ code: 'cart.empty', status: 409, title: 'The cart is empty.' });
  expect((await fetch(`${api.url}/problems/constructor`)).status).toBe(404);
});
