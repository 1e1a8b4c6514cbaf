import type { InboundByGateway } from '../../activities/payments/inbound';
import { assertThat } from '../../entities/errors';

const USUAL_GATEWAY = 'zarinpal';

/**
 * The gateway that a buyer chose, or the usual one.
 *
 * @throws AppError `payment.gateway_unknown`
 */
export function chosenGateway(inbound: InboundByGateway, requested: string = USUAL_GATEWAY): string {
  assertThat(inbound.has(requested), 'payment.gateway_unknown', { gateway: requested });
  return requested;
}
