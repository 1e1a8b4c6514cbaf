import type { Middleware } from 'koa';

import { AppError } from '../../entities/errors';
import type { Dispatch } from '../dispatch';

/** Answers what no route answered: 405 with `Allow` when the path exists for another method, otherwise 404. */
export function refuseUnknownRoutes({ methodsOf }: Dispatch): Middleware {
  return (ctx) => {
    const known = methodsOf(ctx.path);
    if (known.length === 0) throw new AppError('route.not_found');
    ctx.set('Allow', [...new Set([...known, 'OPTIONS'])].join(', '));
    if (ctx.method !== 'OPTIONS') throw new AppError('route.method_not_allowed');
    ctx.status = 204;
  };
}
