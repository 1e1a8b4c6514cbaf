import { afterAll, beforeAll, expect, test } from 'vitest';

import { openShop, type Shop } from '../support/shop';
import {
  ask,
  bearer,
  codeOf,
  refreshWith,
  signInOn,
  stateOf,
  type AuthAnswer,
  type Headed,
} from '../support/sign-in';

const STOREFRONT = 'https://shop.example';
const OWN = 'https://api.shop.example';
const NAME = '__Host-asoud-session';

/** Behind a proxy that ends TLS: the browser uses https, the proxy does not. */
const HTTPS = { browserOrigins: STOREFRONT, trustedProxies: 1 };

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({ workers: false, edge: HTTPS, publicAddress: { publicUrl: OWN } });
});
afterAll(() => shop.close());

const from = (origin: string): Headed => ({ Origin: origin });

const signIn = (headers: Headed = from(STOREFRONT), at: Shop = shop) =>
  signInOn(at, { headers }, { delivery: 'cookie' });

const cookieIn = ({ cookies }: AuthAnswer) => cookies[0]!.split(';')[0]!;

const refresh = (cookie: string, headers: Headed = from(STOREFRONT), at: Shop = shop) =>
  ask(at, 'POST', '/auth/sessions/refresh', { headers: { Cookie: cookie, ...headers } });

test('a refresh token in a cookie is in no body, and no script and no other site gets it', async () => {
  const signedIn = await signIn();

  expect(signedIn.status).toBe(201);
  expect(signedIn.body.session.refreshToken).toBeNull();
  expect(signedIn.cookies).toHaveLength(1);
  const [value, ...attributes] = signedIn.cookies[0]!.split('; ');
  expect(value).toMatch(/^__Host-asoud-session=[\w-]+\.[\w-]{43}$/);
  expect(
    attributes
      .filter((it) => !it.startsWith('expires='))
      .map((it) => it.toLowerCase())
      .toSorted(),
  ).toEqual(['httponly', 'path=/', 'samesite=strict', 'secure']);
  expect(signedIn.headers.get('access-control-allow-origin')).toBe(STOREFRONT);
  expect(signedIn.headers.get('access-control-allow-credentials')).toBe('true');
  expect(signedIn.headers.get('vary')?.toLowerCase()).toContain('origin');
});

test('a cookie is exchanged for the next one by pages of the shop', async () => {
  const first = await signIn();
  const second = await refresh(cookieIn(first));
  const third = await refresh(cookieIn(second), from(OWN));

  for (const answer of [second, third]) {
    expect([answer.status, answer.body.refreshToken]).toEqual([200, null]);
    expect(await stateOf(shop, answer.body.accessToken)).toBe('alive');
  }
  expect(cookieIn(third)).not.toBe(cookieIn(second));
});

test.each<[string, Headed]>([
  ['no origin', {}],
  ['the origin null', from('null')],
  ['the origin of a stranger', from('https://evil.example')],
  ['the origin of a sibling', from('https://blog.shop.example')],
  ['another scheme', from('http://shop.example')],
  ['another port', from('https://shop.example:8443')],
  ['the word for no origins', from('none')],
  [
    'a browser that says that the page is of another site',
    { ...from(STOREFRONT), 'Sec-Fetch-Site': 'cross-site' },
  ],
])('with %s a cookie is neither read nor set, and nothing is used up', async (_, headers) => {
  const cookie = cookieIn(await signIn());
  const typed = await codeOf(shop);

  const refreshed = await refresh(cookie, headers);
  const left = await ask(shop, 'DELETE', '/auth/sessions/current', {
    headers: { Cookie: cookie, ...headers },
  });
  const body = { ...typed, delivery: 'cookie' };
  const entered = await ask(shop, 'POST', '/auth/sessions', { headers, body });

  for (const answer of [refreshed, left, entered]) {
    expect([answer.status, answer.body.code, answer.cookies]).toEqual([403, 'auth.origin_refused', []]);
  }
  const again = await ask(shop, 'POST', '/auth/sessions', { headers: from(STOREFRONT), body });
  expect(again.status).toBe(201);
  expect((await refresh(cookie)).status).toBe(200);
});

