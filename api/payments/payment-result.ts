import { Type } from 'class-transformer';
import { IsIn, IsString, ValidateNested } from 'class-validator';

import type { PaymentResult } from '../../entities/payments/read-payment-result';
import { money } from '../../entities/values/money';
import { Example } from '../openapi/example';
import { MoneyView } from '../openapi/money.view';

/**
 * The state of a payment for the buyer. `paid`. `pending`: poll again soon. `unpaid`: nothing was paid so far. `refused`: the
 * money is not captured and goes back by itself. `owed`: surplus money that was captured and will be refunded. `refunded`.
 */
export const RESULT_STATUSES = ['paid', 'pending', 'unpaid', 'refused', 'owed', 'refunded'] as const;
export type ResultStatus = (typeof RESULT_STATUSES)[number];

/** The result of a payment: its status and amount, and nothing else. */
export class PaymentResultView {
  @IsIn(RESULT_STATUSES)
  status!: ResultStatus;

  @ValidateNested()
  @Type(() => MoneyView)
  amount!: MoneyView;
}

/** The answer to a callback: the result at this moment, and a token to poll it with. */
export class PaymentCallbackView extends PaymentResultView {
  @Example('the-token-of-the-result')
  @IsString()
  resultToken!: string;
}

export function presentPaymentResult(result: PaymentResult): PaymentResultView {
  return { status: resultStatusOf(result), amount: money(result.amount) };
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
