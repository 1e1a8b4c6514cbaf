import type { GatewayCalls } from '../../workflows/payments/gateway.steps';
import type { Gateways } from './gateways';

/** What gateways need to know about the shop. */
export interface PaymentSettings {
  /** Where buyers reach the API. Gateways send them back to an address below it. */
  readonly publicUrl: string;
}

/** Gateway calls for workflows. Each activity is one call, and every answer is a result, even a refusal. */
export function createPaymentActivities(gateways: Gateways, { publicUrl }: PaymentSettings): GatewayCalls {
  return {
    requestPayment: ({ orderId, orderNumber, attemptId, gateway, amount }) =>
      gateways.named(gateway).open({
        attemptId,
        orderId,
        amount,
        description: `سفارش ${orderNumber}`,
        callbackUrl: new URL(`/api/v1/payments/${gateway}/callback`, publicUrl).href,
      }),
    async verifyPayment({ gateway, attemptId, authority, amount }) {
      const outcome = await gateways.named(gateway).verify({ attemptId, authority, amount });
      if (outcome.kind !== 'captured') return outcome;
      // A history keeps what a step returns. The card's hash is personal and not needed there.
      const { cardHash: _, ...receipt } = outcome;
      return receipt;
    },
    inquirePayment: ({ gateway, attemptId, authority }) =>
      gateways.named(gateway).inquire({ attemptId, authority }),
    reversePayment: ({ gateway, attemptId, authority }) =>
      gateways.named(gateway).reverse({ attemptId, authority }),
  };
}
