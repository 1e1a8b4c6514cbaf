import { Type } from 'class-transformer';
import { IsIn, IsInt, Max, Min, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { MESSAGES_AT_MOST, TICKETS_AT_MOST } from '../../entities/support/support-limits';
import {
  AssignInput,
  CategoriseInput,
  LARGEST_SEQ,
  MoveInput,
  OpenTicketInput,
  PrioritiseInput,
  RateInput,
  StaffAnswerInput,
  WriteInput,
} from '../../entities/support/support.input';
import { TEAMS, TICKET_CATEGORIES, type Team, type TicketCategory } from '../../entities/support/ticket';
import { TICKET_PRIORITIES, type TicketPriority } from '../../entities/support/ticket-desk';
import { TICKET_STATUSES, type TicketStatus } from '../../entities/support/ticket-status';
import { After } from '../subscribe-to';

/** Nothing to say. */
export class NothingInput {}

/** Which ticket. */
export class TicketInput {
  @Id()
  ticketId!: string;
}

/** Which ticket to follow, and where to resume. */
export class SubscribeTicketInput extends TicketInput {
  /** The version of the last event that the client has, or of the ticket as it was last read. */
  @After()
  after?: number;
}

/** How many to show. */
class PageInput {
  @Example(20)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(TICKETS_AT_MOST)
  limit = 20;
}

/** Which of one's own tickets. */
export class OwnTicketsInput extends PageInput {
  @Example('in_progress')
  @MayBeAbsent()
  @IsIn(TICKET_STATUSES)
  status?: TicketStatus;

  /** `next` of the page before. */
  @MayBeAbsent()
  @Id()
  before?: string;
}

/** Where a page of the queue ended. */
export class QueuePlaceInput {
  /** Milliseconds since 1970, or a number after all of them. */
  @Example(1_795_000_000_000)
  @IsInt()
  @Min(0)
  @Max(99_999_999_999_999)
  key!: number;

  @Id()
  id!: string;
}

/** Which part of the queue. */
export class QueueInput extends PageInput {
  @Example('billing')
  @MayBeAbsent()
  @IsIn(TEAMS)
  team?: Team;

  @Example('billing')
  @MayBeAbsent()
  @IsIn(TICKET_CATEGORIES)
  category?: TicketCategory;

  @Example('open')
  @MayBeAbsent()
  @IsIn(TICKET_STATUSES)
  status?: TicketStatus;

  @Example('high')
  @MayBeAbsent()
  @IsIn(TICKET_PRIORITIES)
  priority?: TicketPriority;

  /** Only those of this person. */
  @MayBeAbsent()
  @Id()
  assigneeId?: string;

  /** Only those that nobody has taken. */
  @Example(false)
  @MayBeAbsent()
  @IsIn([true, false])
  unassigned = false;

  /** Only those with a clock that was breached and not met. */
  @Example(false)
  @MayBeAbsent()
  @IsIn([true, false])
  breached = false;

  /** `next` of the page before. */
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => QueuePlaceInput)
  after?: QueuePlaceInput;
}

/** Which messages of a ticket. */
export class TicketMessagesInput extends TicketInput {
  /** Only those with a higher number: `after` of the page before. */
  @Example(0)
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(LARGEST_SEQ)
  after = 0;

  @Example(50)
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(MESSAGES_AT_MOST)
  limit = 50;
}

/** A ticket that somebody opens. */
export class OpenInput extends OpenTicketInput {
  /** A UUID that the client makes. Sent again, also as `Idempotency-Key` of a request, it is the same ticket. */
  @Id()
  clientId!: string;
}

/** What somebody writes on which ticket. */
export class WriteOnTicketInput extends WriteInput {
  @Id()
  ticketId!: string;
}

/** An answer of the shop on which ticket. */
export class AnswerAsShopInput extends StaffAnswerInput {
  @Id()
  ticketId!: string;
}

/** How content a customer is with which ticket. */
export class RateTicketInput extends RateInput {
  @Id()
  ticketId!: string;
}

/** Where which ticket is to come. */
export class MoveTicketInput extends MoveInput {
  @Id()
  ticketId!: string;
}

/** Who is to answer which ticket. */
export class AssignTicketInput extends AssignInput {
  @Id()
  ticketId!: string;
}

/** How much which ticket presses. */
export class PrioritiseTicketInput extends PrioritiseInput {
  @Id()
  ticketId!: string;
}

/** What which ticket is about. */
export class CategoriseTicketInput extends CategoriseInput {
  @Id()
  ticketId!: string;
}

/** Whose canned answers. */
export class CannedAnswersInput {
  @Example('billing')
  @IsIn(TEAMS)
  team!: Team;
}
