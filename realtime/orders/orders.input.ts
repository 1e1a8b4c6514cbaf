import { IsIn, IsInt, IsString, Max, MaxLength, Min } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Id } from '../../entities/input/from-text';
import { MayBeAbsent } from '../../entities/input/may-be-absent';
import { After } from '../subscribe-to';

/** The order to follow, and where to resume. */
export class SubscribeOrderInput {
  @Id()
  orderId!: string;

  /** The version of the last event that the client has. */
  @After()
  after?: number;

  /** A guest's order token. */
  @MayBeAbsent()
  @Example('the-token-of-that-order')
  @IsString()
  @MaxLength(4_096)
  token?: string;
}

/** The order to follow no longer. */
export class UnsubscribeOrderInput {
  @Id()
  orderId!: string;
}

/** Which list of orders to follow. */
export class ListOrdersInput {
  /** One's own orders, or those of everybody for people who work for the shop. */
  @MayBeAbsent()
  @IsIn(['own', 'all'])
  of?: 'own' | 'all';

  /** Only orders with a lower number: `next` of the page before. */
  @MayBeAbsent()
  @Example(100_042)
  @IsInt()
  @Min(1)
  before?: number;

  @MayBeAbsent()
  @Example(50)
  @IsInt()
  @Min(1)
  @Max(100)
  limit?: number;
}
