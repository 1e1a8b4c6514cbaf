import { readStaffActions } from '../../entities/staff/read-staff-actions';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { StaffActionsQuery } from './staff.input';
import { presentAction } from './staff.presenter';
import { StaffActionsView } from './staff.view';

/** What staff have done. */
export function staffActionsRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/staff/actions',
    [
      describeRoute({
        operation: 'listStaffActions',
        tag: 'staff',
        summary: 'What staff have done, the newest first',
        description:
          'Nothing in it is ever changed or removed. It holds ids and reasons, no number and no name.',
        answers: { 200: StaffActionsView },
      }),
      may('staff_action.read'),
      validateQuery(StaffActionsQuery),
    ],
    async (ctx) => {
      const { before = null, limit } = ctx.state.query;
      const found = await readStaffActions(database.manager, { before, limit: limit + 1 });
      const shown = found.slice(0, limit);
      const next = found.length > shown.length ? shown.at(-1)!.id : null;
      return { status: 200, body: { items: shown.map(presentAction), next } };
    },
  );
}
