import type { AmountLimits } from '../../../entities/checkout/amount-limits';

/** Sources say 1,000 or 10,000 for the minimum. The higher one satisfies both. */
export const ZARINPAL_LIMITS: AmountLimits = { minimum: 10_000, maximum: 1_000_000_000, currency: 'IRR' };
