import {
  hydrateTicketEvents,
  type TicketEvent,
  type WrittenOnTicket,
} from '../../entities/support/read-messages';
import { TICKET, TICKET_STAFF } from '../../entities/support/support.events';
import { presentDeskMessage, presentTicketMessage } from '../../entities/support/ticket.presenter';
import { defineFollow } from '../registry';
import { TICKET_PAYLOADS, TICKET_STAFF_PAYLOADS } from './support-payloads';

/** Who has a ticket open: its customer, and staff. */
export const ticketRoom = (ticketId: string): string => `ticket:${ticketId}`;
/** Staff who have a ticket open. Notes, assignment and clocks come here and to the queue, and never to {@link ticketRoom}. */
export const staffRoom = (ticketId: string): string => `ticket_staff:${ticketId}`;
/** Who has the list of their tickets open. */
export const ownListRoom = (accountId: string): string => `tickets:${accountId}`;
/** Staff who have the queue open. */
export const QUEUE = 'queue:tickets';
/** Who has the queue open, alone: what is for staff of a ticket of theirs passes them by. */
export const agentRoom = (accountId: string): string => `agent:${accountId}`;

/** What a ticket's customer and staff see of an event. */
export function presentTicketEvent(
  { type, payload }: TicketEvent,
  message: WrittenOnTicket | null,
): Record<string, unknown> {
  if (type !== 'ticket.answered') return { ...payload };
  return { ...payload, message: message && presentTicketMessage(message) };
}

/** What staff see of an event that is theirs alone. */
export function presentStaffEvent(
  { type, payload }: TicketEvent,
  message: WrittenOnTicket | null,
): Record<string, unknown> {
  if (type !== 'ticket_staff.noted') return { ...payload };
  return { ...payload, message: message && presentDeskMessage(message) };
}

/** How events of tickets reach their customers and staff: a batch costs one statement. */
export const FOLLOW_TICKETS = defineFollow({
  aggregate: TICKET,
  roomOf: ticketRoom,
  payloads: TICKET_PAYLOADS,
  async route(manager, events) {
    const hydrated = await hydrateTicketEvents(manager, 'answer', events);
    return events.map((event, place) => {
      const found = hydrated[place];
      if (!found) return undefined;
      const rooms = [ticketRoom(event.aggregateId), ownListRoom(found.customerId), QUEUE];
      return { rooms, payload: presentTicketEvent(event, found.message) };
    });
  },
});

/** How the part of a ticket's history that is for staff reaches them. */
export const FOLLOW_TICKET_STAFF = defineFollow({
  aggregate: TICKET_STAFF,
  roomOf: staffRoom,
  payloads: TICKET_STAFF_PAYLOADS,
  async route(manager, events) {
    const hydrated = await hydrateTicketEvents(manager, 'note', events);
    return events.map((event, place) => {
      const found = hydrated[place];
      if (!found) return undefined;
      const rooms = [staffRoom(event.aggregateId), QUEUE];
      return {
        ...{ rooms, except: [agentRoom(found.customerId)] },
        payload: presentStaffEvent(event, found.message),
      };
    });
  },
});
