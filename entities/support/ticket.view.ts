import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsString, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../describe/example';
import { Nullable } from '../describe/nullable';
import { TICKET_CATEGORIES, type TicketCategory } from './ticket';
import { CLOCK_KINDS, type ClockKind } from './ticket-clocks';
import { TICKET_PRIORITIES, type TicketPriority } from './ticket-desk';
import { TICKET_STATUSES, type TicketStatus } from './ticket-status';

/** Who has written. Which person of the shop it was is not said. */
export const SIDES = ['customer', 'shop'] as const;
export type Side = (typeof SIDES)[number];

/** A ticket as its customer sees it. */
export class TicketView {
  @IsUUID()
  id!: string;

  /** What people call it. */
  @Example('TK00000042')
  @IsString()
  number!: string;

  @Example('billing')
  @IsIn(TICKET_CATEGORIES)
  category!: TicketCategory;

  /** Empty long after the ticket was closed. */
  @Example('مبلغ دو بار کم شد')
  @IsString()
  subject!: string;

  @Example('in_progress')
  @IsIn(TICKET_STATUSES)
  status!: TicketStatus;

  /** The closed ticket that this one follows. */
  @Nullable()
  @Example(null)
  @IsUUID()
  followsId!: string | null;

  /** The number of the newest answer. */
  @Example(3)
  @IsInt()
  lastSeq!: number;

  /** The score of the last resolution. */
  @Nullable()
  @Example(null)
  @IsInt()
  rating!: number | null;

  @IsISO8601()
  createdAt!: string;

  /** Of its history. */
  @Example(4)
  @IsInt()
  version!: number;
}

/** A clock of a ticket. */
export class ClockView {
  @Example('first_response')
  @IsIn(CLOCK_KINDS)
  kind!: ClockKind;

  @Example(1)
  @IsInt()
  round!: number;

  /** Of business time. */
  @Example(120)
  @IsInt()
  targetMinutes!: number;

  /** Null while it does not run. */
  @Nullable()
  @IsISO8601()
  dueAt!: string | null;

  @Nullable()
  @Example(null)
  @IsISO8601()
  warnedAt!: string | null;

  @Nullable()
  @Example(null)
  @IsISO8601()
  breachedAt!: string | null;

  @Nullable()
  @Example(null)
  @IsISO8601()
  escalatedAt!: string | null;

  @Nullable()
  @Example(null)
  @IsISO8601()
  metAt!: string | null;
}

/** A ticket as staff see it. */
export class DeskTicketView extends TicketView {
  @IsUUID()
  customerId!: string;

  @Example('high')
  @IsIn(TICKET_PRIORITIES)
  priority!: TicketPriority;

  /** Who answers it; null for one in the queue. */
  @Nullable()
  @IsUUID()
  assigneeId!: string | null;

  /** The number of the newest note. */
  @Example(1)
  @IsInt()
  lastNoteSeq!: number;

  /** When the first of its clocks is due; null while none runs. */
  @Nullable()
  @IsISO8601()
  dueAt!: string | null;

  /** At most 50: those that were not met, and the last ones that were. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ClockView)
  clocks!: ClockView[];

  /** Of the history that only staff see. */
  @Example(2)
  @IsInt()
  deskVersion!: number;
}

/** What was written on a ticket. */
export class TicketMessageView {
  @Example(2)
  @IsInt()
  seq!: number;

  /** Empty long after the ticket was closed. */
  @Example('شماره پیگیری را بفرستید لطفاً.')
  @IsString()
  text!: string;

  @Example('shop')
  @IsIn(SIDES)
  by!: Side;

  @IsUUID()
  clientId!: string;

  @IsISO8601()
  createdAt!: string;
}

/** What was written on a ticket, as staff see it: an answer or a note. */
export class DeskMessageView extends TicketMessageView {
  @IsUUID()
  senderId!: string;
}

/** Where an answer of a customer was written. */
export class AnsweredView {
  /** Another ticket than the one that was named, if that one is closed. */
  @IsUUID()
  ticketId!: string;

  @ValidateNested()
  @Type(() => TicketMessageView)
  message!: TicketMessageView;
}

/** A part of what was written, the oldest first. */
export class TicketMessagesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TicketMessageView)
  items!: TicketMessageView[];

  /** `after` of the next page; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  after!: number | null;
}

/** A part of what was written, as staff see it. */
export class DeskMessagesView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DeskMessageView)
  items!: DeskMessageView[];

  /** `after` of the next page; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  after!: number | null;
}
