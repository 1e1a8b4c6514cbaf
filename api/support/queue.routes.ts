import { takeNextTicket } from '../../entities/support/hand-out-tickets';
import { readQueue } from '../../entities/support/read-queue';
import { sayAway, sayReady } from '../../entities/support/readiness';
import { presentReadiness, ReadinessView, TakenView } from '../../entities/support/readiness.view';
import { ReadyInput, TeamsInput } from '../../entities/support/support.input';
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
import { QueueView } from './tickets.view';

/** The tickets that wait for staff, and how staff come to them. */
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

  router.put(
    '/support/readiness',
    [
      describeRoute({
        operation: 'sayReady',
        tag: 'support',
        summary: 'Be ready for tickets for 90 s, and get one that waits',
        description:
          'Say so again every 30 s. It needs no socket: who stops saying so is ready no longer after 90 s, and sooner when the last connection to `/support` closes. A ticket that comes between two requests is told by a notification, and is in `GET /support/queue` with your `assigneeId`.',
        answers: { 200: ReadinessView },
      }),
      may('ticket.work'),
      validate(ReadyInput),
    ],
    async (ctx) => {
      const ready = await withTransaction(database, (transaction) =>
        sayReady(transaction, actorOf(ctx.state), ctx.state.input),
      );
      return { status: 200, body: presentReadiness(ready) };
    },
  );

  router.delete(
    '/support/readiness',
    [
      describeRoute({
        operation: 'sayAway',
        tag: 'support',
        summary: 'Be ready for tickets no longer',
        description: 'What one has stays.',
        answers: { 204: 'Nothing is handed out to you.' },
      }),
      may('ticket.work'),
    ],
    async (ctx) => {
      await withTransaction(database, (transaction) => sayAway(transaction, actorOf(ctx.state)));
      return { status: 204 };
    },
  );
}
