import { success, type Answer } from '../envelopes';
import { feeQuote } from '../fees';
import type { Sandbox } from '../sandbox';
import { merchantFault, merchantOf, refuseFields, required, wholeNumber, type Call } from './call';
import { checkAmount } from './request-body';

/**
 * `feeCalculation.json`: what a payment would cost.
 * https://www.zarinpal.com/docs/paymentGateway/otherMethods/feeCalculation
 */
export function calculateFee(sandbox: Sandbox, call: Call): Answer {
  const { body } = call;
  const amount = wholeNumber(body.amount);
  refuseFields([
    merchantFault(call),
    required(body, 'amount') ??
      (amount === undefined ? { field: 'amount', text: 'The amount must be an integer.' } : undefined),
  ]);
  const merchant = merchantOf(sandbox, call);
  const switches = sandbox.switches();
  const currency = body.currency === 'IRT' ? 'IRT' : 'IRR';
  const quote = feeQuote(checkAmount(amount ?? 0, currency, switches), switches);
  const inUnit = (rials: number) => (currency === 'IRT' ? Math.floor(rials / 10) : rials);
  const suggested = inUnit(quote.suggestedAmount);
  return success(
    {
      amount,
      fee: inUnit(quote.fee),
      fee_type: merchant.feeType,
      suggested_amount: switches.suggestedAmount === 'string' ? String(suggested) : suggested,
      code: 100,
      message: 'Success',
    },
    switches,
  );
}
