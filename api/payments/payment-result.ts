import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsISO8601, IsString, ValidateNested } from 'class-validator';

import { openingRefusal } from '../../entities/checkout/opening-refusal';
import type { PaymentResult } from '../../entities/checkout/read-payment-result';
import { Example } from '../../entities/describe/example';
import { Nullable } from '../../entities/describe/nullable';
import { money } from '../../entities/values/money';
import { MoneyView } from '../../entities/values/money.view';

/**
 * The state of a payment for the buyer. `paid`. `pending`: poll again soon. `unpaid`: nothing was paid so far. `refused`: the
 * money is not captured and goes back by itself. `owed`: surplus money that was captured and will be refunded. `refunded`.
 */
export const RESULT_STATUSES = ['paid', 'pending', 'unpaid', 'refused', 'owed', 'refunded'] as const;
export type ResultStatus = (typeof RESULT_STATUSES)[number];

/** The result of a payment: what a receipt shows, and nothing about who bought what. */
export class PaymentResultView {
  @IsIn(RESULT_STATUSES)
  status!: ResultStatus;

  /** False while the status may still change: read it again. An early `unpaid` becomes `paid` when the money comes late. */
  @IsBoolean()
  isFinal!: boolean;

  @ValidateNested()
  @Type(() => MoneyView)
  amount!: MoneyView;

  @IsInt()
  orderNumber!: number;

  /** The gateway's receipt number, once the money was captured. */
  @Nullable()
  @Example('201')
  @IsString()
  receipt!: string | null;

  /** When the money was captured; before that, when the payment page was requested. */
  @IsISO8601()
  at!: string;

  /** Whether the token of the result may open another payment page of the order. */
  @IsBoolean()
  canPayAgain!: boolean;
}

/** The answer to a callback: the result at this moment, and a token to poll it with. */
export class PaymentCallbackView extends PaymentResultView {
  @Example('the-token-of-the-result')
  @IsString()
  resultToken!: string;
}

/** @param paymentAttempts how many payment pages an order may have */
export function presentPaymentResult(result: PaymentResult, paymentAttempts: number): PaymentResultView {
  const status = resultStatusOf(result);
  const isOpen = ['requesting', 'open', 'verifying'].includes(result.attemptStatus);
  const mayOpen = openingRefusal({ ...result, status: result.orderStatus }, paymentAttempts) === undefined;
  return {
    status,
    isFinal: !isOpen && status !== 'owed',
    amount: money(result.amount),
    orderNumber: result.orderNumber,
    receipt: result.receipt,
    at: result.at.toISOString(),
    canPayAgain: mayOpen && (status === 'unpaid' || status === 'refused'),
  };
}

function resultStatusOf({ attemptStatus, hasCallback, isRefunded }: PaymentResult): ResultStatus {
  switch (attemptStatus) {
    case 'settled':
      return 'paid';
    case 'surplus':
      return isRefunded ? 'refunded' : 'owed';
    case 'refused':
      return 'refused';
    case 'open':
      return hasCallback ? 'pending' : 'unpaid';
    case 'closed':
      return 'unpaid';
    default:
      return 'pending';
  }
}
