import type { GatewayInbound } from './gateway-inbound';
import { zarinpalInbound } from './zarinpal/inbound';

/** What reads each gateway's callbacks and notices, by the gateway's name. */
export type InboundByGateway = ReadonlyMap<string, GatewayInbound>;

/**
 * The only part of the gateways that the API builds. It imports nothing that could call a provider, so no visitor's
 * request can. A gateway with signed webhooks gets its secret as an argument here.
 */
export function createInbound(): InboundByGateway {
  return new Map([['zarinpal', zarinpalInbound]]);
}
