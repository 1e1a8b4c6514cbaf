import { IsIn, IsInt, Max, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { TICKET_PRIORITIES, type TicketPriority } from '../../entities/support/ticket-desk';

/** Some four weeks of business time. */
const LONGEST_TARGET_MINUTES = 10_080;

/** Which priority. */
export class PriorityParams {
  @Example('high')
  @IsIn(TICKET_PRIORITIES)
  priority!: TicketPriority;
}

/** What is promised for a priority, in minutes of business time. */
export class SlaTargetInput {
  /** Until somebody has answered a new ticket. */
  @Example(60)
  @IsInt()
  @Min(1)
  @Max(LONGEST_TARGET_MINUTES)
  firstResponseMinutes!: number;

  /** Until somebody has answered what the customer writes later. */
  @Example(120)
  @IsInt()
  @Min(1)
  @Max(LONGEST_TARGET_MINUTES)
  nextResponseMinutes!: number;

  /** Until the ticket is resolved, without the time in which it waits for the customer. */
  @Example(600)
  @IsInt()
  @Min(1)
  @Max(LONGEST_TARGET_MINUTES)
  resolutionMinutes!: number;
}
