import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsString, IsUUID, Min, ValidateNested } from 'class-validator';

import type { RecordedEvent } from '../../entities/events/read-events';
import type { OrderEvents, PaymentRefusal } from '../../entities/orders/orders.events';
import type { Money } from '../../entities/values/money';
import { Example } from '../openapi/example';
import { MoneyView } from '../openapi/money.view';
import { Nullable } from '../openapi/nullable';
import type { Shape } from '../shapes';
import { OrderLineView } from './order.view';

const REFUSALS = [
  'stock_gone',
  'order_cancelled',
  'order_paid_otherwise',
  'cart_has_another_order',
  'rejected_by_gateway',
  'decided_by_staff',
] as const satisfies PaymentRefusal[];

/** The order was placed, and its stock is held. */
export class OrderCreatedPayload {
  @Example(100_042)
  @IsInt()
  number!: number;

  @ValidateNested()
  @Type(() => MoneyView)
  total!: Money;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => OrderLineView)
  lines!: OrderLineView[];

  @IsISO8601()
  paymentDeadline!: string;
}

/** Which attempt it is about. */
export class AttemptPayload {
  @IsUUID()
  attemptId!: string;
}

/** Which attempt it is about, and through which gateway. */
export class PaymentPayload extends AttemptPayload {
  @Example('zarinpal')
  @IsString()
  gateway!: string;
}

/** Money of an attempt. */
export class PaymentAmountPayload extends PaymentPayload {
  @ValidateNested()
  @Type(() => MoneyView)
  amount!: Money;
}

/** A payment page was opened. */
export class PaymentOpenedPayload extends PaymentAmountPayload {
  @IsISO8601()
  payableUntil!: string;
}

/** No payment page could be opened. */
export class PaymentUnavailablePayload extends PaymentPayload {
  @IsIn(['gateway_unavailable'])
  reason!: 'gateway_unavailable';
}

/** The payment is not taken even if the buyer has paid. The gateway returns such money by itself. */
export class PaymentRefusedPayload extends PaymentPayload {
  @IsIn(REFUSALS)
  reason!: PaymentRefusal;
}

/** The order is paid. */
export class OrderPaidPayload extends PaymentAmountPayload {
  /** The gateway's receipt; null for a free order. */
  @Nullable()
  @Example('201')
  @IsString()
  refId!: string | null;
}

/** Units have left for the buyer. */
export class UnitsShippedPayload {
  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  @Example(1)
  @IsInt()
  @Min(1)
  quantity!: number;
}

/** Nothing beyond the type of the event. */
export class EmptyPayload {}

/** The payload of each event. A further event does not compile without its class here. */
const PAYLOADS = {
  'order.created': OrderCreatedPayload,
  'order.payment_opened': PaymentOpenedPayload,
  'order.payment_unavailable': PaymentUnavailablePayload,
  'order.payment_refused': PaymentRefusedPayload,
  'order.payment_surplus': PaymentAmountPayload,
  'order.payment_refunded': PaymentAmountPayload,
  'order.paid': OrderPaidPayload,
  'order.units_shipped': UnitsShippedPayload,
  'order.joined': EmptyPayload,
  'order.reopened': AttemptPayload,
  'order.expired': EmptyPayload,
  'order.cancelled': EmptyPayload,
} as const satisfies { [Type in keyof OrderEvents]: Shape<OrderEvents[Type]> };

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

const EVENT_VIEWS = Object.entries(PAYLOADS).map(([name, Payload]) => ({
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
