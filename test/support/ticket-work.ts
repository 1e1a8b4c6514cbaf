import { instantOf } from '../../entities/calendar/business-day';
import type { ChatActor } from '../../entities/chat/room-access';
import { readEvents } from '../../entities/events/read-events';
import { answerAsCustomer, answerAsStaff, type AfterAnswer } from '../../entities/support/answer-ticket';
import { judgeTicket } from '../../entities/support/judge-ticket';
import { readDeskTicket } from '../../entities/support/read-tickets';
import { changeTicketPriority, changeTicketStatus } from '../../entities/support/steer-ticket';
import type { TICKET, TICKET_STAFF } from '../../entities/support/support.events';
import type { ClockKind } from '../../entities/support/ticket-clocks';
import type { TicketPriority } from '../../entities/support/ticket-desk';
import type { TicketStatus } from '../../entities/support/ticket-status';
import { newId } from '../../entities/values/uuid';
import type { ShopDatabase } from './shop-database';

/** An hour of a day in Tehran. 2026-11-28 is a Saturday, 2026-12-03 a Thursday. */
export const at = (day: string, hour: number, minute = 0) => instantOf(day, hour * 60 + minute);

/** What somebody of the staff and customers do on tickets at an instant, and what is to be seen of it. */
export function ticketWork(home: () => { readonly shop: ShopDatabase; readonly agent: ChatActor }) {
  const run: ShopDatabase['run'] = (operation) => home().shop.run(operation);
  const manager = () => home().shop.database.manager;
  const deskOf = (ticketId: string) => readDeskTicket(manager(), ticketId);
  const move = (ticketId: string, status: TicketStatus, now: Date) =>
    run((transaction) => changeTicketStatus(transaction, home().agent, { ticketId, status, now }));
  return {
    deskOf,
    move,
    answer: (ticketId: string, now: Date, status: AfterAnswer = 'pending_customer', text = 'Here it is') =>
      run((transaction) =>
        answerAsStaff(transaction, home().agent, { ticketId, clientId: newId(), text, now, status }),
      ),
    ask: (customer: ChatActor, ticketId: string, now: Date, clientId = newId()) =>
      run((transaction) =>
        answerAsCustomer(transaction, customer, { ticketId, clientId, text: 'And now?', now }),
      ),
    prioritise: (ticketId: string, priority: TicketPriority, now: Date) =>
      run((transaction) => changeTicketPriority(transaction, home().agent, { ticketId, priority, now })),
    async close(ticketId: string, now: Date) {
      for (const status of ['resolved', 'closed'] as const) await move(ticketId, status, now);
    },
    judge: (ticketId: string, now: Date) =>
      run((transaction) => judgeTicket(transaction, { ticketId, clock: () => now })),
    statusOf: async (ticketId: string) => (await deskOf(ticketId)).status,
    clockOf: async (ticketId: string, kind: ClockKind) =>
      (await deskOf(ticketId)).clocks.find((clock) => clock.kind === kind)!,
    typesOf: async (aggregate: typeof TICKET | typeof TICKET_STAFF, ticketId: string) =>
      (await readEvents(manager(), aggregate, ticketId, 0, 100)).map(({ type }) => type),
  };
}
