import { assertThat } from '../errors';
import { money, type Currency, type Money } from '../values/money';

/** The amounts that a gateway takes, both inclusive, in the minor unit of its currency. */
export interface AmountLimits {
  readonly minimum: number;
  readonly maximum: number;
  readonly currency: Currency;
}

/**
 * Refuses an amount that the gateway would not take.
 *
 * @throws AppError `checkout.amount_too_small`, `checkout.amount_too_large`
 */
export function assertWithinLimits(total: Money, { minimum, maximum, currency }: AmountLimits): void {
  if (total.currency !== currency) throw new Error("the gateway takes another currency than the total's");
  const { amount } = total;
  assertThat(amount >= minimum, 'checkout.amount_too_small', { minimum: money(minimum, currency) });
  assertThat(amount <= maximum, 'checkout.amount_too_large', { maximum: money(maximum, currency) });
}
