import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, Min, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import type { RecordedEvent } from '../../entities/events/read-events';
import { ORDER_PAYLOADS } from '../../entities/orders/order-payloads';
import type { OrderEvents } from '../../entities/orders/orders.events';
import type { Shape } from '../shapes';

/** An event of an order. Versions have no gaps. */
interface EventView<Name extends keyof OrderEvents> {
  readonly version: number;
  readonly type: Name;
  readonly payload: OrderEvents[Name];
  readonly at: string;
}

/** An event of an order, told apart by its `type`. */
export type OrderEventView = { [Name in keyof OrderEvents]: EventView<Name> }[keyof OrderEvents];

/** The class of one type of event: `OrderPaymentOpenedEvent`. */
function eventView(name: keyof OrderEvents, Payload: Shape): Shape {
  class View {
    @Example(1)
    @IsInt()
    @Min(1)
    version!: number;

    @IsIn([name])
    type!: string;

    @ValidateNested()
    @Type(() => Payload)
    payload!: object;

    @IsISO8601()
    at!: string;
  }
  const words = name.split(/[._]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  Object.defineProperty(View, 'name', { value: `${words.join('')}Event` });
  return View;
}

const EVENT_VIEWS = Object.entries(ORDER_PAYLOADS).map(([name, Payload]) => ({
  name,
  value: eventView(name as keyof OrderEvents, Payload),
}));

/** A part of an order's timeline, oldest first. */
export class OrderEventsView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Object, { discriminator: { property: 'type', subTypes: EVENT_VIEWS } })
  events!: OrderEventView[];

  /** `after` of the next part; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  next!: number | null;
}

/** The operations recorded it by the same types. An event that is older than a change of them is shown as it was recorded. */
export function presentOrderEvent({ version, type, payload, createdAt }: RecordedEvent): OrderEventView {
  return { version, type, payload, at: createdAt.toISOString() } as OrderEventView;
}
