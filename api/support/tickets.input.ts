import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Flag, Id, WholeNumber } from '../../entities/input/from-text';
import { CannedCode } from '../../entities/support/canned-answer.input';
import { MESSAGES_AT_MOST } from '../../entities/support/support-limits';
import { LARGEST_SEQ } from '../../entities/support/support.input';
import { TEAMS, TICKET_CATEGORIES, type Team, type TicketCategory } from '../../entities/support/ticket';
import { TICKET_PRIORITIES, type TicketPriority } from '../../entities/support/ticket-desk';
import { TICKET_MESSAGE_KINDS, type TicketMessageKind } from '../../entities/support/ticket-message';
import { TICKET_STATUSES, type TicketStatus } from '../../entities/support/ticket-status';
import { PageQuery } from '../page.input';

/** Which ticket. */
export class TicketParams {
  @Id()
  id!: string;
}

/** Which of one's own tickets. */
export class OwnTicketsQuery extends PageQuery {
  @Example('in_progress')
  @IsOptional()
  @IsIn(TICKET_STATUSES)
  status?: TicketStatus;
}

/** Which part of the queue. */
export class QueueQuery extends PageQuery {
  @Example('billing')
  @IsOptional()
  @IsIn(TEAMS)
  team?: Team;

  @Example('billing')
  @IsOptional()
  @IsIn(TICKET_CATEGORIES)
  category?: TicketCategory;

  @Example('open')
  @IsOptional()
  @IsIn(TICKET_STATUSES)
  status?: TicketStatus;

  @Example('high')
  @IsOptional()
  @IsIn(TICKET_PRIORITIES)
  priority?: TicketPriority;

  /** Only those of this person. */
  @IsOptional()
  @Id()
  assigneeId?: string;

  /** Only those that nobody has taken. */
  @Example(false)
  @IsOptional()
  @Flag()
  @IsIn([true, false])
  unassigned = false;

  /** Only those with a clock that was breached and not met. */
  @Example(false)
  @IsOptional()
  @Flag()
  @IsIn([true, false])
  breached = false;
}

/** Which messages of a ticket. */
export class TicketMessagesQuery {
  /** Only those with a higher number: `after` of the page before. */
  @Example(0)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(LARGEST_SEQ)
  after = 0;

  @Example(50)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(MESSAGES_AT_MOST)
  limit = 50;
}

/** Which messages of a ticket, for staff. */
export class DeskMessagesQuery extends TicketMessagesQuery {
  /** What the customer sees, or what only staff see. */
  @Example('note')
  @IsOptional()
  @IsIn(TICKET_MESSAGE_KINDS)
  kind: TicketMessageKind = 'answer';
}

/** Whose canned answers. */
export class TeamQuery {
  @Example('billing')
  @IsIn(TEAMS)
  team!: Team;
}

/** Which canned answer. */
export class CannedAnswerParams extends TeamQuery {
  @CannedCode()
  code!: string;
}
