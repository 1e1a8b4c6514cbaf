import { CannedAnswer } from './canned-answer';
import { SlaClock } from './sla-clock';
import { SlaTarget } from './sla-target';
import { SupportAgent } from './support-agent';
import { Ticket } from './ticket';
import { TicketDesk } from './ticket-desk';
import { TicketMessage } from './ticket-message';
import { TicketRating } from './ticket-rating';

/** The tables of tickets and what is promised for them. */
export const SUPPORT_TABLES = [
  Ticket,
  TicketDesk,
  TicketMessage,
  TicketRating,
  SlaClock,
  SlaTarget,
  CannedAnswer,
  SupportAgent,
];
