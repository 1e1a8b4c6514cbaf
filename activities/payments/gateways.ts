import { AppError } from '../../entities/errors';
import type { ZarinpalConfig } from '../../platform/config/zarinpal';
import { createHttpClient } from '../../platform/http-client';
import type { PaymentGateway } from './payment-gateway';
import type { UnsettledPayments } from './unsettled-payments';
import { createZarinpalGateway } from './zarinpal/gateway';

/** The config sections of the gateways; a new gateway adds its own. */
export interface GatewaysConfig {
  readonly zarinpal: ZarinpalConfig;
}

/** The gateways this shop is configured for. */
export interface Gateways {
  readonly names: readonly string[];
  /** Throws `payment.gateway_unknown` for a name that is not among {@link names}. */
  named(name: string): PaymentGateway;
  /** The gateways that can list what was paid and not captured, by name. */
  readonly unsettled: ReadonlyMap<string, UnsettledPayments>;
}

/** Far more than any answer of a gateway; what is longer is no answer. */
const LARGEST_ANSWER_BYTES = 1_000_000;

/**
 * Builds every configured gateway, each with an HTTP client and a time-out of its own. One line here registers a new
 * one; see docs/payment-gateways.md.
 */
export function createGateways(config: GatewaysConfig): Gateways {
  const zarinpal = createZarinpalGateway(
    {
      merchantId: config.zarinpal.zarinpalMerchantId,
      baseUrl: config.zarinpal.zarinpalBaseUrl,
      payPageUrl: config.zarinpal.zarinpalPayPageUrl,
    },
    createHttpClient({ timeoutMs: config.zarinpal.zarinpalTimeoutMs, maxBytes: LARGEST_ANSWER_BYTES }),
  );
  const gateways: ReadonlyMap<string, PaymentGateway> = new Map([[zarinpal.name, zarinpal]]);
  return {
    names: [...gateways.keys()],
    named(name) {
      const gateway = gateways.get(name);
      if (gateway === undefined) throw new AppError('payment.gateway_unknown', { gateway: name });
      return gateway;
    },
    unsettled: new Map([[zarinpal.name, zarinpal]]),
  };
}
