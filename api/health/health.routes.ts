import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import type { PublicRouter } from '../router-kinds';
import { askNeighbours, postgresCheck, redisCheck, sharedFor, temporalCheck } from './health-check';
import { LiveView, ReadyView } from './health.view';

/** Anybody may ask, so the neighbours are asked no more often than this. */
const ANSWER_KEPT_MS = 500;

/** For load balancers and supervisors of processes. Registered without the prefix of the API. */
export function healthRoutes(
  router: PublicRouter,
  {
    database,
    redis,
    temporal,
    isStopping,
  }: Pick<Dependencies, 'database' | 'redis' | 'temporal' | 'isStopping'>,
): void {
  const checks = [postgresCheck(database), redisCheck(redis), temporalCheck(temporal)];
  const askAll = sharedFor(ANSWER_KEPT_MS, () => askNeighbours(checks));

  router.get(
    '/health/live',
    [
      describeRoute({
        operation: 'getLiveness',
        tag: 'health',
        summary: 'Whether the process lives',
        answers: { 200: LiveView },
      }),
    ],
    () => ({ status: 200, body: { status: 'live' } }),
  );

  router.get(
    '/health/ready',
    [
      describeRoute({
        operation: 'getReadiness',
        tag: 'health',
        summary: 'Whether the process should get requests',
        description:
          'Ready without Redis and without Temporal: reading goes on, and what needs Temporal answers 503.',
        answers: { 200: ReadyView, 503: ReadyView },
      }),
    ],
    async () => {
      const { isReady, away } = await askAll();
      if (!isReady || isStopping()) return { status: 503, body: { status: 'not_ready', away } };
      return { status: 200, body: { status: away.length > 0 ? 'degraded' : 'ready', away } };
    },
  );
}
