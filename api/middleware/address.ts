import type { Middleware } from 'koa';

import { assertThat } from '../../entities/errors';
import { isPlainText } from '../plain-text';

/** Answers 404 to a path that cannot be decoded, or that holds characters which Postgres cannot store. */
export const readableAddress: Middleware = (ctx, next) => {
  assertThat(isReadable(ctx.path), 'route.not_found');
  return next();
};

function isReadable(path: string): boolean {
  try {
    return isPlainText(decodeURIComponent(path));
  } catch {
    return false;
  }
}
