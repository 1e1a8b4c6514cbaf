import { Type } from 'class-transformer';
import { IsArray, IsString, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { DeskTicketView, TicketView } from '../../entities/support/ticket.view';

/** A page of one's own tickets, the newest first. */
export class TicketsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TicketView)
  items!: TicketView[];

  @Nullable()
  @Example(null)
  @IsString()
  nextCursor!: string | null;
}

/** A page of the queue, what is due first before the others. */
export class QueueView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DeskTicketView)
  items!: DeskTicketView[];

  @Nullable()
  @Example(null)
  @IsString()
  nextCursor!: string | null;
}
