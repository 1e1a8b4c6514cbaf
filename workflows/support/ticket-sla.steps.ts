import type { TicketJudgement } from '../../entities/support/judge-ticket';

/** One transaction that compares and sets. A repetition changes nothing. */
export interface TicketSlaSteps {
  judgeTicket(input: { readonly ticketId: string }): Promise<TicketJudgement>;
}
