import type { Transaction } from '../../entities/sql';
import type { Actor } from '../../entities/staff/audited';
import { CannedAnswersView } from '../../entities/support/canned-answer.view';
import { readCannedAnswers } from '../../entities/support/canned-answers';
import { changeTicketCategory } from '../../entities/support/change-category';
import { takeNextTicket } from '../../entities/support/hand-out-tickets';
import { readQueue } from '../../entities/support/read-queue';
import { sayAway, sayReady } from '../../entities/support/readiness';
import { presentReadiness, ReadinessView, TakenView } from '../../entities/support/readiness.view';
import { assignTicket, changeTicketPriority, changeTicketStatus } from '../../entities/support/steer-ticket';
import { SUPPORT_LIMITS } from '../../entities/support/support-limits';
import { ReadyInput, TeamsInput } from '../../entities/support/support.input';
import { presentDeskTicket } from '../../entities/support/ticket.presenter';
import { DeskTicketView } from '../../entities/support/ticket.view';
import { defineVerb, type VerbContext } from '../registry';
import { DoneView, followList } from '../subscribe-to';
import { asCaller, callerOf, showDesk } from './support-caller';
import { agentRoom, QUEUE } from './support-rooms';
import {
  AssignTicketInput,
  CannedAnswersInput,
  CategoriseTicketInput,
  MoveTicketInput,
  NothingInput,
  PrioritiseTicketInput,
  QueueInput,
} from './support.input';
import { LiveQueueView } from './support.view';

const STEERING = ['ticket.not_found', 'ticket.own', 'auth.session_over'] as const;

/** Does something to a ticket, and shows it as it is then. */
async function steer(
  context: VerbContext,
  ticketId: string,
  change: (transaction: Transaction, actor: Actor) => Promise<void>,
): Promise<DeskTicketView> {
  await asCaller(context, change);
  return showDesk(context, ticketId);
}

/** How tickets come to those who answer them. */
export const QUEUE_VERBS = {
  queue: defineVerb({
    summary:
      'Read the tickets of others that are not closed, those that are due first before the rest, and follow them all',
    input: QueueInput,
    answer: LiveQueueView,
    action: 'ticket.work',
    async handle(context, { limit, ...part }) {
      const { accountId: readerId } = callerOf(context);
      const found = await followList(context, [agentRoom(readerId), QUEUE], () =>
        readQueue(context.database.manager, { ...part, limit: limit + 1, readerId }),
      );
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return { tickets: page.map(presentDeskTicket), next: last ? { key: last.key, id: last.id } : null };
    },
  }),

  ready: defineVerb({
    summary: 'Be ready for tickets for 90 s, and get one that waits; say so again every 30 s',
    input: ReadyInput,
    answer: ReadinessView,
    action: 'ticket.work',
    limit: SUPPORT_LIMITS.steer,
    errors: ['auth.session_over'],
    handle: async (context, input) =>
      presentReadiness(await asCaller(context, (transaction, actor) => sayReady(transaction, actor, input))),
  }),

  away: defineVerb({
    summary: 'Be ready for tickets no longer; what one has stays',
    input: NothingInput,
    answer: DoneView,
    action: 'ticket.work',
    errors: ['auth.session_over'],
    async handle(context) {
      await asCaller(context, sayAway);
      return {};
    },
  }),

  take: defineVerb({
    summary: 'Take the ticket that is due first among those that nobody has',
    input: TeamsInput,
    answer: TakenView,
    action: 'ticket.work',
    limit: SUPPORT_LIMITS.steer,
    errors: ['auth.session_over'],
    handle: async (context, input) => ({
      ticketId: await asCaller(context, (transaction, actor) => takeNextTicket(transaction, actor, input)),
    }),
  }),

  assign: defineVerb({
    summary: 'Give a ticket to somebody, or back to the queue, if it still is with whom the caller saw',
    input: AssignTicketInput,
    answer: DeskTicketView,
    action: 'ticket.work',
    limit: SUPPORT_LIMITS.steer,
    errors: [...STEERING, 'ticket.closed', 'ticket.assignee_unfit', 'ticket.assigned_otherwise'],
    handle: (context, input) =>
      steer(context, input.ticketId, (transaction, actor) => assignTicket(transaction, actor, input)),
  }),

  move: defineVerb({
    summary: 'Move a ticket along the table of statuses',
    input: MoveTicketInput,
    answer: DeskTicketView,
    action: 'ticket.work',
    limit: SUPPORT_LIMITS.steer,
    errors: [...STEERING, 'ticket.transition'],
    handle: (context, input) =>
      steer(context, input.ticketId, (transaction, actor) => changeTicketStatus(transaction, actor, input)),
  }),

  prioritise: defineVerb({
    summary: 'Give a ticket another priority, and its clocks the targets of that',
    input: PrioritiseTicketInput,
    answer: DeskTicketView,
    action: 'ticket.work',
    limit: SUPPORT_LIMITS.steer,
    errors: [...STEERING, 'ticket.closed'],
    handle: (context, input) =>
      steer(context, input.ticketId, (transaction, actor) => changeTicketPriority(transaction, actor, input)),
  }),

  categorise: defineVerb({
    summary: 'Give a ticket another category, and with it another team',
    input: CategoriseTicketInput,
    answer: DeskTicketView,
    action: 'ticket.work',
    limit: SUPPORT_LIMITS.steer,
    errors: [...STEERING, 'ticket.closed'],
    handle: (context, input) =>
      steer(context, input.ticketId, (transaction, actor) => changeTicketCategory(transaction, actor, input)),
  }),

  canned: defineVerb({
    summary: 'Read the canned answers of a team, by code',
    input: CannedAnswersInput,
    answer: CannedAnswersView,
    action: 'ticket.work',
    handle: async ({ database }, { team }) => ({ items: await readCannedAnswers(database.manager, team) }),
  }),
};
