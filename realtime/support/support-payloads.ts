import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import type { TicketEvents, TicketStaffEvents } from '../../entities/support/support.events';
import { TICKET_CATEGORIES, type TicketCategory } from '../../entities/support/ticket';
import { CLOCK_KINDS, type ClockKind } from '../../entities/support/ticket-clocks';
import { TICKET_PRIORITIES, type TicketPriority } from '../../entities/support/ticket-desk';
import { TICKET_STATUSES, type TicketStatus } from '../../entities/support/ticket-status';
import { DeskMessageView, SIDES, TicketMessageView, type Side } from '../../entities/support/ticket.view';
import type { Shape } from '../registry';

/** A ticket was opened. */
class OpenedPayload {
  @IsIn(TICKET_CATEGORIES)
  category!: TicketCategory;

  @Nullable()
  @Example(null)
  @IsUUID()
  followsId!: string | null;
}

/** Somebody has answered. */
class AnsweredPayload {
  @Example(2)
  @IsInt()
  seq!: number;

  @Example('shop')
  @IsIn(SIDES)
  by!: Side;

  /** Of a customer's: whether it is the first one that nobody has answered. */
  @MayBeAbsent()
  @IsBoolean()
  asks?: boolean;

  /** As it is now. */
  @Nullable()
  @ValidateNested()
  @Type(() => TicketMessageView)
  message!: TicketMessageView | null;
}

/** The ticket has another status. */
class StatusPayload {
  @IsIn(TICKET_STATUSES)
  from!: TicketStatus;

  @IsIn(TICKET_STATUSES)
  to!: TicketStatus;

  /** Who wanted it; absent where time did. */
  @MayBeAbsent()
  @Example('shop')
  @IsIn(SIDES)
  by?: Side;
}

/** The ticket has another category. */
class CategoryPayload {
  @IsIn(TICKET_CATEGORIES)
  from!: TicketCategory;

  @IsIn(TICKET_CATEGORIES)
  to!: TicketCategory;
}

/** A resolution was rated. */
class RatedPayload {
  @Example(1)
  @IsInt()
  resolution!: number;

  @Example(5)
  @IsInt()
  score!: number;
}

/** What clients see of each event of a ticket. */
export const TICKET_PAYLOADS = {
  'ticket.opened': OpenedPayload,
  'ticket.answered': AnsweredPayload,
  'ticket.status_changed': StatusPayload,
  'ticket.category_changed': CategoryPayload,
  'ticket.rated': RatedPayload,
} satisfies Record<keyof TicketEvents, Shape>;

/** A ticket is new, with a priority. */
class StaffOpenedPayload {
  @IsIn(TICKET_PRIORITIES)
  priority!: TicketPriority;
}

/** Somebody has written a note. */
class NotedPayload {
  @Example(1)
  @IsInt()
  seq!: number;

  @IsUUID()
  senderId!: string;

  /** As it is now. */
  @Nullable()
  @ValidateNested()
  @Type(() => DeskMessageView)
  message!: DeskMessageView | null;
}

/** Somebody else has the ticket. */
class AssignedPayload {
  /** Null: back in the queue of its team. */
  @Nullable()
  @IsUUID()
  assigneeId!: string | null;

  /** Whether the assignee did it. */
  @MayBeAbsent()
  @IsBoolean()
  isOwn?: boolean;

  /** Whether nobody chose the assignee, who was ready. */
  @MayBeAbsent()
  @IsBoolean()
  isHandedOut?: boolean;
}

/** The ticket presses more, or less. */
class PriorityPayload {
  @IsIn(TICKET_PRIORITIES)
  from!: TicketPriority;

  @IsIn(TICKET_PRIORITIES)
  to!: TicketPriority;
}

/** Something has become true of a clock. */
class ClockPayload {
  @IsIn(CLOCK_KINDS)
  kind!: ClockKind;

  @Example(1)
  @IsInt()
  round!: number;
}

/** What staff see of each event that is theirs alone. */
export const TICKET_STAFF_PAYLOADS = {
  'ticket_staff.opened': StaffOpenedPayload,
  'ticket_staff.noted': NotedPayload,
  'ticket_staff.assigned': AssignedPayload,
  'ticket_staff.priority_changed': PriorityPayload,
  'ticket_staff.clock_warned': ClockPayload,
  'ticket_staff.clock_breached': ClockPayload,
  'ticket_staff.clock_escalated': ClockPayload,
} satisfies Record<keyof TicketStaffEvents, Shape>;
