import type { WrittenOnTicket } from './read-messages';
import type { DeskTicket, OwnTicket } from './read-tickets';
import type { DeskMessageView, DeskTicketView, TicketMessageView, TicketView } from './ticket.view';

/** A ticket as its customer sees it: field by field, so that a column for staff does not come along. */
export function presentTicket(ticket: OwnTicket): TicketView {
  const { id, number, category, subject, status, followsId, lastSeq, rating, version } = ticket;
  const createdAt = ticket.createdAt.toISOString();
  return { id, number, category, subject, status, followsId, lastSeq, rating, createdAt, version };
}

/** A ticket as staff see it. */
export function presentDeskTicket(ticket: DeskTicket): DeskTicketView {
  const { customerId, priority, assigneeId, lastNoteSeq, dueAt, clocks, deskVersion } = ticket;
  return {
    ...presentTicket(ticket),
    ...{ customerId, priority, assigneeId, lastNoteSeq, deskVersion },
    dueAt: dueAt?.toISOString() ?? null,
    clocks: [...clocks],
  };
}

/** What was written, as customers see it. */
export function presentTicketMessage(written: WrittenOnTicket): TicketMessageView {
  const { seq, text, isFromCustomer, clientId, createdAt } = written;
  return {
    seq,
    text,
    by: isFromCustomer ? 'customer' : 'shop',
    clientId,
    createdAt: createdAt.toISOString(),
  };
}

/** What was written, as staff see it. */
export function presentDeskMessage(written: WrittenOnTicket): DeskMessageView {
  return { ...presentTicketMessage(written), senderId: written.senderId };
}

/** Where the messages of a page that was read with one more go on. */
export function presentPage<Shown extends { readonly seq: number }>(
  found: readonly WrittenOnTicket[],
  limit: number,
  present: (written: WrittenOnTicket) => Shown,
): { items: Shown[]; after: number | null } {
  const items = found.slice(0, limit).map(present);
  return { items, after: found.length > limit ? items.at(-1)!.seq : null };
}
