import { dropParked, readParked, retryParked } from '../../entities/relay/handle-parked';
import type { ParkedSignal } from '../../entities/relay/parked-signal';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validateParams, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { ParkedSignalParams, ParkedSignalsQuery } from './parked-signals.input';
import { ParkedSignalsView, ParkedSignalView } from './parked-signals.view';

/** What the relay cannot deliver to workflows, for staff to retry or drop. */
export function parkedSignalsRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/operations/parked-signals',
    [
      describeRoute({
        operation: 'listParkedSignals',
        tag: 'operations',
        summary: 'The signals to workflows that cannot be delivered',
        description:
          'A workflow that should hear of an event, but cannot be told whatever is repeated. Correct the cause, then retry the signal; or drop it.',
        answers: { 200: ParkedSignalsView },
      }),
      may('operations.read'),
      validateQuery(ParkedSignalsQuery),
    ],
    async (ctx) => {
      const { after = null, limit } = ctx.state.query;
      const found = await readParked(database.manager, { after, limit: limit + 1 });
      const shown = found.slice(0, limit);
      const next = found.length > shown.length ? shown.at(-1)!.id : null;
      return { status: 200, body: { items: shown.map(presentParked), next } };
    },
  );

  router.post(
    '/operations/parked-signals/:id/retry',
    [
      describeRoute({
        operation: 'retryParkedSignal',
        tag: 'operations',
        summary: 'Let the relay try a parked signal again',
        description:
          'The relay does so within seconds. A signal that was delivered is no longer parked; one that still cannot be stays, with the new reason.',
        answers: { 202: ParkedSignalView },
        errors: ['relay.not_parked'],
      }),
      may('relay.retry'),
      validateParams(ParkedSignalParams, 'relay.not_parked'),
    ],
    async (ctx) => {
      const parked = await withTransaction(database, (transaction) =>
        retryParked(transaction, actorOf(ctx.state), ctx.state.params.id),
      );
      return { status: 202, body: presentParked(parked) };
    },
  );

  router.delete(
    '/operations/parked-signals/:id',
    [
      describeRoute({
        operation: 'dropParkedSignal',
        tag: 'operations',
        summary: 'Drop a parked signal: its workflow never hears of the event',
        answers: { 204: 'The signal is dropped.' },
        errors: ['relay.not_parked'],
      }),
      may('relay.drop'),
      validateParams(ParkedSignalParams, 'relay.not_parked'),
    ],
    async (ctx) => {
      await withTransaction(database, (transaction) =>
        dropParked(transaction, actorOf(ctx.state), ctx.state.params.id),
      );
      return { status: 204 };
    },
  );
}

function presentParked({ parkedAt, retryRequestedAt, ...parked }: ParkedSignal): ParkedSignalView {
  return {
    ...parked,
    parkedAt: parkedAt.toISOString(),
    retryRequestedAt: retryRequestedAt?.toISOString() ?? null,
  };
}
