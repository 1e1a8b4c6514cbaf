import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsString, IsUUID, Min, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { OrderLineView } from '../../entities/orders/order-payloads';
import type { OrderStatus, PaymentStatus } from '../../entities/orders/order-status';
import { MoneyView } from '../../entities/values/money.view';
import { RecipientInPartView, RecipientView } from '../me/recipient.view';

/** Why an order has no payment page right now. */
export const NO_PAGE_REASONS = [
  'gateway_unavailable',
  'payment_pending',
  'not_payable',
  'sign_in_needed',
] as const;
export type NoPageReason = (typeof NO_PAGE_REASONS)[number];

/** An order as its buyer sees it. */
export class OrderView {
  @IsUUID()
  id!: string;

  @Example(100_042)
  @IsInt()
  number!: number;

  @IsIn(['awaiting_payment', 'placed', 'expired', 'cancelled'] satisfies OrderStatus[])
  status!: OrderStatus;

  @IsIn(['unpaid', 'paid', 'partly_refunded', 'refunded'] satisfies PaymentStatus[])
  paymentStatus!: PaymentStatus;

  @ValidateNested()
  @Type(() => MoneyView)
  total!: MoneyView;

  @Example(1)
  @IsInt()
  @Min(1)
  units!: number;

  @IsISO8601()
  createdAt!: string;

  /** Until then the order can be paid and its stock is held. */
  @IsISO8601()
  paymentDeadline!: string;

  @Example(2)
  @IsInt()
  @Min(1)
  version!: number;
}

/** Where the buyer pays. */
export class PaymentPageView {
  @Nullable()
  @IsUUID()
  attemptId!: string | null;

  @Example('zarinpal')
  @Nullable()
  @IsString()
  gateway!: string | null;

  /** Send the buyer's browser there. It is null, with a reason, when there is no payment page. */
  @Example('https://payment.zarinpal.com/pg/StartPay/A0000000000000000000000000000wwOGYpd')
  @Nullable()
  @IsString()
  redirect!: string | null;

  @Nullable()
  @IsISO8601()
  payableUntil!: string | null;

  @Example(null)
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
  @Example('the-token-of-the-order')
  @IsString()
  orderToken!: string;
}

/** Proof that an order was paid. */
export class ReceiptView {
  /** `none` for a free order. */
  @Example('zarinpal')
  @IsString()
  gateway!: string;

  /** The gateway's number of the payment, which the buyer's bank knows as well; null for a free order. */
  @Nullable()
  @Example('201')
  @IsString()
  number!: string | null;

  @ValidateNested()
  @Type(() => MoneyView)
  amount!: MoneyView;

  @IsISO8601()
  paidAt!: string;
}

/** An order with its lines, its payment page and its receipt. */
export class OrderDetailView {
  /** True where the token of a customer's order is all that was shown: lines, payment and recipient are left out. */
  @IsBoolean()
  isPartial!: boolean;

  @ValidateNested()
  @Type(() => OrderView)
  order!: OrderView;

  @ValidateNested({ each: true })
  @Type(() => OrderLineView)
  lines!: OrderLineView[];

  @ValidateNested()
  @Type(() => PaymentPageView)
  payment!: PaymentPageView;

  /** Who gets the goods, for the customer and for staff. Null for what is not delivered, and after an erasure. */
  @Nullable()
  @ValidateNested()
  @Type(() => RecipientView)
  recipient!: RecipientView | null;

  /** What everybody who has the order's token may see of the recipient. */
  @Nullable()
  @ValidateNested()
  @Type(() => RecipientInPartView)
  recipientInPart!: RecipientInPartView | null;

  /** Null until the order is paid. */
  @Nullable()
  @ValidateNested()
  @Type(() => ReceiptView)
  receipt!: ReceiptView | null;
}
