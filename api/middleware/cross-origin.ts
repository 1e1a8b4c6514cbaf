import cors from '@koa/cors';
import type { Middleware } from 'koa';

/** Headers that a page may send. */
const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'X-Cart-Token',
  'X-Device-Token',
  'X-Order-Token',
  'X-Refresh-Token',
  'X-Request-Id',
  'X-Work',
];
/** Headers of an answer that a page may read. */
const ANSWER_HEADERS = [
  'ETag',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'X-Request-Id',
];
const PREFLIGHT_KEPT_SECONDS = 600;

/**
 * Lets pages of other origins call the API (https://fetch.spec.whatwg.org/#http-cors-protocol). Cookies are for listed origins
 * only. Where all are allowed, a page has to know the tokens that it sends in headers.
 *
 * @param allowed origins separated by commas, `*` for all, or `none`
 */
export function allowOrigins(allowed: string): Middleware {
  const origins = new Set(allowed.split(',').map((origin) => origin.trim()));
  const answer = cors({
    origin: (ctx) => (origins.has('*') ? '*' : origins.has(ctx.get('Origin')) ? ctx.get('Origin') : ''),
    credentials: () => !origins.has('*'),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: REQUEST_HEADERS,
    exposeHeaders: ANSWER_HEADERS,
    maxAge: PREFLIGHT_KEPT_SECONDS,
    // Problems are rendered by an inner middleware, so nothing thrown arrives here.
    keepHeadersOnError: false,
  });
  return (ctx, next) => {
    if (ctx.req.headers.origin !== undefined) return answer(ctx, next);
    // Nobody reads the headers of this protocol but a browser, which sends its origin.
    ctx.res.setHeader('Vary', 'Origin');
    return next();
  };
}
