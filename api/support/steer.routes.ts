import type { ErrorCode } from '../../entities/errors';
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
import type { Shape } from '../shapes';
import { actorOf } from '../staff/acting';
import { TicketParams } from './tickets.input';

/** A part of a ticket that staff decide about. */
interface Steering<Input extends object> {
  /** The last part of the path. */
  readonly part: string;
  readonly operation: string;
  readonly summary: string;
  readonly description?: string;
  readonly errors: readonly ErrorCode[];
  readonly input: Shape<Input>;
  readonly change: (
    transaction: Transaction,
    actor: Actor,
    wanted: Input & { readonly ticketId: string },
  ) => Promise<void>;
}

/** What staff decide about a ticket: its status, who answers it, how much it presses, which team it is for. */
export function steerRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  function steer<Input extends object>({ part, input: Input, change, ...described }: Steering<Input>): void {
    router.put(
      `/support/desk/:id/${part}`,
      [
        describeRoute({ ...described, tag: 'support', answers: { 200: DeskTicketView } }),
        may('ticket.work'),
        validateParams(TicketParams, 'ticket.not_found'),
        validate(Input),
      ],
      async (ctx) => {
        const actor = actorOf(ctx.state);
        const { params, input } = ctx.state;
        await withTransaction(database, (transaction) =>
          change(transaction, actor, { ...input, ticketId: params.id }),
        );
        const ticket = await readDeskTicketAs(database.manager, actor.accountId, params.id);
        return { status: 200, body: presentDeskTicket(ticket) };
      },
    );
  }

  steer({
    part: 'status',
    operation: 'moveTicket',
    summary: 'Move a ticket along the table of statuses',
    errors: ['ticket.own', 'ticket.transition'],
    input: MoveInput,
    change: changeTicketStatus,
  });

  steer({
    part: 'assignee',
    operation: 'assignTicket',
    summary: 'Give a ticket to somebody, or back to the queue',
    description: 'Of two people who take a ticket at once, one gets it: `expected` says who had it.',
    errors: ['ticket.own', 'ticket.closed', 'ticket.assignee_unfit', 'ticket.assigned_otherwise'],
    input: AssignInput,
    change: assignTicket,
  });

  steer({
    part: 'priority',
    operation: 'prioritiseTicket',
    summary: 'Give a ticket another priority, and its clocks the targets of that',
    errors: ['ticket.own', 'ticket.closed'],
    input: PrioritiseInput,
    change: changeTicketPriority,
  });

  steer({
    part: 'category',
    operation: 'categoriseTicket',
    summary: 'Give a ticket another category, and with it another team',
    errors: ['ticket.own', 'ticket.closed'],
    input: CategoriseInput,
    change: changeTicketCategory,
  });
}
