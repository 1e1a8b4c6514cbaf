import { readTicketNotices } from '../../entities/notifications/read-ticket-notices';
import { answerAsCustomer } from '../../entities/support/answer-ticket';
import { limitsOfAnswer } from '../../entities/support/follow-ticket';
import { openTicket } from '../../entities/support/open-ticket';
import { rateTicket, resolveOwnTicket } from '../../entities/support/own-ticket';
import { readTicketMessage, readTicketMessages } from '../../entities/support/read-messages';
import { readOwnTicket, readOwnTickets } from '../../entities/support/read-tickets';
import { SUPPORT_LIMITS, TICKET_MESSAGES } from '../../entities/support/support-limits';
import { OpenTicketInput, RateInput, WriteInput } from '../../entities/support/support.input';
import { presentPage, presentTicket, presentTicketMessage } from '../../entities/support/ticket.presenter';
import { AnsweredView, TicketMessagesView, TicketView } from '../../entities/support/ticket.view';
import { derivedId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { readCursor, writeCursor } from '../catalog/cursor';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { limitPerson } from '../middleware/limit-person';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import type { CustomerRouter } from '../router-kinds';
import { OwnTicketsQuery, TicketMessagesQuery, TicketParams } from './tickets.input';
import { TicketsView } from './tickets.view';

const NOT_FOUND = 'ticket.not_found';

/** What customers want of the shop, and what it answers. */
export function supportTicketsRoutes(
  router: CustomerRouter,
  { database, metrics }: Pick<Dependencies, 'database' | 'metrics'>,
): void {
  const messages = metrics.counter(...TICKET_MESSAGES);
  const show = async (ownerId: string | null, ticketId: string) =>
    presentTicket(await readOwnTicket(database.manager, ownerId, ticketId));

  router.get(
    '/support/tickets',
    [
      describeRoute({
        operation: 'listOwnTickets',
        tag: 'support',
        summary: 'Your tickets, the newest first',
        answers: { 200: TicketsView },
        errors: ['catalog.cursor_invalid'],
      }),
      may('ticket.read'),
      validateQuery(OwnTicketsQuery),
    ],
    async (ctx) => {
      const { caller, query } = ctx.state;
      const { status, cursor, limit } = query;
      const list = { ticketsOf: caller.accountId, status };
      const before = cursor === undefined ? undefined : readCursor(list, cursor).id;
      const part = { status, before, limit: limit + 1 };
      const found = await readOwnTickets(database.manager, caller.accountId, part);
      const page = found.slice(0, limit).map(presentTicket);
      const nextCursor = found.length > limit ? writeCursor(list, { key: 0, id: page.at(-1)!.id }) : null;
      return { status: 200, body: { items: page, nextCursor } };
    },
  );

  router.post(
    '/support/tickets',
    [
      describeRoute({
        operation: 'openTicket',
        tag: 'support',
        summary: 'Open a ticket with its first message',
        description:
          'A repetition with the same key finds the ticket, also through a socket with the key as `clientId`. At most 20 of yours are open, and you open at most ten an hour.',
        answers: { 201: TicketView, 200: TicketView },
        errors: ['ticket.too_many_open', 'chat.text_invalid', 'ticket.client_id_reused'],
      }),
      may('ticket.write'),
      requireIdempotencyKey(),
      validate(OpenTicketInput),
      limitPerson(SUPPORT_LIMITS.open),
    ],
    async (ctx) => {
      const { caller, idempotencyKey, input } = ctx.state;
      const ticketId = derivedId('ticket', caller.accountId, idempotencyKey);
      const isNew = await withTransaction(database, (transaction) =>
        openTicket(transaction, caller, { ticketId, ...input }),
      );
      messages.inc({ by: 'customer', outcome: isNew ? 'written' : 'repeated' });
      return { status: isNew ? 201 : 200, body: await show(caller.accountId, ticketId) };
    },
  );

  router.get(
    '/support/tickets/:id',
    [
      describeRoute({
        operation: 'getTicket',
        tag: 'support',
        summary: 'A ticket as its customer sees it',
        answers: { 200: TicketView },
      }),
      may('ticket.read'),
      validateParams(TicketParams, NOT_FOUND),
    ],
    async (ctx) => ({ status: 200, body: await show(ctx.state.ownerId, ctx.state.params.id) }),
  );

  router.get(
    '/support/tickets/:id/messages',
    [
      describeRoute({
        operation: 'listTicketMessages',
        tag: 'support',
        summary: 'What customer and shop have written on a ticket, the oldest first',
        description: 'It marks what you were told of the ticket as read.',
        answers: { 200: TicketMessagesView },
      }),
      may('ticket.read'),
      validateParams(TicketParams, NOT_FOUND),
      validateQuery(TicketMessagesQuery),
    ],
    async (ctx) => {
      const { caller, ownerId, params, query } = ctx.state;
      await readOwnTicket(database.manager, ownerId, params.id);
      const notices = { accountId: caller.accountId, ticketId: params.id };
      await withTransaction(database, (transaction) => readTicketNotices(transaction, notices));
      const part = {
        ticketId: params.id,
        kind: 'answer',
        after: query.after,
        limit: query.limit + 1,
      } as const;
      const found = await readTicketMessages(database.manager, part);
      return { status: 200, body: presentPage(found, query.limit, presentTicketMessage) };
    },
  );

  router.post(
    '/support/tickets/:id/messages',
    [
      describeRoute({
        operation: 'answerTicket',
        tag: 'support',
        summary: 'Write on a ticket of yours',
        description:
          'Exactly once for a `clientId`. On a closed ticket it opens another one, which the answer names. That and the reopening of a resolved one count as one that you open. At most five a second and 200 a day.',
        answers: { 201: AnsweredView, 200: AnsweredView },
        errors: ['ticket.too_many_open', 'chat.text_invalid', 'ticket.client_id_reused'],
      }),
      may('ticket.write'),
      validateParams(TicketParams, NOT_FOUND),
      validate(WriteInput),
      limitPerson(SUPPORT_LIMITS.write),
      limitPerson(({ caller, params, input }) =>
        limitsOfAnswer(database.manager, {
          ticketId: params.id,
          senderId: caller.accountId,
          clientId: input.clientId,
        }),
      ),
    ],
    async (ctx) => {
      const { caller, params, input } = ctx.state;
      const writing = { ticketId: params.id, ...input };
      const { ticketId, seq, isNew } = await withTransaction(database, (transaction) =>
        answerAsCustomer(transaction, caller, writing),
      );
      messages.inc({ by: 'customer', outcome: isNew ? 'written' : 'repeated' });
      const written = await readTicketMessage(database.manager, { ticketId, kind: 'answer', seq });
      return { status: isNew ? 201 : 200, body: { ticketId, message: presentTicketMessage(written) } };
    },
  );

  router.post(
    '/support/tickets/:id/resolution',
    [
      describeRoute({
        operation: 'resolveTicket',
        tag: 'support',
        summary: 'Say that you have what you wanted',
        answers: { 200: TicketView },
        errors: ['ticket.transition'],
      }),
      may('ticket.write'),
      validateParams(TicketParams, NOT_FOUND),
      limitPerson(SUPPORT_LIMITS.write),
    ],
    async (ctx) => {
      const { caller, params } = ctx.state;
      await withTransaction(database, (transaction) =>
        resolveOwnTicket(transaction, caller, { ticketId: params.id }),
      );
      return { status: 200, body: await show(caller.accountId, params.id) };
    },
  );

  router.put(
    '/support/tickets/:id/rating',
    [
      describeRoute({
        operation: 'rateTicket',
        tag: 'support',
        summary: 'Rate the last resolution of a ticket of yours, once',
        answers: { 200: TicketView },
        errors: ['ticket.not_resolved', 'ticket.rated_already'],
      }),
      may('ticket.write'),
      validateParams(TicketParams, NOT_FOUND),
      validate(RateInput),
      limitPerson(SUPPORT_LIMITS.write),
    ],
    async (ctx) => {
      const { caller, params, input } = ctx.state;
      await withTransaction(database, (transaction) =>
        rateTicket(transaction, caller, { ticketId: params.id, ...input }),
      );
      return { status: 200, body: await show(caller.accountId, params.id) };
    },
  );
}
