import { Type } from 'class-transformer';
import { IsIn, IsString, ValidateNested } from 'class-validator';

import type { PaymentResult } from '../../entities/payments/read-payment-result';
import { rials } from '../../entities/values/money';
import { MoneyView } from '../openapi/money.view';

/**
 * How a payment ended, for the buyer: `paid`; `pending`, look again soon; `unpaid`, nothing was paid so far; `refused`, it
 * is not taken and goes back by itself; `owed`, it was taken without being wanted and is on its way back; `refunded`.
 */
export const RESULT_STATUSES = ['paid', 'pending', 'unpaid', 'refused', 'owed', 'refunded'] as const;
export type ResultStatus = (typeof RESULT_STATUSES)[number];

/** The result of a payment: status and amount, nothing else. */
export class PaymentResultView {
  @IsIn(RESULT_STATUSES)
  status!: ResultStatus;

  @ValidateNested()
  @Type(() => MoneyView)
  amount!: MoneyView;
}

/** What a buyer who comes back gets: the result as it is now, and a token to look again. */
export class PaymentCallbackView extends PaymentResultView {
  @IsString()
  resultToken!: string;
}

export function presentPaymentResult(result: PaymentResult): PaymentResultView {
  return { status: resultStatusOf(result), amount: rials(result.amount) };
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
