import type { InboundByGateway } from '../../activities/payments/inbound';
import { assertThat } from '../../entities/errors';

const DEFAULT_GATEWAY = 'zarinpal';

/**
 * The gateway that a buyer chose, or the default one.
 *
 * @throws AppError `payment.gateway_unknown`
 */
export function chosenGateway(inbound: InboundByGateway, requested: string = DEFAULT_GATEWAY): string {
  assertThat(inbound.has(requested), 'payment.gateway_unknown', { gateway: requested });
  return requested;
}
