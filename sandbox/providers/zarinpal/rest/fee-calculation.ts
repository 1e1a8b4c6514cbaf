import type { Answer } from '../../../kit/answer';
import { success } from '../envelopes';
import { feeQuote } from '../fees';
import { inUnit } from '../session';
import type { Zarinpal } from '../zarinpal';
import { checkAmount } from './request-body';
import {
  merchantFault,
  merchantOf,
  readWholeNumber,
  refuseFields,
  required,
  type RestCall,
} from './rest-call';

/**
 * `feeCalculation.json`: what a payment would cost.
 * https://www.zarinpal.com/docs/paymentGateway/otherMethods/feeCalculation
 */
export function calculateFee(zarinpal: Zarinpal, call: RestCall): Answer {
  const { body } = call;
  const amount = readWholeNumber(body.amount);
  const wrong = { field: 'amount', text: 'The amount must be an integer.' };
  refuseFields([merchantFault(call), required(body, 'amount') ?? (amount === undefined ? wrong : undefined)]);
  const { feeType } = merchantOf(zarinpal, call);
  const switches = zarinpal.switches();
  const currency = body.currency === 'IRT' ? 'IRT' : 'IRR';
  const quote = feeQuote(checkAmount(amount ?? 0, currency, switches), switches);
  const suggested = inUnit(currency, quote.suggestedAmount);
  return success(
    {
      amount,
      fee: inUnit(currency, quote.fee),
      fee_type: feeType,
      suggested_amount: switches.suggestedAmount === 'string' ? String(suggested) : suggested,
      code: 100,
      message: 'Success',
    },
    switches,
  );
}
