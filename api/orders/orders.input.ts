import { IsInt, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';

import { WholeNumber } from '../from-text';
import { Example } from '../openapi/example';

/** Which order. */
export class OrderParams {
  @IsUUID()
  id!: string;
}

/** A request for another payment page. */
export class OpenPaymentInput {
  @Example('zarinpal')
  @IsOptional()
  @Matches(/^[a-z][a-z0-9_-]{0,39}$/)
  gateway?: string;
}

/** Cancelling takes no parameters. */
export class CancelInput {}

/** Which part of a timeline. */
export class EventsQuery {
  @Example(2)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(2_147_483_647)
  after = 0;

  @Example(50)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  limit = 50;
}
