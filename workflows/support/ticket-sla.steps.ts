import type { TicketJudgement } from '../../entities/support/judge-ticket';

/** Marks what is due, and hands the ticket out if nobody has it. Both compare and set: a repetition changes nothing. */
export interface TicketSlaSteps {
  judgeTicket(input: { readonly ticketId: string }): Promise<TicketJudgement>;
}
