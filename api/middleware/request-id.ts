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
  return (ctx, next) => {
    if (!isProxyNoticed && ctx.req.headers['x-forwarded-for']) {
      isProxyNoticed = true;
      logger.warn(
        'X-Forwarded-For arrives, but TRUSTED_PROXIES is 0: if a proxy of yours sends it, all buyers behind it count as one address',
      );
    }
    const offered = ctx.req.headers['x-request-id'];
    const requestId = typeof offered === 'string' && SANE.test(offered) ? offered : randomUUID();
    ctx.res.setHeader('X-Request-Id', requestId);
    let log: Logger | undefined;
    const state: RequestState = {
      requestId,
      // Most requests write no line but that of the access log, if any.
      get log() {
        return (log ??= logger.child({ requestId }));
      },
      clientAddress: clientAddressOf(ctx.req, trustedProxies),
      rateLimits,
      readBody,
    };
    ctx.state = state;
    return next();
  };
}
