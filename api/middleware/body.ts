import { bodyParser } from '@koa/bodyparser';
import type { Middleware } from 'koa';

import { AppError } from '../../entities/errors';

/**
 * Reads JSON and form bodies up to the limit into `ctx.request.body`, compressed ones too (the limit holds for what
 * they unpack to). A body of another type is left alone; `validate` refuses it where one is expected.
 */
export function readBody(limitBytes: number): Middleware {
  return bodyParser({
    enableTypes: ['json', 'form'],
    // Merged into the parser's own list by position, so the first entry must be said again.
    extendTypes: { json: ['application/json', 'application/*+json'] },
    jsonStrict: false,
    jsonLimit: limitBytes,
    formLimit: limitBytes,
    onError(error, ctx) {
      // What was not read would stay in the connection, and nobody's next request would get past it.
      ctx.req.unpipe().resume();
      const { status } = error as { status?: number };
      if (status === 413) throw new AppError('request.too_large', {}, { cause: error });
      if (status === 415) throw new AppError('request.unsupported_media_type', {}, { cause: error });
      throw new AppError('request.malformed', {}, { cause: error });
    },
  });
}
