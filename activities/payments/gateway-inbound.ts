import type { AmountLimits } from '../../entities/checkout/amount-limits';

/** Query or form parameters as HTTP servers hand them over. */
export type InboundParameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * What a caller claims about a payment. It is only a reason to ask the gateway: callbacks carry no signature, and a signed
 * notice may be late or old.
 */
export interface GatewayClaim {
  readonly authority: string;
  readonly claimed: 'paid' | 'not_paid' | 'unclear';
}

/** A server-to-server notice. `forged` is answered with 4xx. `ignored` is authentic and of no interest to us. */
export type WebhookReading =
  | ({ readonly kind: 'notice'; readonly deliveryId: string } & GatewayClaim)
  | { readonly kind: 'ignored' }
  | { readonly kind: 'forged' };

export interface WebhookDelivery {
  readonly headers: InboundParameters;
  /** The bytes as received. Signatures cover exactly these. */
  readonly body: Uint8Array;
  readonly receivedAt: Date;
}

/**
 * What the API knows of a gateway: which amounts it takes, and how to read what it sends us. Pure: no network, no clock, no
 * state. It never throws, whatever is sent.
 */
export interface GatewayInbound {
  /** The same as those of the gateway. */
  readonly limits: AmountLimits;
  /** The claim of a browser that comes back. Undefined when it names no payment that could be ours. */
  readCallback(query: InboundParameters, method: string, body?: InboundParameters): GatewayClaim | undefined;
  /** Only for gateways that send notices. */
  readWebhook?(delivery: WebhookDelivery): WebhookReading;
}
