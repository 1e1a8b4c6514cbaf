import type { Context } from 'koa';

import { SESSION_LIVES } from '../../entities/auth/open-session';
import type { SessionKind } from '../../entities/auth/session';
import { AppError, assertThat } from '../../entities/errors';
import type { EdgeConfig } from '../../platform/config/edge';
import type { Dependencies } from '../dependencies';

/** What decides about cookies: the shop's own address and the origins that may call it. */
export type CookieTerms = Pick<Dependencies, 'edgeConfig' | 'publicUrl'>;

/** Where the cookies of an answer are set. */
export type CookieJar = Pick<Context, 'cookies'>;

/** Stores a refresh token in the browser. No script can read it, and no page of another site makes the browser send it. */
export function setSessionCookie(
  ctx: CookieJar,
  { publicUrl }: CookieTerms,
  { refreshToken, kind }: { readonly refreshToken: string; readonly kind: SessionKind },
): void {
  writeCookie(ctx, publicUrl, refreshToken, SESSION_LIVES[kind].idle * 1_000);
}

/** Makes a browser that has sent the cookie forget it, if a page of the shop has made it send it. */
export function clearSessionCookie(ctx: CookieJar & Pick<Context, 'get'>, terms: CookieTerms): void {
  const { publicUrl } = terms;
  if (valuesIn(ctx, publicUrl).length > 0 && !cookieRefusal(ctx, terms)) writeCookie(ctx, publicUrl, '', 0);
}

/**
 * The refresh token in the cookie of a request that may use it; undefined without a cookie.
 *
 * @throws AppError `auth.cookie_twice`: a sibling host may have set the second one; `auth.origin_refused`, `auth.cookies_off`
 */
export function readSessionCookie(ctx: Pick<Context, 'get'>, terms: CookieTerms): string | undefined {
  const values = valuesIn(ctx, terms.publicUrl);
  if (values.length === 0) return undefined;
  assertThat(values.length === 1, 'auth.cookie_twice');
  assertCookieAllowed(ctx, terms);
  return values[0];
}

/**
 * Demands that a page of the shop sends this request. A browser adds the cookie by itself, so everything that reads or sets it
 * asks here. CORS stops no request, it only hides answers.
 *
 * @throws AppError `auth.origin_refused`; `auth.cookies_off` where pages of all origins may call the API
 */
export function assertCookieAllowed(ctx: Pick<Context, 'get'>, terms: CookieTerms): void {
  const refusal = cookieRefusal(ctx, terms);
  if (refusal) throw new AppError(refusal);
}

function cookieRefusal(
  ctx: Pick<Context, 'get'>,
  { edgeConfig, publicUrl }: CookieTerms,
): 'auth.cookies_off' | 'auth.origin_refused' | undefined {
  const listed = listedOrigins(edgeConfig);
  if (listed.has('*')) return 'auth.cookies_off';
  const origin = ctx.get('Origin');
  const isOwn = origin === new URL(publicUrl).origin || (listed.has(origin) && origin !== 'none');
  return isOwn && ctx.get('Sec-Fetch-Site') !== 'cross-site' ? undefined : 'auth.origin_refused';
}

/** Koa's own reader would return the first of several. */
function valuesIn(ctx: Pick<Context, 'get'>, publicUrl: string): string[] {
  const name = sessionCookieName(publicUrl);
  return ctx
    .get('Cookie')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** A browser accepts the prefix `__Host-` only with `Secure`, without a domain and for all paths. */
function sessionCookieName(publicUrl: string): string {
  return isHttps(publicUrl) ? '__Host-asoud-session' : 'asoud-session';
}

function listedOrigins({ browserOrigins }: EdgeConfig): ReadonlySet<string> {
  return new Set(browserOrigins.split(',').map((origin) => origin.trim()));
}

function writeCookie(ctx: CookieJar, publicUrl: string, value: string, maxAge: number): void {
  const secure = isHttps(publicUrl);
  // Behind a proxy that ends TLS the connection is not encrypted. Koa would refuse to set a secure cookie.
  ctx.cookies.secure = secure;
  ctx.cookies.set(sessionCookieName(publicUrl), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge,
    overwrite: true,
  });
}

function isHttps(publicUrl: string): boolean {
  return publicUrl.startsWith('https:');
}
