import cors from '@koa/cors';
import type { Middleware } from 'koa';

/** Headers that a page may send. `Authorization` is missing on purpose: staff routes are not for pages of other origins. */
const REQUEST_HEADERS = [
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'X-Cart-Token',
  'X-Order-Token',
  'X-Request-Id',
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
 * Lets pages of other origins call the API (https://fetch.spec.whatwg.org/#http-cors-protocol). No page can act in the name
 * of its visitor: no cookie is read, and a page has to know the tokens that it sends in headers.
 *
 * @param allowed origins separated by commas, `*` for all, or `none`
 */
export function allowOrigins(allowed: string): Middleware {
  const origins = new Set(allowed.split(',').map((origin) => origin.trim()));
  return cors({
    origin: (ctx) => (origins.has('*') ? '*' : origins.has(ctx.get('Origin')) ? ctx.get('Origin') : ''),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: REQUEST_HEADERS,
    exposeHeaders: ANSWER_HEADERS,
    maxAge: PREFLIGHT_KEPT_SECONDS,
    // Problems are rendered by an inner middleware, so nothing thrown arrives here.
    keepHeadersOnError: false,
  });
}
