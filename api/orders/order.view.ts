import { Type } from 'class-transformer';
import { IsIn, IsInt, IsISO8601, IsObject, IsString, IsUUID, Min, ValidateNested } from 'class-validator';

import type { OrderStatus, PaymentStatus } from '../../entities/orders/order-status';
import { MoneyView } from '../openapi/money.view';
import { Nullable } from '../openapi/nullable';

/** Why an order has no payment page right now. */
export const NO_PAGE_REASONS = ['gateway_unavailable', 'payment_pending', 'not_payable'] as const;
export type NoPageReason = (typeof NO_PAGE_REASONS)[number];

/** An order as its buyer sees it. */
export class OrderView {
  @IsUUID()
  id!: string;

  @IsInt()
  number!: number;

  @IsIn(['awaiting_payment', 'placed', 'expired', 'cancelled'] satisfies OrderStatus[])
  status!: OrderStatus;

  @IsIn(['unpaid', 'paid', 'partly_refunded', 'refunded'] satisfies PaymentStatus[])
  paymentStatus!: PaymentStatus;

  @ValidateNested()
  @Type(() => MoneyView)
  total!: MoneyView;

  @IsInt()
  @Min(1)
  units!: number;

  @IsISO8601()
  createdAt!: string;

  /** Until then the order can be paid and its stock is held. */
  @IsISO8601()
  paymentDeadline!: string;

  @IsInt()
  @Min(1)
  version!: number;
}

/** Where the buyer pays. */
export class PaymentPageView {
  @Nullable()
  @IsUUID()
  attemptId!: string | null;

  @Nullable()
  @IsString()
  gateway!: string | null;

  /** Send the buyer's browser there. It is null, with a reason, when there is no payment page. */
  @Nullable()
  @IsString()
  redirect!: string | null;

  @Nullable()
  @IsISO8601()
  payableUntil!: string | null;

  @Nullable()
  @IsIn(NO_PAGE_REASONS)
  reason!: NoPageReason | null;
}

/** The answer to a checkout. */
export class CheckoutView {
  @ValidateNested()
  @Type(() => OrderView)
  order!: OrderView;

  @ValidateNested()
  @Type(() => PaymentPageView)
  payment!: PaymentPageView;

  /** Lets its bearer read, pay and cancel this order. Keep it, and send it as X-Order-Token. */
  @IsString()
  orderToken!: string;
}

/** What was ordered, at the price when it was ordered. */
export class OrderLineView {
  @IsString()
  sku!: string;

  @IsString()
  title!: string;

  @IsInt()
  @Min(1)
  quantity!: number;

  @ValidateNested()
  @Type(() => MoneyView)
  unitPrice!: MoneyView;
}

/** An order with its lines and its payment page. */
export class OrderDetailView {
  @ValidateNested()
  @Type(() => OrderView)
  order!: OrderView;

  @ValidateNested({ each: true })
  @Type(() => OrderLineView)
  lines!: OrderLineView[];

  @ValidateNested()
  @Type(() => PaymentPageView)
  payment!: PaymentPageView;
}

/** An event of an order. Versions have no gaps. */
export class OrderEventView {
  @IsInt()
  @Min(1)
  version!: number;

  @IsString()
  type!: string;

  @IsObject()
  payload!: Record<string, unknown>;

  @IsISO8601()
  at!: string;
}

/** A part of an order's timeline, oldest first. */
export class OrderEventsView {
  @ValidateNested({ each: true })
  @Type(() => OrderEventView)
  events!: OrderEventView[];

  /** `after` of the next part; null at the end. */
  @Nullable()
  @IsInt()
  next!: number | null;
}
