import { readTicketNotices } from '../../entities/notifications/read-ticket-notices';
import { answerAsCustomer } from '../../entities/support/answer-ticket';
import { limitsOfAnswer } from '../../entities/support/follow-ticket';
import { openTicket } from '../../entities/support/open-ticket';
import { rateTicket, resolveOwnTicket } from '../../entities/support/own-ticket';
import {
  readTicketEvents,
  readTicketMessage,
  readTicketMessages,
} from '../../entities/support/read-messages';
import { readOwnTicket, readOwnTickets } from '../../entities/support/read-tickets';
import { SUPPORT_LIMITS } from '../../entities/support/support-limits';
import { TICKET } from '../../entities/support/support.events';
import { presentPage, presentTicket, presentTicketMessage } from '../../entities/support/ticket.presenter';
import { TicketMessagesView, TicketView } from '../../entities/support/ticket.view';
import { derivedId } from '../../entities/values/uuid';
import { defineVerb } from '../registry';
import { DoneView, followList, SubscribedView, subscribeTo } from '../subscribe-to';
import { asCaller, callerOf, countMessage, limitAlso, ownerOf, showTicket } from './support-caller';
import { ownListRoom, presentTicketEvent, ticketRoom } from './support-rooms';
import {
  OpenInput,
  OwnTicketsInput,
  RateTicketInput,
  SubscribeTicketInput,
  TicketInput,
  TicketMessagesInput,
  WriteOnTicketInput,
} from './support.input';
import { LiveAnsweredView, LiveTicketsView, OpenedTicketView } from './support.view';

const NOT_FOUND = 'ticket.not_found';
/** At most this often the other side is told that somebody types. */
const TYPING = { limit: 1, windowSeconds: 2 };

