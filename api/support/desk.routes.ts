import { answerAsStaff, noteOnTicket } from '../../entities/support/answer-ticket';
import { answerText } from '../../entities/support/canned-answers';
import { readTicketMessage, readTicketMessages } from '../../entities/support/read-messages';
import { readDeskTicketAs } from '../../entities/support/read-tickets';
import { TICKET_MESSAGES } from '../../entities/support/support-limits';
import { StaffAnswerInput, WriteInput } from '../../entities/support/support.input';
import { presentDeskMessage, presentDeskTicket, presentPage } from '../../entities/support/ticket.presenter';
import { DeskMessagesView, DeskMessageView, DeskTicketView } from '../../entities/support/ticket.view';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf } from '../staff/acting';
import { DeskMessagesQuery, TicketParams } from './tickets.input';

const NOT_FOUND = 'ticket.not_found';

/** What staff read and write on a ticket. */
export function deskRoutes(
  router: StaffRouter,
  { database, metrics }: Pick<Dependencies, 'database' | 'metrics'>,
): void {
  const messages = metrics.counter(...TICKET_MESSAGES);

  router.get(
    '/support/desk/:id',
    [
      describeRoute({
        operation: 'getDeskTicket',
        tag: 'support',
        summary: 'A ticket as staff see it',
        answers: { 200: DeskTicketView },
        errors: ['ticket.own'],
      }),
      may('ticket.work'),
      validateParams(TicketParams, NOT_FOUND),
    ],
    async (ctx) => {
      const { caller, params } = ctx.state;
      const ticket = await readDeskTicketAs(database.manager, caller.accountId, params.id);
      return { status: 200, body: presentDeskTicket(ticket) };
    },
  );

  router.get(
    '/support/desk/:id/messages',
    [
      describeRoute({
        operation: 'listDeskMessages',
        tag: 'support',
        summary: 'The answers of a ticket, or its notes, the oldest first',
        answers: { 200: DeskMessagesView },
        errors: ['ticket.own'],
      }),
      may('ticket.work'),
      validateParams(TicketParams, NOT_FOUND),
      validateQuery(DeskMessagesQuery),
    ],
    async (ctx) => {
      const { caller, params, query } = ctx.state;
      await readDeskTicketAs(database.manager, caller.accountId, params.id);
      const part = { ticketId: params.id, ...query, limit: query.limit + 1 };
      const found = await readTicketMessages(database.manager, part);
      return { status: 200, body: presentPage(found, query.limit, presentDeskMessage) };
    },
  );

  router.post(
    '/support/desk/:id/answers',
    [
      describeRoute({
        operation: 'answerAsShop',
        tag: 'support',
        summary: 'Answer a customer',
        description:
          'With a text or a canned answer. Exactly once for a `clientId`. The customer does not see who it was. Where the customer has written after `seen`, it does not count as an answer to that.',
        answers: { 201: DeskMessageView, 200: DeskMessageView },
        errors: [
          ...([
            'ticket.own',
            'ticket.closed',
            'ticket.transition',
            'ticket.client_id_reused',
            'chat.text_invalid',
          ] as const),
          ...(['canned_answer.not_found', 'canned_answer.variables'] as const),
        ],
      }),
      may('ticket.work'),
      validateParams(TicketParams, NOT_FOUND),
      validate(StaffAnswerInput),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const { clientId, seen, status } = input;
      const ticketId = params.id;
      const text = await answerText(database.manager, input);
      const { seq, isNew } = await withTransaction(database, (transaction) =>
        answerAsStaff(transaction, actorOf(ctx.state), { ticketId, clientId, text, seen, status }),
      );
      messages.inc({ by: 'shop', outcome: isNew ? 'written' : 'repeated' });
      const written = await readTicketMessage(database.manager, { ticketId, kind: 'answer', seq });
      return { status: isNew ? 201 : 200, body: presentDeskMessage(written) };
    },
  );

  router.post(
    '/support/desk/:id/notes',
    [
      describeRoute({
        operation: 'noteOnTicket',
        tag: 'support',
        summary: 'Write a note for other staff',
        description: 'The customer never sees it, and no clock counts it. Exactly once for a `clientId`.',
        answers: { 201: DeskMessageView, 200: DeskMessageView },
        errors: ['ticket.own', 'ticket.closed', 'ticket.client_id_reused', 'chat.text_invalid'],
      }),
      may('ticket.work'),
      validateParams(TicketParams, NOT_FOUND),
      validate(WriteInput),
    ],
    async (ctx) => {
      const { params, input } = ctx.state;
      const ticketId = params.id;
      const { seq, isNew } = await withTransaction(database, (transaction) =>
        noteOnTicket(transaction, actorOf(ctx.state), { ticketId, ...input }),
      );
      const written = await readTicketMessage(database.manager, { ticketId, kind: 'note', seq });
      return { status: isNew ? 201 : 200, body: presentDeskMessage(written) };
    },
  );
}
