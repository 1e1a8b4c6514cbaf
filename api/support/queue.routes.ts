import { takeNextTicket } from '../../entities/support/hand-out-tickets';
import { readQueue } from '../../entities/support/read-queue';
import { TeamsInput } from '../../entities/support/support.input';
import { presentDeskTicket } from '../../entities/support/ticket.presenter';
import { withTransaction } from '../../platform/transaction';
import { readCursor, writeCursor } from '../catalog/cursor';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { QueueQuery } from './tickets.input';
import { QueueView, TakenView } from './tickets.view';

/** The tickets that wait for staff. */
export function queueRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/support/queue',
    [
      describeRoute({
        operation: 'listQueue',
        tag: 'support',
        summary: 'The tickets of others that are not closed, those that are due first before the rest',
        answers: { 200: QueueView },
        errors: ['catalog.cursor_invalid'],
      }),
      may('ticket.work'),
      validateQuery(QueueQuery),
    ],
    async (ctx) => {
      const { caller, query } = ctx.state;
      const { cursor, limit, ...filter } = query;
      const after = cursor === undefined ? undefined : readCursor({ queue: filter }, cursor);
      const readerId = caller.accountId;
      const found = await readQueue(database.manager, { ...filter, after, limit: limit + 1, readerId });
      const page = found.slice(0, limit);
      const nextCursor = found.length > limit ? writeCursor({ queue: filter }, page.at(-1)!) : null;
      return { status: 200, body: { items: page.map(presentDeskTicket), nextCursor } };
    },
  );

  router.post(
    '/support/queue/take',
    [
      describeRoute({
        operation: 'takeTicket',
        tag: 'support',
        summary: 'Take the ticket that is due first among those that nobody has',
        answers: { 200: TakenView },
      }),
      may('ticket.work'),
      validate(TeamsInput),
    ],
    async (ctx) => {
      const ticketId = await withTransaction(database, (transaction) =>
        takeNextTicket(transaction, actorOf(ctx.state), ctx.state.input),
      );
      return { status: 200, body: { ticketId } };
    },
  );
}