test('a cookie that is there twice, and a form, are refused', async () => {
  const cookie = cookieIn(await signIn());
  const twice = await refresh(`${cookie}; other=1; ${NAME}=planted`);
  expect([twice.status, twice.body.code]).toEqual([400, 'auth.cookie_twice']);

  const form = await ask(shop, 'POST', '/auth/sessions/refresh', {
    headers: { ...from(STOREFRONT), Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'a=1',
  });
  expect([form.status, form.body.code]).toEqual([415, 'request.unsupported_media_type']);
  expect((await refresh(cookie)).status).toBe(200);
});

test('where pages of all origins may call, there are no cookies, and no credentials for them', async () => {
  const cookie = cookieIn(await signIn());
  const open = await shop.withTerms({ edge: { browserOrigins: '*' } });

  for (const answer of [await signIn(from(OWN), open), await refresh(cookie, from(OWN), open)]) {
    expect([answer.status, answer.body.code, answer.cookies]).toEqual([422, 'auth.cookies_off', []]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  }
  const inBody = await signInOn(open, {});
  expect([inBody.status, inBody.cookies]).toEqual([201, []]);
});

test('a token in the body wins over the cookie, which is then not read', async () => {
  const cookie = cookieIn(await signIn());
  const { session } = (await signInOn(shop)).body;

  const answer = await ask(shop, 'POST', '/auth/sessions/refresh', {
    headers: { Cookie: cookie },
    body: { refreshToken: session.refreshToken },
  });

  expect([answer.status, answer.cookies, typeof answer.body.refreshToken]).toEqual([200, [], 'string']);
  expect((await refreshWith(shop, session.refreshToken)).status).toBe(200);
});

test('no page of the shop gets the token of the cookie into a body', async () => {
  const cookie = cookieIn(await signIn());
  const headers = { Cookie: cookie, ...from(STOREFRONT) };
  const answer = await ask(shop, 'POST', '/auth/sessions/refresh', {
    headers,
    body: { refreshToken: null },
  });
  expect([answer.status, answer.body.code]).toEqual([422, 'request.invalid']);
});

test('leaving and the end of the session make the browser forget the cookie', async () => {
  const cookie = cookieIn(await signIn());
  const headers = { Cookie: cookie, ...from(STOREFRONT) };

  const left = await ask(shop, 'DELETE', '/auth/sessions/current', { headers });
  const over = await refresh(cookie);

  expect([left.status, over.status]).toEqual([204, 401]);
  for (const { cookies } of [left, over]) {
    expect(cookies[0]).toMatch(/^__Host-asoud-session=; path=\/; expires=Thu, 01 Jan 1970/);
  }
});

test('a request that may not use the cookie does not make the browser forget it', async () => {
  const Cookie = cookieIn(await signIn());
  const { session } = (await signInOn(shop)).body;
  const sibling = from('https://blog.shop.example');

  const left = await ask(shop, 'DELETE', '/auth/sessions/current', {
    headers: { Cookie, ...bearer(session.accessToken), ...sibling },
  });
  const overInBody = await ask(shop, 'POST', '/auth/sessions/refresh', {
    headers: { Cookie, ...from(STOREFRONT) },
    body: { refreshToken: session.refreshToken },
  });

  expect([left.status, left.cookies, overInBody.status, overInBody.cookies]).toEqual([204, [], 401, []]);
  expect((await refresh(Cookie)).status).toBe(200);
});

test('over plain http the cookie has no prefix and is not secure', async () => {
  const plain = await shop.withTerms({ publicAddress: { publicUrl: 'http://127.0.0.1:3000' } });
  const signedIn = await signIn(from('http://127.0.0.1:3000'), plain);

  expect(signedIn.cookies[0]).toMatch(/^asoud-session=/);
  expect(signedIn.cookies[0]).not.toMatch(/secure/i);
  expect((await refresh(cookieIn(signedIn), from('http://127.0.0.1:3000'), plain)).status).toBe(200);
  expect(await stateOf(plain, signedIn.body.session.accessToken)).toBe('alive');
});
