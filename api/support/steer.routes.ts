import type { Transaction } from '../../entities/sql';
import type { Actor } from '../../entities/staff/audited';
import { changeTicketCategory } from '../../entities/support/change-category';
import { readDeskTicketAs } from '../../entities/support/read-tickets';
import { assignTicket, changeTicketPriority, changeTicketStatus } from '../../entities/support/steer-ticket';
import {
  AssignInput,
  CategoriseInput,
  MoveInput,
  PrioritiseInput,
} from '../../entities/support/support.input';
import { presentDeskTicket } from '../../entities/support/ticket.presenter';
import { DeskTicketView } from '../../entities/support/ticket.view';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf, type Acting } from '../staff/acting';
import { TicketParams } from './tickets.input';

const NOT_FOUND = 'ticket.not_found';

/** What staff decide about a ticket: its status, who answers it, how much it presses, which team it is for. */
export function steerRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  /** Does something to a ticket, and shows it as it is then. */
  async function work(
    state: Acting,
    ticketId: string,
    change: (transaction: Transaction, actor: Actor) => Promise<unknown>,
  ): Promise<{ status: 200; body: DeskTicketView }> {
    const actor = actorOf(state);
    await withTransaction(database, (transaction) => change(transaction, actor));
    const ticket = await readDeskTicketAs(database.manager, actor.accountId, ticketId);
    return { status: 200, body: presentDeskTicket(ticket) };
  }

  router.put(
    '/support/desk/:id/status',
    [
      describeRoute({
        operation: 'moveTicket',
        tag: 'support',
        summary: 'Move a ticket along the table of statuses',
        answers: { 200: DeskTicketView },
        errors: ['ticket.own', 'ticket.transition'],
      }),
      may('ticket.work'),
      validateParams(TicketParams, NOT_FOUND),
      validate(MoveInput),
    ],
    (ctx) => {
      const { params, input } = ctx.state;
      return work(ctx.state, params.id, (transaction, actor) =>
        changeTicketStatus(transaction, actor, { ticketId: params.id, ...input }),
      );
    },
  );

  router.put(
    '/support/desk/:id/assignee',
    [
      describeRoute({
        operation: 'assignTicket',
        tag: 'support',
        summary: 'Give a ticket to somebody, or back to the queue',
        description: 'Of two people who take a ticket at once, one gets it: `expected` says who had it.',
        answers: { 200: DeskTicketView },
        errors: ['ticket.own', 'ticket.closed', 'ticket.assignee_unfit', 'ticket.assigned_otherwise'],
      }),
      may('ticket.work'),
      validateParams(TicketParams, NOT_FOUND),
      validate(AssignInput),
    ],
    (ctx) => {
      const { params, input } = ctx.state;
      return work(ctx.state, params.id, (transaction, actor) =>
        assignTicket(transaction, actor, { ticketId: params.id, ...input }),
      );
    },
  );

  router.put(
    '/support/desk/:id/priority',
    [
      describeRoute({
        operation: 'prioritiseTicket',
        tag: 'support',
        summary: 'Give a ticket another priority, and its clocks the targets of that',
        answers: { 200: DeskTicketView },
        errors: ['ticket.own', 'ticket.closed'],
      }),
      may('ticket.work'),
      validateParams(TicketParams, NOT_FOUND),
      validate(PrioritiseInput),
    ],
    (ctx) => {
      const { params, input } = ctx.state;
      return work(ctx.state, params.id, (transaction, actor) =>
        changeTicketPriority(transaction, actor, { ticketId: params.id, ...input }),
      );
    },
  );

  router.put(
    '/support/desk/:id/category',
    [
      describeRoute({
        operation: 'categoriseTicket',
        tag: 'support',
        summary: 'Give a ticket another category, and with it another team',
        answers: { 200: DeskTicketView },
        errors: ['ticket.own', 'ticket.closed'],
      }),
      may('ticket.work'),
      validateParams(TicketParams, NOT_FOUND),
      validate(CategoriseInput),
    ],
    (ctx) => {
      const { params, input } = ctx.state;
      return work(ctx.state, params.id, (transaction, actor) =>
        changeTicketCategory(transaction, actor, { ticketId: params.id, ...input }),
      );
    },
  );
}
