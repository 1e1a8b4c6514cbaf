/** The most tickets of a customer that are not closed. */
export const OPEN_TICKETS_AT_MOST = 20;
