import { INVARIANTS } from '../../entities/invariants/all-invariants';
import { checkInvariants } from '../../entities/invariants/check-invariants';
import { withSnapshot } from '../../platform/snapshot';
import type { Dependencies } from '../dependencies';
import { describe } from '../middleware/describe';
import type { StaffRouter } from '../routers';
import { presentInvariants } from './invariants.presenter';
import { InvariantsView } from './invariants.view';

/** An invariant of a large shop reads whole tables; none may keep a connection of the pool for longer than this. */
const LONGEST_CHECK_MS = 60_000;

/** What staff asks to know how the shop is. */
export function operationsRoutes(router: StaffRouter, { database, now }: Dependencies): void {
  router.get(
    '/operations/invariants',
    describe({
      tag: 'operations',
      summary: 'Whether every invariant of the shop holds',
      description:
        'Holds every invariant against one instant of the database and names what breaks them. It reads whole tables: for people and tests, not for monitoring by the second. `npm run invariants` does the same.',
      answers: { 200: InvariantsView },
    }),
    async (ctx) => {
      const checkedAt = now();
      const violations = await withSnapshot(
        database,
        { statementTimeoutMs: LONGEST_CHECK_MS },
        checkInvariants,
      );
      ctx.body = presentInvariants(violations, INVARIANTS.length, checkedAt);
    },
  );
}
