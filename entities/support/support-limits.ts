/** The most tickets of a customer that are not closed. */
export const OPEN_TICKETS_AT_MOST = 20;

/** How often one person may do something, by requests and by sockets together: a name for the common count, and the limit. */
export const SUPPORT_LIMITS = {
  /** Answers, notes, resolutions and ratings. */
  write: { name: 'support-write', limit: 5, windowSeconds: 1 },
  /** Answers of a customer: far more than a conversation needs. */
  day: { name: 'support-day', limit: 200, windowSeconds: 86_400 },
  /** What staff take, give, move and sort. */
  steer: { name: 'support-steer', limit: 20, windowSeconds: 1 },
  /** Tickets that are opened, reopened or follow a closed one: each is work for somebody. */
  open: { name: 'support-open', limit: 10, windowSeconds: 3_600 },
} as const;
export type SupportLimit = (typeof SUPPORT_LIMITS)[keyof typeof SUPPORT_LIMITS];

/** The most that one page shows. */
export const TICKETS_AT_MOST = 50;
export const MESSAGES_AT_MOST = 100;

/** The counter of what is written on tickets, by requests and sockets. */
export const TICKET_MESSAGES = [
  'asoud_ticket_messages_total',
  'Messages on tickets, by customers and the shop, through requests and sockets',
  ['by', 'outcome'],
] as const;
