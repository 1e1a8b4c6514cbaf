import { createHash } from 'node:crypto';

import type { Context } from 'koa';

import { wrap, type Guard } from './guard';

/**
 * Gives a JSON answer an `ETag` of its bytes, and answers 304 to a caller who has them already.
 *
 * @param cacheControl who may keep the answer and for how long; by default a cache asks again each time
 */
export function conditional(cacheControl = 'public, max-age=0, must-revalidate'): Guard {
  return wrap({ answers: { 304: 'The caller has this answer already.' } }, async (ctx, next) => {
    await next();
    if (ctx.status !== 200 || ctx.body === undefined || ctx.body === null) return;
    const bytes = typeof ctx.body === 'string' ? ctx.body : JSON.stringify(ctx.body);
    ctx.body = bytes;
    ctx.type = 'application/json';
    tagAnswer(ctx, tagOf(bytes), cacheControl);
  });
}

/** The `ETag` of these bytes. */
export function tagOf(bytes: string | Buffer): string {
  return `"${createHash('sha1').update(bytes).digest('base64url')}"`;
}

/** Gives an answer its `ETag`, and makes it 304 for a caller who has it already. */
export function tagAnswer(ctx: Context, tag: string, cacheControl: string): void {
  ctx.set('ETag', tag);
  ctx.set('Cache-Control', cacheControl);
  if (hasAlready(ctx.get('If-None-Match'), tag)) ctx.status = 304;
}

/** What is added to the tag of an answer that is compressed: `-g` by us, the others by proxies. */
const COMPRESSED = /-(?:g|gzip|br|deflate|zstd)"$/;

/**
 * Whether `If-None-Match` names this tag: the weak comparison of RFC 9110 13.1.2. Koa's own `fresh` ignores `If-None-Match` beside `Cache-Control: no-cache`, which
 * `fetch` adds to every request whose caller sets `If-None-Match`.
 */
export function hasAlready(ifNoneMatch: string | undefined, tag: string): boolean {
  if (!ifNoneMatch) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((entry) => {
    const known = entry.trim().replace(/^W\//, '');
    return known === tag || known.replace(COMPRESSED, '"') === tag;
  });
}