/** What customers do with their tickets. Staff may follow and read any as its customer sees it. */
export const OWN_VERBS = {
  tickets: defineVerb({
    summary: 'Read the caller’s own tickets, the newest first, and follow the list',
    input: OwnTicketsInput,
    answer: LiveTicketsView,
    action: 'ticket.read',
    async handle(context, { limit, ...part }) {
      const { accountId } = callerOf(context);
      const page = { ...part, limit: limit + 1 };
      const found = await followList(context, [ownListRoom(accountId)], () =>
        readOwnTickets(context.database.manager, accountId, page),
      );
      const tickets = found.slice(0, limit).map(presentTicket);
      return { tickets, next: found.length > limit ? tickets.at(-1)!.id : null };
    },
  }),

  ticket: defineVerb({
    summary: 'Read a ticket as its customer sees it',
    input: TicketInput,
    answer: TicketView,
    action: 'ticket.read',
    errors: [NOT_FOUND],
    handle: (context, { ticketId }) => showTicket(context, ownerOf(context), ticketId),
  }),

  messages: defineVerb({
    summary: 'Read what customer and shop have written on a ticket, the oldest first',
    input: TicketMessagesInput,
    answer: TicketMessagesView,
    action: 'ticket.read',
    errors: [NOT_FOUND],
    async handle(context, { ticketId, after, limit }) {
      const { manager } = context.database;
      await readOwnTicket(manager, ownerOf(context), ticketId);
      await asCaller(context, (transaction, { accountId }) =>
        readTicketNotices(transaction, { accountId, ticketId }),
      );
      const part = { ticketId, kind: 'answer', after, limit: limit + 1 } as const;
      return presentPage(await readTicketMessages(manager, part), limit, presentTicketMessage);
    },
  }),

  subscribe: defineVerb({
    summary: 'Follow a ticket as its customer sees it, from a version on',
    input: SubscribeTicketInput,
    answer: SubscribedView,
    action: 'ticket.read',
    errors: [NOT_FOUND],
    handle(context, { ticketId, after }) {
      const { manager } = context.database;
      const authorise = () => showTicket(context, ownerOf(context), ticketId);
      return subscribeTo(context, {
        ...{ aggregate: TICKET, id: ticketId, room: ticketRoom(ticketId), after },
        ...{ authorise, state: authorise },
        read: (part) => readTicketEvents(manager, 'answer', { ticketId, ...part }, presentTicketEvent),
      });
    },
  }),

  unsubscribe: defineVerb({
    summary: 'Follow a ticket no longer',
    input: TicketInput,
    answer: DoneView,
    action: 'ticket.read',
    async handle({ leave }, { ticketId }) {
      leave(ticketRoom(ticketId));
      return {};
    },
  }),

  typing: defineVerb({
    summary: 'Tell the other side of a ticket that the caller types; it is told once in 2 s',
    input: TicketInput,
    answer: DoneView,
    action: 'ticket.read',
    errors: [NOT_FOUND],
    async handle(context, { ticketId }) {
      const { accountId } = callerOf(context);
      const { customerId } = await readOwnTicket(context.database.manager, ownerOf(context), ticketId);
      const by = customerId === accountId ? 'customer' : 'shop';
      const whose = `${accountId}:${ticketId}`;
      const { allowed } = await context.rateLimiter.consume('ticket-typing', whose, TYPING);
      if (allowed) context.tell(ticketRoom(ticketId), 'typing', { ticketId, by });
      return {};
    },
  }),

  open: defineVerb({
    summary: 'Open a ticket with its first message',
    input: OpenInput,
    answer: OpenedTicketView,
    action: 'ticket.write',
    limit: SUPPORT_LIMITS.open,
    errors: ['ticket.too_many_open', 'chat.text_invalid', 'ticket.client_id_reused', 'auth.session_over'],
    async handle(context, { clientId, ...wanted }) {
      const { accountId } = callerOf(context);
      const ticketId = derivedId('ticket', accountId, clientId);
      const isNew = await asCaller(context, (transaction, actor) =>
        openTicket(transaction, actor, { ticketId, ...wanted }),
      );
      countMessage(context, 'customer', isNew);
      return { ticket: await showTicket(context, accountId, ticketId), isNew };
    },
  }),

  answer: defineVerb({
    summary:
      'Write on a ticket of one’s own, exactly once for a `clientId`; a closed one is followed by another',
    input: WriteOnTicketInput,
    answer: LiveAnsweredView,
    action: 'ticket.write',
    limit: SUPPORT_LIMITS.write,
    errors: [NOT_FOUND, 'ticket.too_many_open', 'chat.text_invalid', 'ticket.client_id_reused'],
    async handle(context, input) {
      const { manager } = context.database;
      const sent = { ...input, senderId: callerOf(context).accountId };
      for (const limit of await limitsOfAnswer(manager, sent)) await limitAlso(context, limit);
      const { ticketId, seq, isNew } = await asCaller(context, (transaction, actor) =>
        answerAsCustomer(transaction, actor, input),
      );
      countMessage(context, 'customer', isNew);
      const written = await readTicketMessage(manager, { ticketId, kind: 'answer', seq });
      return { ticketId, message: presentTicketMessage(written), isNew };
    },
  }),

  resolve: defineVerb({
    summary: 'Say that one has what one wanted',
    input: TicketInput,
    answer: TicketView,
    action: 'ticket.write',
    limit: SUPPORT_LIMITS.write,
    errors: [NOT_FOUND, 'ticket.transition'],
    async handle(context, { ticketId }) {
      await asCaller(context, (transaction, actor) => resolveOwnTicket(transaction, actor, { ticketId }));
      return showTicket(context, callerOf(context).accountId, ticketId);
    },
  }),

  rate: defineVerb({
    summary: 'Rate the last resolution of a ticket of one’s own, once',
    input: RateTicketInput,
    answer: TicketView,
    action: 'ticket.write',
    limit: SUPPORT_LIMITS.write,
    errors: [NOT_FOUND, 'ticket.not_resolved', 'ticket.rated_already'],
    async handle(context, input) {
      await asCaller(context, (transaction, actor) => rateTicket(transaction, actor, input));
      return showTicket(context, callerOf(context).accountId, input.ticketId);
    },
  }),
};
