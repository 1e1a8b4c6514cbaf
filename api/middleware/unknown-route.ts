import type { Router } from '@koa/router';
import type { Middleware } from 'koa';

import { AppError } from '../../entities/errors';

/** Answers what no route answered: 405 with `Allow` when the path exists for another method, otherwise 404. */
export function refuseUnknownRoutes(router: Router): Middleware {
  return (ctx) => {
    const known = router.match(ctx.path, ctx.method).path.flatMap(({ methods }) => methods);
    if (known.length === 0) throw new AppError('route.not_found');
    ctx.set('Allow', [...new Set([...known, 'OPTIONS'])].join(', '));
    if (ctx.method !== 'OPTIONS') throw new AppError('route.method_not_allowed');
    ctx.status = 204;
  };
}
