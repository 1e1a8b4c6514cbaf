import { AppError } from '../errors';
import { money, type Currency, type Money } from '../values/money';

/** The amounts that a gateway takes, both inclusive, in the minor unit of its currency. */
export interface AmountLimits {
  readonly minimum: number;
  readonly maximum: number;
  readonly currency: Currency;
}

/** Why the gateway would not take this amount; undefined when it would. */
export function amountRefusal(
  total: Money,
  { minimum, maximum, currency }: AmountLimits,
): AppError | undefined {
  if (total.currency !== currency) throw new Error("the gateway takes another currency than the total's");
  const { amount } = total;
  if (amount < minimum) {
    return new AppError('checkout.amount_too_small', { minimum: money(minimum, currency) });
  }
  if (amount > maximum) {
    return new AppError('checkout.amount_too_large', { maximum: money(maximum, currency) });
  }
  return undefined;
}

/**
 * Refuses an amount that the gateway would not take.
 *
 * @throws AppError `checkout.amount_too_small`, `checkout.amount_too_large`
 */
export function assertWithinLimits(total: Money, limits: AmountLimits): void {
  const refusal = amountRefusal(total, limits);
  if (refusal) throw refusal;
}
