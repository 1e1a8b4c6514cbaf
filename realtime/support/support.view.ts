import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsIn, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import {
  AnsweredView,
  DeskMessageView,
  DeskTicketView,
  SIDES,
  TicketView,
  type Side,
} from '../../entities/support/ticket.view';
import { QueuePlaceInput } from './support.input';

/** A page of one's own tickets, with their versions. */
export class LiveTicketsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TicketView)
  tickets!: TicketView[];

  /** `before` of the next page; null at the end. */
  @Nullable()
  @Example(null)
  @IsUUID()
  next!: string | null;
}

/** A page of the queue, with the versions of both histories of each ticket. */
export class LiveQueueView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DeskTicketView)
  tickets!: DeskTicketView[];

  /** `after` of the next page; null at the end. */
  @Nullable()
  @ValidateNested()
  @Type(() => QueuePlaceInput)
  next!: QueuePlaceInput | null;
}

/** A ticket that somebody opened. */
export class OpenedTicketView {
  @ValidateNested()
  @Type(() => TicketView)
  ticket!: TicketView;

  /** False where it was there. */
  @Example(true)
  @IsBoolean()
  isNew!: boolean;
}

/** An answer of a customer. */
export class LiveAnsweredView extends AnsweredView {
  /** False where the same was sent before. */
  @Example(true)
  @IsBoolean()
  isNew!: boolean;
}

/** What somebody of the staff has written. */
export class DeskWrittenView {
  @ValidateNested()
  @Type(() => DeskMessageView)
  message!: DeskMessageView;

  /** False where the same was sent before. */
  @Example(true)
  @IsBoolean()
  isNew!: boolean;
}

/** The other side types. Forget it after 6 s. */
export class TicketTypingView {
  @IsUUID()
  ticketId!: string;

  @Example('shop')
  @IsIn(SIDES)
  by!: Side;
}
