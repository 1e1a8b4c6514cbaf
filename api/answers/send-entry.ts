import type { Context } from 'koa';

import type { Entry } from '../../platform/response-cache/entry';
import { hasAlready } from '../middleware/conditional';

/** `gzip` or `*`, unless its weight is zero (RFC 9110 12.5.3). */
const TAKES_GZIP = /(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?!0(?:\.0{0,3})?\s*(?:,|$))[\d.]+\s*)?(?:,|$)/i;

/** What was set before is part of it: `Origin` by what lets pages of other origins call, the language by what has read it. */
const VARIES = 'Origin, Accept-Encoding, Accept-Language';

/** Sends a kept answer, compressed where the caller takes that, or 304 to a caller who has it. */
export function sendEntry(ctx: Context, { bytes, gzip, etag }: Entry): void {
  const isSmall = gzip !== undefined && TAKES_GZIP.test(ctx.req.headers['accept-encoding'] ?? '');
  ctx.res.setHeader('Vary', VARIES);
  ctx.res.setHeader('Cache-Control', 'public, max-age=0, must-revalidate');
  // Two encodings are two sets of bytes, so each has its tag.
  ctx.res.setHeader('ETag', isSmall ? etag.replace(/"$/, '-g"') : etag);
  if (hasAlready(ctx.req.headers['if-none-match'], etag)) {
    ctx.status = 304;
    return;
  }
  ctx.status = 200;
  ctx.res.setHeader('Content-Type', 'application/json; charset=utf-8');
  if (isSmall) ctx.res.setHeader('Content-Encoding', 'gzip');
  ctx.body = isSmall ? gzip : bytes;
}
