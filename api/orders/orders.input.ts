import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id, WholeNumber } from '../../entities/input/from-text';
import { ORDERS_JOINED_AT_MOST } from '../../entities/orders/join-orders';

/** Which order. */
export class OrderParams {
  @Id()
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

/** Which part of a customer's orders. */
export class OwnOrdersQuery {
  /** Only orders with a lower number: `next` of the page before. */
  @Example(100_042)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  before = Number.MAX_SAFE_INTEGER;

  @Example(20)
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(50)
  limit = 20;
}

/** The tokens of orders that are to become the customer's. */
export class JoinOrdersInput {
  @Example(['the-token-of-the-order'])
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(ORDERS_JOINED_AT_MOST)
  @IsString({ each: true })
  @Length(1, 500, { each: true })
  orderTokens!: string[];
}
