import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

import { WholeNumber } from '../from-text';

/** A request for another payment page. */
export class OpenPaymentInput {
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_-]{0,39}$/)
  gateway?: string;
}

/** Cancelling takes no parameters. */
export class CancelInput {}

/** Which part of a timeline. */
export class EventsQuery {
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  after = 0;

  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;
}
