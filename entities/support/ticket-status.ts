/** `open`: nobody of the staff has answered or taken it up. The two `pending` states name whom the ticket waits for. */
export const TICKET_STATUSES = [
  'open',
  'in_progress',
  'pending_customer',
  'pending_agent',
  'resolved',
  'closed',
] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];

/** The transition table. A resolved ticket is reopened by an answer of its customer; a closed one never is. */
const NEXT: Readonly<Record<TicketStatus, readonly TicketStatus[]>> = {
  open: ['in_progress'],
  in_progress: ['pending_customer', 'pending_agent', 'resolved'],
  pending_customer: ['in_progress', 'resolved'],
  pending_agent: ['in_progress', 'resolved'],
  resolved: ['in_progress', 'closed'],
  closed: [],
};

/**
 * The statuses through which a ticket comes to another one: at most `in_progress` lies between them. Nobody passes through
 * `resolved` by the way, because that counts as a resolution.
 *
 * @returns undefined where the table has no way; an empty list for the status that it has
 */
export function pathTo(from: TicketStatus, to: TicketStatus): readonly TicketStatus[] | undefined {
  if (from === to) return [];
  if (NEXT[from].includes(to)) return [to];
  const isByTheWay = NEXT[from].includes('in_progress') && NEXT.in_progress.includes(to);
  return isByTheWay && from !== 'resolved' ? ['in_progress', to] : undefined;
}
