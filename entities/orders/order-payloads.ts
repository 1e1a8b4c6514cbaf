import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsString, IsUUID, Min, ValidateNested } from 'class-validator';

import { Example } from '../describe/example';
import { Nullable } from '../describe/nullable';
import type { Money } from '../values/money';
import { MoneyView } from '../values/money.view';
import type { OrderEvents, PaymentRefusal } from './orders.events';

const REFUSALS = [
  'stock_gone',
  'order_cancelled',
  'order_paid_otherwise',
  'cart_has_another_order',
  'rejected_by_gateway',
  'decided_by_staff',
] as const satisfies PaymentRefusal[];

/** What was ordered, at the price when it was ordered. */
export class OrderLineView {
  @Example('MOB-GA55-128-NVY')
  @IsString()
  sku!: string;

  @Example('گوشی موبایل سامسونگ گلکسی A55، سرمه‌ای، ۱۲۸ گیگابایت')
  @IsString()
  title!: string;

  @Example(1)
  @IsInt()
  @Min(1)
  quantity!: number;

  @ValidateNested()
  @Type(() => MoneyView)
  unitPrice!: MoneyView;
}

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
export const ORDER_PAYLOADS = {
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
} as const satisfies { [Type in keyof OrderEvents]: new () => OrderEvents[Type] };
