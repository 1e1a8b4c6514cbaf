import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsUUID, Min, ValidateNested } from 'class-validator';

import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import type { OrderState } from '../../entities/orders/order-state';
import type { OrderStatus, PaymentStatus } from '../../entities/orders/order-status';
import { money, type Money } from '../../entities/values/money';
import { MoneyView } from '../../entities/values/money.view';

/** An order in a list, at a version. */
export class LiveOrderView {
  @IsUUID()
  id!: string;

  @Example(100_042)
  @IsInt()
  number!: number;

  @IsIn(['awaiting_payment', 'placed', 'expired', 'cancelled'])
  status!: OrderStatus;

  @IsIn(['unpaid', 'paid', 'partly_refunded', 'refunded'])
  paymentStatus!: PaymentStatus;

  @ValidateNested()
  @Type(() => MoneyView)
  total!: Money;

  @Example(2)
  @IsInt()
  @Min(0)
  units!: number;

  @IsISO8601()
  createdAt!: string;

  @IsISO8601()
  paymentDeadline!: string;

  /** The version of its last event. */
  @Example(3)
  @IsInt()
  @Min(0)
  version!: number;
}

/** A page of orders, the newest first. Their events follow from now on. */
export class LiveOrdersView {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => LiveOrderView)
  orders!: LiveOrderView[];

  /** `before` of the next page; null at the end. */
  @Nullable()
  @Example(null)
  @IsInt()
  next!: number | null;
}

export function presentLiveOrder(order: OrderState): LiveOrderView {
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    paymentStatus: order.paymentStatus,
    total: money(order.total, order.currency),
    units: order.units,
    createdAt: new Date(order.createdAt).toISOString(),
    paymentDeadline: new Date(order.paymentDeadline).toISOString(),
    version: order.version,
  };
}
