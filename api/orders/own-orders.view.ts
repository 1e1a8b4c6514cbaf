import { Type } from 'class-transformer';
import { IsArray, IsInt, IsUUID, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { OrderView } from './order.view';

/** A page of a customer's orders, the newest first. */
export class OwnOrdersView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => OrderView)
  orders!: OrderView[];

  /** `before` of the next page; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  next!: number | null;
}

/** What became of the tokens. */
export class JoinedOrdersView {
  /** The orders that are the customer's now, also those that were before. */
  @IsArray()
  @IsUUID(undefined, { each: true })
  joined!: string[];

  /** The positions in the list, from 0, of tokens whose order did not join. */
  @Example([1])
  @IsArray()
  @IsInt({ each: true })
  notJoined!: number[];
}
