import type { InboundByGateway } from '../../activities/payments/inbound';
import { assertThat } from '../../entities/errors';

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
