import cors from '@koa/cors';
import type { Middleware } from 'koa';

/** What a page may send. `Authorization` is left out on purpose: staff routes are not for pages of other origins. */
const REQUEST_HEADERS = [
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'X-Cart-Token',
  'X-Order-Token',
  'X-Request-Id',
];
/** What a page may read beside the body. */
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
 * Lets pages of other origins call the API (https://fetch.spec.whatwg.org/#http-cors-protocol). Tokens travel in headers
 * that a page has to know, and no cookie is read, so no page can do anything in the name of its visitor.
 *
 * @param allowed origins separated by commas, `*` for every one, or `none`
 */
export function allowOrigins(allowed: string): Middleware {
  const origins = new Set(allowed.split(',').map((origin) => origin.trim()));
  return cors({
    origin: (ctx) => (origins.has('*') ? '*' : origins.has(ctx.get('Origin')) ? ctx.get('Origin') : ''),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: REQUEST_HEADERS,
    exposeHeaders: ANSWER_HEADERS,
    maxAge: PREFLIGHT_KEPT_SECONDS,
    // Problems are rendered further in: nothing thrown comes by here.
    keepHeadersOnError: false,
  });
}
