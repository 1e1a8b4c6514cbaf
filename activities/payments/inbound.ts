import type { GatewayInbound } from './gateway-inbound';
import { zarinpalInbound } from './zarinpal/inbound';

/** How each gateway talks to us, by the gateway's name. */
export type InboundByGateway = ReadonlyMap<string, GatewayInbound>;

/**
 * The only part of the gateways that the API builds. It reaches nothing that could call a provider, so no request of
 * a visitor can. A gateway with signed webhooks gets its secret as an argument here.
 */
export function createInbound(): InboundByGateway {
  return new Map([['zarinpal', zarinpalInbound]]);
}
