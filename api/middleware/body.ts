import { bodyParser } from '@koa/bodyparser';
import type { Middleware } from 'koa';

import { AppError } from '../../entities/errors';
import type { RequestState } from './guard';

/**
 * Reads JSON and form bodies into `ctx.request.body`, also compressed ones. The limit applies to the decompressed size. A
 * body of another type is ignored here; `validate` refuses it where a body is expected.
 */
export function bodyReader(limitBytes: number): RequestState['readBody'] {
  const parse: Middleware = bodyParser({
    enableTypes: ['json', 'form'],
    // The parser merges this with its own list by position, so the first entry repeats its first one.
    extendTypes: { json: ['application/json', 'application/*+json'] },
    jsonStrict: false,
    jsonLimit: limitBytes,
    formLimit: limitBytes,
    onError(error, ctx) {
      // An unread rest would block the next request on this connection.
      ctx.req.unpipe().resume();
      const { status } = error as { status?: number };
      if (status === 413) throw new AppError('request.too_large', {}, { cause: error });
      if (status === 415) throw new AppError('request.unsupported_media_type', {}, { cause: error });
      throw new AppError('request.malformed', {}, { cause: error });
    },
  });
  return (ctx) => {
    const encoding = ctx.req.headers['content-encoding'];
    // Codings are case-insensitive, and x-gzip is gzip (RFC 9110 8.4.1). The parser knows only their usual spelling.
    if (encoding) ctx.req.headers['content-encoding'] = encoding.toLowerCase().replace(/^x-gzip$/, 'gzip');
    return parse(ctx, () => Promise.resolve());
  };
}
