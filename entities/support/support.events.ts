import type { Aggregate } from '../events/aggregate';
import type { TicketCategory } from './ticket';
import type { ClockKind } from './ticket-clocks';
import type { TicketPriority } from './ticket-desk';
import type { TicketStatus } from './ticket-status';

/**
 * What the journal says of a ticket to its customer and to staff: numbers, ids and states. The journal cannot be changed, so a text
 * in it would outlive the erasure of its person.
 */
export interface TicketEvents {
  'ticket.opened': { category: TicketCategory; followsId: string | null };
  /**
   * A public answer. Which person of the staff wrote it is not said. `asks` of a customer's: whether it is the first one that
   * nobody has answered.
   */
  'ticket.answered': { seq: number; by: 'customer' | 'shop'; asks?: boolean };
  'ticket.status_changed': { from: TicketStatus; to: TicketStatus; by?: 'customer' | 'shop' };
  'ticket.category_changed': { from: TicketCategory; to: TicketCategory };
  'ticket.rated': { resolution: number; score: number };
}

/** A ticket's history as its customer may see it. */
export const TICKET: Aggregate<TicketEvents> = { type: 'ticket', table: 'tickets' };

interface ClockEvent {
  kind: ClockKind;
  round: number;
}

/** What the journal says of a ticket to staff only. */
export interface TicketStaffEvents {
  'ticket_staff.opened': { priority: TicketPriority };
  'ticket_staff.noted': { seq: number; senderId: string };
  /**
   * Null: back in the queue of its team. `isOwn`: the assignee did it, and need not be told. `isHandedOut`: nobody chose the assignee,
   * who was ready.
   */
  'ticket_staff.assigned': { assigneeId: string | null; isOwn?: boolean; isHandedOut?: boolean };
  'ticket_staff.priority_changed': { from: TicketPriority; to: TicketPriority };
  'ticket_staff.clock_warned': ClockEvent;
  'ticket_staff.clock_breached': ClockEvent;
  'ticket_staff.clock_escalated': ClockEvent;
}

/** The part of a ticket's history that never reaches its customer: an aggregate has one audience. */
export const TICKET_STAFF: Aggregate<TicketStaffEvents> = { type: 'ticket_staff', table: 'ticket_desks' };
