import type { Next } from 'koa';

import type { Logger } from '../../platform/logger';
import type { Metrics } from '../../platform/metrics';
import type { ApiContext } from './guard';

/** Logs and measures every request under its route's pattern. The path may hold ids and tokens, so it is not logged. */
export function logAccess(metrics: Metrics, logger: Logger): (ctx: ApiContext, next: Next) => Promise<void> {
  const durations = metrics.histogram(
    'http_request_duration_seconds',
    'How long requests took, by method, route and status.',
    ['method', 'route', 'status'],
  );
  return async (ctx, next) => {
    const startedAt = performance.now();
    try {
      await next();
    } finally {
      const seconds = (performance.now() - startedAt) / 1e3;
      const route = ctx.state.route ?? 'none';
      durations.observe({ method: knownMethod(ctx.method), route, status: ctx.status }, seconds);
      // A line that nobody wants is not made.
      if (logger.isLevelEnabled('info'))
        logger.info(
          {
            requestId: ctx.state.requestId,
            method: ctx.method,
            route,
            status: ctx.status,
            ms: Math.round(seconds * 1e5) / 100,
            from: ctx.state.clientAddress,
          },
          'request',
        );
    }
  };
}

/** Callers may invent methods. The metric must not get a series for each. */
function knownMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'OTHER';
}
