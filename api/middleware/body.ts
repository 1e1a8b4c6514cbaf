import { parse as parseQuery } from 'node:querystring';

import { bodyParser } from '@koa/bodyparser';
import type { Middleware } from 'koa';

import { AppError } from '../../entities/errors';
import type { RequestState } from './guard';

const FORM = 'application/x-www-form-urlencoded';
/** More than any form of a gateway has. */
const MOST_FIELDS = 100;

/**
 * Reads JSON and form bodies into `ctx.request.body`, also compressed ones. The limit applies to the decompressed size. A
 * form is read like a query: flat, and only its first fields. A body of another type is ignored here; `validate` refuses it where a body is expected.
 */
export function bodyReader(limitBytes: number): RequestState['readBody'] {
  const parse: Middleware = bodyParser({
    // Its own reading of forms builds nested objects, and takes a tenth of a second for what fits into the limit.
    enableTypes: ['json', 'text'],
    // The parser merges this with its own lists by position: JSON keeps its first entry, and forms replace plain text.
    extendTypes: { json: ['application/json', 'application/*+json'], text: [FORM] },
    jsonStrict: false,
    jsonLimit: limitBytes,
    textLimit: limitBytes,
    onError(error, ctx) {
      // An unread rest would block the next request on this connection.
      ctx.req.unpipe().resume();
      const { status } = error as { status?: number };
      if (status === 413) throw new AppError('request.too_large', {}, { cause: error });
      if (status === 415) throw new AppError('request.unsupported_media_type', {}, { cause: error });
      throw new AppError('request.malformed', {}, { cause: error });
    },
  });
  return async (ctx) => {
    const encoding = ctx.req.headers['content-encoding'];
    // Codings are case-insensitive, and x-gzip is gzip (RFC 9110 8.4.1). The parser knows only their usual spelling.
    if (encoding) ctx.req.headers['content-encoding'] = encoding.toLowerCase().replace(/^x-gzip$/, 'gzip');
    await parse(ctx, () => Promise.resolve());
    const { body } = ctx.request;
    if (typeof body === 'string' && ctx.is(FORM)) {
      ctx.request.body = parseQuery(body, '&', '=', { maxKeys: MOST_FIELDS });
    }
  };
}
