import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

import { LONGEST_TEXT } from '../chat/message';
import { Example } from '../describe/example';
import { Nullable } from '../describe/nullable';
import { Id } from '../input/from-text';
import { Line, Prose } from '../input/line';
import { MayBeAbsent, MayBeNull } from '../input/may-be-absent';
import { AFTER_ANSWERS, type AfterAnswer } from './answer-ticket';
import { CannedChoiceInput } from './canned-answer.input';
import { TEAMS, TICKET_CATEGORIES, type Team, type TicketCategory } from './ticket';
import { TICKET_PRIORITIES, type TicketPriority } from './ticket-desk';
import { TICKET_STATUSES, type TicketStatus } from './ticket-status';

/** The largest number that a message can have. */
export const LARGEST_SEQ = 2_147_483_647;

/** For what a client makes so that a repetition is the same message: a UUIDv7. */
export function ClientId(): PropertyDecorator {
  return (prototype, property) => {
    for (const decorate of [
      Example('019a5f00-0000-7000-8000-00000000000a'),
      Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value)),
      IsUUID('7'),
    ])
      decorate(prototype, property);
  };
}

/** What a customer wants of the shop. */
export class OpenTicketInput {
  @Example('billing')
  @IsIn(TICKET_CATEGORIES)
  category!: TicketCategory;

  @Example('مبلغ دو بار کم شد')
  @Line(120)
  subject!: string;

  @Example('برای سفارش من دو بار پول از کارتم کم شده است.')
  @Prose(LONGEST_TEXT)
  text!: string;
}

/** What somebody writes on a ticket. */
export class WriteInput {
  /** Sent again with the same text, it is the same message. */
  @ClientId()
  clientId!: string;

  @Example('شماره پیگیری را بفرستید لطفاً.')
  @Prose(LONGEST_TEXT)
  text!: string;
}

/** An answer of the shop: a text, or a canned answer. */
export class StaffAnswerInput {
  /** Sent again with the same text, it is the same message. */
  @ClientId()
  clientId!: string;

  @Example('پول شما برگشت داده شد.')
  @MayBeAbsent()
  @Prose(LONGEST_TEXT)
  text?: string;

  /** In place of a text. */
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => CannedChoiceInput)
  canned?: CannedChoiceInput;

  /**
   * The number of the newest answer that the writer has seen. Where the customer has written since, no clock is met and the ticket is
   * in progress.
   */
  @Example(3)
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(LARGEST_SEQ)
  seen?: number;

  /** Where it leaves the ticket. */
  @Example('pending_customer')
  @MayBeAbsent()
  @IsIn(AFTER_ANSWERS)
  status: AfterAnswer = 'pending_customer';
}

/** How content a customer is. */
export class RateInput {
  /** 1 (bad) to 5. */
  @Example(5)
  @IsInt()
  @Min(1)
  @Max(5)
  score!: number;
}

/** Where a ticket is to come. */
export class MoveInput {
  @Example('in_progress')
  @IsIn(TICKET_STATUSES)
  status!: TicketStatus;
}

/** Who is to answer a ticket. Null: nobody, it goes back to the queue. */
export class AssignInput {
  @Nullable()
  @MayBeNull()
  @Id()
  assigneeId!: string | null;

  /** Who had it when the caller looked. */
  @Nullable()
  @Example(null)
  @MayBeNull()
  @Id()
  expected!: string | null;
}

/** How much a ticket presses. */
export class PrioritiseInput {
  @Example('high')
  @IsIn(TICKET_PRIORITIES)
  priority!: TicketPriority;
}

/** What a ticket is about, and with it which team it is for. */
export class CategoriseInput {
  @Example('technical')
  @IsIn(TICKET_CATEGORIES)
  category!: TicketCategory;
}

/** Of which teams. */
export class TeamsInput {
  @Example(['billing'])
  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @ArrayMaxSize(TEAMS.length)
  @IsIn(TEAMS, { each: true })
  teams!: Team[];
}

/** For whose tickets somebody is ready. */
export class ReadyInput extends TeamsInput {
  /** With so many tickets to work on they want no other one. */
  @Example(5)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(50)
  most = 5;
}
