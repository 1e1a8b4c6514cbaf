import { randomUUID } from 'node:crypto';

import type { Middleware } from 'koa';

import { clientAddressOf } from '../../platform/client-address';
import type { Logger } from '../../platform/logger';
import type { RateLimits } from '../rate-limits';
import type { RequestState } from './guard';

const SANE = /^[\w.-]{8,128}$/;

/** Gives every request its id (the caller's own `X-Request-Id` if it is sane), its logger and its address. */
export function startRequest(options: {
  readonly logger: Logger;
  readonly trustedProxies: number;
  readonly rateLimits: RateLimits;
  readonly readBody: RequestState['readBody'];
}): Middleware {
  const { logger, trustedProxies, rateLimits, readBody } = options;
  let isProxyNoticed = trustedProxies > 0;
  return async (ctx, next) => {
    if (!isProxyNoticed && ctx.get('X-Forwarded-For') !== '') {
      isProxyNoticed = true;
      logger.warn(
        'X-Forwarded-For arrives, but TRUSTED_PROXIES is 0: if a proxy of yours sends it, all buyers behind it count as one address',
      );
    }
    const offered = ctx.get('X-Request-Id');
    const requestId = SANE.test(offered) ? offered : randomUUID();
    ctx.set('X-Request-Id', requestId);
    const state: RequestState = {
      requestId,
      log: logger.child({ requestId }),
      clientAddress: clientAddressOf(ctx.req, trustedProxies),
      rateLimits,
      readBody,
    };
    Object.assign(ctx.state, state);
    await next();
  };
}
