import { rebuildFrom } from '../../entities/analytics/days-to-count';
import { FiguresView } from '../../entities/analytics/figures.view';
import { FigureHistoryInput, RebuildInput } from '../../entities/analytics/history.input';
import { FigureHistoryView } from '../../entities/analytics/history.view';
import { readFigures } from '../../entities/analytics/read-figures';
import { readHistory } from '../../entities/analytics/read-history';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';

/** Figures of the shop, for staff. */
export function analyticsRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/analytics/figures',
    [
      describeRoute({
        operation: 'getFigures',
        tag: 'analytics',
        summary: 'The figures of this moment',
        description:
          'Whoever wants them each second watches the namespace `/analytics/dashboard` of the sockets.',
        answers: { 200: FiguresView },
      }),
      may('analytics.read'),
    ],
    async () => ({ status: 200, body: await readFigures(database.manager, new Date()) }),
  );

  router.get(
    '/analytics/history',
    [
      describeRoute({
        operation: 'getFigureHistory',
        tag: 'analytics',
        summary: 'A figure in time, by days or hours',
        description: 'At most 366 days, or 14 days by hours. Days and hours are those of Tehran.',
        answers: { 200: FigureHistoryView },
      }),
      may('analytics.read'),
      validateQuery(FigureHistoryInput),
    ],
    async (ctx) => ({
      status: 200,
      body: await readHistory(database.manager, ctx.state.query, 'query'),
    }),
  );

  router.post(
    '/analytics/rebuild',
    [
      describeRoute({
        operation: 'rebuildFigures',
        tag: 'analytics',
        summary: 'Count the figures of all days from one on again',
        description:
          'The next run of the job `analytics-rollup` does it, within minutes. Days whose rows retention has removed keep the figures that they have.',
        answers: { 204: 'It is noted.' },
      }),
      may('analytics.rebuild'),
      validate(RebuildInput),
    ],
    async (ctx) => {
      await withTransaction(database, (transaction) =>
        rebuildFrom(transaction, actorOf(ctx.state), ctx.state.input.from),
      );
      return { status: 204 };
    },
  );
}
