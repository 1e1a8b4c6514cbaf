import { answerAsStaff, noteOnTicket } from '../../entities/support/answer-ticket';
import { answerText } from '../../entities/support/canned-answers';
import {
  readTicketEvents,
  readTicketMessage,
  readTicketMessages,
} from '../../entities/support/read-messages';
import { SUPPORT_LIMITS } from '../../entities/support/support-limits';
import { TICKET_STAFF } from '../../entities/support/support.events';
import type { TicketMessageKind } from '../../entities/support/ticket-message';
import { presentDeskMessage, presentPage } from '../../entities/support/ticket.presenter';
import { DeskMessagesView, DeskTicketView } from '../../entities/support/ticket.view';
import { defineVerb, type VerbContext } from '../registry';
import { DoneView, SubscribedView, subscribeTo } from '../subscribe-to';
import { asCaller, countMessage, showDesk } from './support-caller';
import { presentStaffEvent, staffRoom } from './support-rooms';
import {
  AnswerAsShopInput,
  SubscribeTicketInput,
  TicketInput,
  TicketMessagesInput,
  WriteOnTicketInput,
} from './support.input';
import { DeskWrittenView } from './support.view';

const NOT_FOUND = 'ticket.not_found';
const READING = [NOT_FOUND, 'ticket.own'] as const;
const WRITING = [...READING, 'chat.text_invalid', 'ticket.client_id_reused', 'auth.session_over'] as const;

async function page(
  context: VerbContext,
  kind: TicketMessageKind,
  { ticketId, after, limit }: TicketMessagesInput,
): Promise<DeskMessagesView> {
  await showDesk(context, ticketId);
  const part = { ticketId, kind, after, limit: limit + 1 };
  const found = await readTicketMessages(context.database.manager, part);
  return presentPage(found, limit, presentDeskMessage);
}

/** What staff read and write on a ticket. */
export const DESK_VERBS = {
  desk: defineVerb({
    summary: 'Read a ticket as staff see it',
    input: TicketInput,
    answer: DeskTicketView,
    action: 'ticket.work',
    errors: READING,
    handle: (context, { ticketId }) => showDesk(context, ticketId),
  }),

  'desk.subscribe': defineVerb({
    summary: 'Follow what only staff see of a ticket, from a version on; `subscribe` follows the rest',
    input: SubscribeTicketInput,
    answer: SubscribedView,
    action: 'ticket.work',
    errors: READING,
    handle(context, { ticketId, after }) {
      const { manager } = context.database;
      return subscribeTo(context, {
        ...{ aggregate: TICKET_STAFF, id: ticketId, room: staffRoom(ticketId), after },
        authorise: () => showDesk(context, ticketId),
        async state() {
          const ticket = await showDesk(context, ticketId);
          return { ticket, version: ticket.deskVersion };
        },
        read: (part) => readTicketEvents(manager, 'note', { ticketId, ...part }, presentStaffEvent),
      });
    },
  }),

  'desk.unsubscribe': defineVerb({
    summary: 'Follow what only staff see of a ticket no longer',
    input: TicketInput,
    answer: DoneView,
    action: 'ticket.work',
    async handle({ leave }, { ticketId }) {
      leave(staffRoom(ticketId));
      return {};
    },
  }),

  'desk.answers': defineVerb({
    summary: 'Read the answers of a ticket with who of the staff has written them',
    input: TicketMessagesInput,
    answer: DeskMessagesView,
    action: 'ticket.work',
    errors: READING,
    handle: (context, input) => page(context, 'answer', input),
  }),

  'desk.notes': defineVerb({
    summary: 'Read the notes of a ticket, the oldest first',
    input: TicketMessagesInput,
    answer: DeskMessagesView,
    action: 'ticket.work',
    errors: READING,
    handle: (context, input) => page(context, 'note', input),
  }),

  'desk.answer': defineVerb({
    summary: 'Answer a customer with a text or a canned answer, exactly once for a `clientId`',
    input: AnswerAsShopInput,
    answer: DeskWrittenView,
    action: 'ticket.work',
    limit: SUPPORT_LIMITS.write,
    errors: [
      ...WRITING,
      ...(['ticket.closed', 'ticket.transition', 'canned_answer.not_found'] as const),
      ...(['canned_answer.variables', 'request.invalid'] as const),
    ],
    async handle(context, { ticketId, clientId, seen, status, ...chosen }) {
      const { manager } = context.database;
      const text = await answerText(manager, chosen);
      const { seq, isNew } = await asCaller(context, (transaction, actor) =>
        answerAsStaff(transaction, actor, { ticketId, clientId, text, seen, status }),
      );
      countMessage(context, 'shop', isNew);
      const message = presentDeskMessage(await readTicketMessage(manager, { ticketId, kind: 'answer', seq }));
      return { message, isNew };
    },
  }),

  note: defineVerb({
    summary: 'Write a note for other staff, exactly once for a `clientId`',
    input: WriteOnTicketInput,
    answer: DeskWrittenView,
    action: 'ticket.work',
    limit: SUPPORT_LIMITS.write,
    errors: [...WRITING, 'ticket.closed'],
    async handle(context, input) {
      const { ticketId } = input;
      const { seq, isNew } = await asCaller(context, (transaction, actor) =>
        noteOnTicket(transaction, actor, input),
      );
      const part = { ticketId, kind: 'note', seq } as const;
      return { message: presentDeskMessage(await readTicketMessage(context.database.manager, part)), isNew };
    },
  }),
};
