import { judgeTicket } from '../../entities/support/judge-ticket';
import type { TicketSlaSteps } from '../../workflows/support/ticket-sla.steps';
import type { Steps } from '../step';

/** The step of the clocks of tickets. */
export function createTicketSlaActivities(
  { step }: Steps,
  { clock }: { readonly clock: () => Date },
): TicketSlaSteps {
  return {
    judgeTicket: step((transaction, { ticketId }) => judgeTicket(transaction, { ticketId, now: clock() })),
  };
}
