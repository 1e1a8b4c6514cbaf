import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Flag, Id, WholeNumber } from '../../entities/input/from-text';

/** A page of notifications. */
export class NotificationsQuery {
  /** `nextCursor` of the page before. */
  @IsOptional()
  @Id()
  cursor?: string;

  /** Only those that were not read. */
  @Example(true)
  @IsOptional()
  @Flag()
  @IsIn([true, false])
  unread = false;

  @Example(20)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(50)
  limit = 20;
}
