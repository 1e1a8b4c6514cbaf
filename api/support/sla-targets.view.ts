import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { TICKET_PRIORITIES, type TicketPriority } from '../../entities/support/ticket-desk';

/** What is promised for a priority, in minutes of business time. */
export class SlaTargetView {
  @Example('high')
  @IsIn(TICKET_PRIORITIES)
  priority!: TicketPriority;

  @Example(60)
  @IsInt()
  firstResponseMinutes!: number;

  @Example(120)
  @IsInt()
  nextResponseMinutes!: number;

  @Example(600)
  @IsInt()
  resolutionMinutes!: number;

  /** For `If-Match`. */
  @Example(1)
  @IsInt()
  version!: number;
}

/** What is promised, the most urgent priority first. */
export class SlaTargetsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => SlaTargetView)
  items!: SlaTargetView[];
}
