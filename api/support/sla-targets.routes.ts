import { changeSlaTarget, readSlaTargets } from '../../entities/support/sla-targets';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIfMatch, versionTag } from '../middleware/if-match';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { PriorityParams, SlaTargetInput } from './sla-targets.input';
import { SlaTargetsView, SlaTargetView } from './sla-targets.view';

/** In which time tickets are to be answered. */
export function slaTargetsRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/support/sla-targets',
    [
      describeRoute({
        operation: 'listSlaTargets',
        tag: 'support',
        summary: 'In which business time tickets of each priority are to be answered',
        answers: { 200: SlaTargetsView },
      }),
      may('ticket.work'),
    ],
    async () => ({ status: 200, body: { items: await readSlaTargets(database.manager) } }),
  );

  router.put(
    '/support/sla-targets/:priority',
    [
      describeRoute({
        operation: 'changeSlaTarget',
        tag: 'support',
        summary: 'Promise another time for a priority',
        description: 'It counts for clocks that start later, and for tickets that get this priority.',
        answers: { 200: SlaTargetView },
        errors: ['sla_target.changed'],
      }),
      may('support.arrange'),
      validateParams(PriorityParams),
      requireIfMatch(),
      validate(SlaTargetInput),
    ],
    async (ctx) => {
      const { params, seen, input } = ctx.state;
      const target = await withTransaction(database, (transaction) =>
        changeSlaTarget(transaction, actorOf(ctx.state), { ...params, ...input, seen }),
      );
      return { status: 200, headers: { ETag: versionTag(target.version) }, body: target };
    },
  );
}
