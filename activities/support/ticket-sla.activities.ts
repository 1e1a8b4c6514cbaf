import { handOutTicket } from '../../entities/support/hand-out-tickets';
import { judgeTicket } from '../../entities/support/judge-ticket';
import type { TicketSlaInput } from '../../workflows/support/ticket-sla.contract';
import type { TicketSlaSteps } from '../../workflows/support/ticket-sla.steps';
import type { Steps } from '../step';

/** The step of the clocks of tickets. It also hands out a ticket that nobody has. */
export function createTicketSlaActivities(
  { step }: Steps,
  { clock }: { readonly clock: () => Date },
): TicketSlaSteps {
  const judge = step((transaction, { ticketId }: TicketSlaInput) =>
    judgeTicket(transaction, { ticketId, clock }),
  );
  const handOut = step(handOutTicket);
  return {
    // In transactions of their own: tickets are judged side by side, and handed out one after another.
    async judgeTicket(input) {
      const judgement = await judge(input);
      await handOut(input);
      return judgement;
    },
  };
}
