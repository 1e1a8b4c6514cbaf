import type { Dependencies } from '../dependencies';
import { describe } from '../middleware/describe';
import type { PublicRouter } from '../routers';
import { askNeighbours, postgresCheck, redisCheck } from './health-check';
import { LiveView, ReadyView } from './health.view';

/** For whoever starts, watches and balances processes. Registered without the prefix of the API. */
export function healthRoutes(router: PublicRouter, dependencies: Dependencies): void {
  const { database, redis, healthChecks, isStopping } = dependencies;

  router.get(
    '/health/live',
    describe({ tag: 'health', summary: 'Whether the process lives', answers: { 200: LiveView } }),
    (ctx) => {
      ctx.body = { status: 'live' } satisfies LiveView;
    },
  );

  router.get(
    '/health/ready',
    describe({
      tag: 'health',
      summary: 'Whether the process should get requests',
      description:
        'Ready without Redis and without Temporal: reading goes on, and what needs Temporal answers 503.',
      answers: { 200: ReadyView, 503: ReadyView },
    }),
    async (ctx) => {
      const checks = [postgresCheck(database), redisCheck(redis), ...healthChecks];
      const { isReady, away } = await askNeighbours(checks);
      const mayServe = isReady && !isStopping();
      const status = mayServe ? (away.length > 0 ? 'degraded' : 'ready') : 'not_ready';
      ctx.status = mayServe ? 200 : 503;
      ctx.body = { status, away: [...away] } satisfies ReadyView;
    },
  );
}
