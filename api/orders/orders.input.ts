import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

import { WholeNumber } from '../from-text';

/** Another try to pay. */
export class OpenPaymentInput {
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_-]{0,39}$/)
  gateway?: string;
}

/** Nothing is needed to cancel but the order itself. */
export class CancelInput {}

/** Where a timeline goes on. */
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
