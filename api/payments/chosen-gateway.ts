import type { InboundByGateway } from '../../activities/payments/inbound';
import type { AmountLimits } from '../../entities/checkout/amount-limits';
import { assertThat } from '../../entities/errors';
import { SHOP_CURRENCY } from '../../entities/values/money';

/** The gateway of a buyer who names none. */
export const DEFAULT_GATEWAY = 'zarinpal';

/**
 * The gateway that a buyer chose, or the default one.
 *
 * @throws AppError `payment.gateway_unknown`
 */
export function chosenGateway(inbound: InboundByGateway, requested?: string): string {
  // A null in JSON is no choice either.
  const gateway = requested ?? DEFAULT_GATEWAY;
  assertThat(inbound.has(gateway), 'payment.gateway_unknown', { gateway });
  return gateway;
}

/** The amounts that at least one of the gateways takes. */
export function limitsOfAll(inbound: InboundByGateway): AmountLimits {
  const limits = [...inbound.values()].map((gateway) => gateway.limits);
  return {
    minimum: Math.min(...limits.map(({ minimum }) => minimum)),
    maximum: Math.max(...limits.map(({ maximum }) => maximum)),
    currency: SHOP_CURRENCY,
  };
}
