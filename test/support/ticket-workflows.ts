import { instantOf } from '../../entities/calendar/business-day';
import { answerAsStaff, type AfterAnswer } from '../../entities/support/answer-ticket';
import { changeTicketPriority, changeTicketStatus } from '../../entities/support/steer-ticket';
import type { TicketPriority } from '../../entities/support/ticket-desk';
import { newId } from '../../entities/values/uuid';
import {
  look,
  TICKET_SLA_WORKFLOW,
  ticketSlaOf,
  ticketSlaWorkflowId,
} from '../../workflows/support/ticket-sla.contract';
import type { WorkflowShop } from '../workflows/workflow-shop';
import { buildAgent } from './factories/chat';
import { buildTicket } from './factories/tickets';

/** A Saturday at 9 in Tehran. An urgent ticket of then is due at half past. */
export const OPENED = instantOf('2026-11-28', 540);

/** A ticket that was opened at {@link OPENED}, urgent unless told, and its workflow. */
export async function buildUrgent(shop: WorkflowShop, urgency: TicketPriority = 'urgent', opened = OPENED) {
  const agent = await buildAgent(shop, 'support');
  const { id, customer } = await buildTicket(shop, undefined, { now: opened });
  const priority = { ticketId: id, priority: urgency, now: opened };
  await shop.run((transaction) => changeTicketPriority(transaction, agent, priority));
  const answer = (status: AfterAnswer, now: Date) =>
    shop.run((transaction) =>
      answerAsStaff(transaction, agent, { ticketId: id, clientId: newId(), text: 'Done', now, status }),
    );
  return {
    ...{ id, agent, customer, answer },
    handle: shop.temporal.workflow.getHandle(ticketSlaWorkflowId(id)),
    wake: () =>
      shop.temporal.workflow.signalWithStart(TICKET_SLA_WORKFLOW, { ...ticketSlaOf(id), signal: look.name }),
    /** Answers it, so that it is resolved, and closes it. */
    async close(now: Date) {
      await answer('resolved', now);
      await shop.run((transaction) =>
        changeTicketStatus(transaction, agent, { ticketId: id, status: 'closed', now }),
      );
    },
  };
}

/** Stops the clock of the steps so many milliseconds after {@link OPENED}. */
export function stopClock(shop: WorkflowShop, afterOpenedMs: number): void {
  shop.now = () => new Date(OPENED.getTime() + afterOpenedMs);
}
