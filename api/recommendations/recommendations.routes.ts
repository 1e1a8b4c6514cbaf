import { AppError } from '../../entities/errors';
import { audited } from '../../entities/staff/audited';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';

/** Recommendations by staff. */
export function recommendationsRoutes(
  router: StaffRouter,
  { database, recommendations }: Pick<Dependencies, 'database' | 'recommendations'>,
): void {
  router.post(
    '/catalog/recommendations',
    [
      describeRoute({
        operation: 'computeRecommendations',
        tag: 'catalog',
        summary: 'Compute now which products are bought together and which are similar',
        description:
          'A workflow does it, in some seconds to minutes. While one runs, nothing else is started.',
        answers: { 202: 'The recommendations are being computed.' },
        errors: ['service.unavailable'],
      }),
      may('products.recommend'),
    ],
    async (ctx) => {
      await withTransaction(database, (transaction) =>
        audited(transaction, actorOf(ctx.state), {
          action: 'products.recommend',
          object: { type: 'recommendations', id: null },
        }),
      );
      const started = await recommendations.start();
      if (started.kind !== 'answered') throw new AppError('service.unavailable');
      return { status: 202 };
    },
  );
}
