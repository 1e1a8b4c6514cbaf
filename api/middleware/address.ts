import type { Context, Middleware } from 'koa';

import { assertThat } from '../../entities/errors';
import { isPlainText } from '../../entities/input/plain-text';
import { invalidRequest } from '../../entities/problem';

/** More than any caller needs. Koa's parser takes time that grows with the square of the number. */
const MOST_PARAMETERS = 100;

/**
 * Answers 404 to an address that is no URL, or whose path cannot be decoded or holds characters which Postgres cannot store, and
 * refuses a query with too many parameters before anything parses it.
 */
export const readableAddress: Middleware = (ctx, next) => {
  assertThat(isReadable(ctx), 'route.not_found');
  if (hasMoreParts(ctx.querystring, MOST_PARAMETERS)) {
    throw invalidRequest([{ in: 'query', field: '', rule: 'entries', detail: 'holds too many entries' }]);
  }
  return next();
};

function hasMoreParts(query: string, most: number): boolean {
  return query.split('&', most + 1).length > most;
}

/** Koa throws at the path of a target like `http://[`. */
function isReadable(request: Pick<Context, 'path'>): boolean {
  try {
    return isPlainText(decodeURIComponent(request.path));
  } catch {
    return false;
  }
}
