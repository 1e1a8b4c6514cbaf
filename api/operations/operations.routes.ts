import { INVARIANTS } from '../../entities/invariants/all-invariants';
import { checkInvariants } from '../../entities/invariants/check-invariants';
import { withSnapshot } from '../../platform/snapshot';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import type { StaffRouter } from '../router-kinds';
import { presentInvariants } from './invariants.presenter';
import { InvariantsView } from './invariants.view';

/** An invariant of a large shop reads whole tables. None may keep a connection of the pool for longer than this. */
const LONGEST_CHECK_MS = 60_000;

/** What staff ask about the state of the shop. */
export function operationsRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/operations/invariants',
    [
      describeRoute({
        operation: 'checkInvariants',
        tag: 'operations',
        summary: 'Whether every invariant of the shop holds',
        description:
          'Checks every invariant against one instant of the database and names the violations. It reads whole tables: it is for people and tests, not for monitoring by the second. `npm run invariants` does the same.',
        answers: { 200: InvariantsView },
      }),
      may('operations.read'),
    ],
    async () => {
      const checkedAt = new Date();
      const violations = await withSnapshot(
        database,
        { statementTimeoutMs: LONGEST_CHECK_MS },
        checkInvariants,
      );
      return { status: 200, body: presentInvariants(violations, INVARIANTS.length, checkedAt) };
    },
  );
}
