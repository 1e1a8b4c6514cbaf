import type { Middleware } from 'koa';

import { assertThat } from '../../entities/errors';
import { isPlainText } from '../plain-text';

/** An address that cannot be decoded, or holds what no stored text can hold, leads nowhere. */
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
