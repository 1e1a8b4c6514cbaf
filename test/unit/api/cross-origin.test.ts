import { expect, test } from 'vitest';

import { describeShop } from '../../../api/openapi/shop-document';
import { operationsOf } from '../../api/documented-answers';
import { openApiForTest, type ApiUnderTest } from './open-api-under-test';

const STOREFRONT = 'https://shop.example';

const openTo = (browserOrigins: string) => openApiForTest({ edge: { browserOrigins } });

/** The preflight request of a browser. */
function preflight({ url }: ApiUnderTest, origin: string): Promise<Response> {
  return fetch(`${url}/api/v1/checkout`, {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type,idempotency-key,x-cart-token',
    },
  });
}

function namesIn(headers: Headers, header: string): string[] {
  return (headers.get(header) ?? '').toLowerCase().split(/\s*,\s*/);
}

test('a page of any origin may call the shop unless its origins are listed', async () => {
  const { status, headers } = await preflight(await openApiForTest(), STOREFRONT);

  expect(status).toBe(204);
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('access-control-allow-credentials')).toBeNull();
  expect(namesIn(headers, 'access-control-allow-methods')).toContain('post');
});

test('a page may send every header that a route of the shop takes', async () => {
  const { headers } = await preflight(await openApiForTest(), STOREFRONT);
  const taken = operationsOf(describeShop())
    .flatMap((operation) => operation.headers)
    .map((name) => name.toLowerCase());

  const allowed = namesIn(headers, 'access-control-allow-headers');
  expect(taken).toContain('x-cart-token');
  expect(allowed).toEqual(expect.arrayContaining(taken));
  expect(taken).toContain('authorization');
});

test('a problem can be read by the page like any other answer', async () => {
  const api = await openTo(STOREFRONT);

  const { status, headers } = await fetch(`${api.url}/api/v1/nothing`, { headers: { Origin: STOREFRONT } });

  expect(status).toBe(404);
  expect(headers.get('access-control-allow-origin')).toBe(STOREFRONT);
  expect(headers.get('access-control-allow-credentials')).toBe('true');
  expect(namesIn(headers, 'access-control-expose-headers')).toEqual(
    expect.arrayContaining(['etag', 'retry-after', 'x-request-id', 'ratelimit-remaining']),
  );
  expect(namesIn(headers, 'vary')).toContain('origin');
});

test.each([
  ['https://a.example, https://shop.example', STOREFRONT],
  ['https://a.example', null],
  ['none', null],
])('where the origins are %s, the storefront is told %s', async (origins, told) => {
  const api = await openTo(origins);

  const asked = await preflight(api, STOREFRONT);
  const read = await fetch(`${api.url}/health/live`, { headers: { Origin: STOREFRONT } });

  expect(asked.headers.get('access-control-allow-origin')).toBe(told);
  expect(read.headers.get('access-control-allow-origin')).toBe(told);
});
