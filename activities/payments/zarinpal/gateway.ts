import type { HttpClient } from '../../../platform/http-client';
import type { PaymentGateway } from '../payment-gateway';
import type { UnsettledPayments } from '../unsettled-payments';
import { createZarinpalClient, type ZarinpalAccount } from './client';
import { decideInquiry, decideOpen, decideReverse, decideVerify } from './decide';
import { ZARINPAL_LIMITS } from './limits';
import { decideUnsettled } from './unsettled';

export interface ZarinpalSettings extends ZarinpalAccount {
  /** The address of the pay page for buyers, `…/pg/StartPay/`. The authority is appended to it. */
  readonly payPageUrl: string;
}

/** https://zarinpal.com/docs/paymentGateway/connectToGateway says at most 500 characters. */
const DESCRIPTION_LENGTH = 500;

/**
 * Zarinpal, REST v4. Its `verify` is the capture: what is never verified goes back to the buyer. Amounts are in rials.
 * `request` always names the currency, because Zarinpal's clients and documents differ about the default. It also switches
 * `auto_verify` off; otherwise the account's setting could capture money for an order that can no longer be fulfilled.
 * https://www.zarinpal.com/docs/paymentGateway/moreFeatures/session-validation
 */
export function createZarinpalGateway(
  settings: ZarinpalSettings,
  http: HttpClient,
): PaymentGateway & UnsettledPayments {
  const call = createZarinpalClient(settings, http);
  const payPages = settings.payPageUrl.replace(/\/*$/, '/');
  return {
    name: 'zarinpal',
    limits: ZARINPAL_LIMITS,

    async open({ orderId, amount, description, callbackUrl }) {
      const reply = await call('request', {
        amount: amount.amount,
        currency: amount.currency,
        description: shorten(description),
        callback_url: callbackUrl,
        metadata: { auto_verify: false, order_id: orderId },
      });
      return decideOpen(reply, (authority) => payPages + authority);
    },

    async verify({ authority, amount }) {
      return decideVerify(await call('verify', { authority, amount: amount.amount }));
    },

    async inquire({ authority }) {
      return decideInquiry(await call('inquiry', { authority }));
    },

    async reverse({ authority }) {
      return decideReverse(await call('reverse', { authority }));
    },

    async list() {
      return decideUnsettled(await call('unVerified'));
    },
  };
}

/** Cuts between characters, never within a surrogate pair. */
function shorten(description: string): string {
  if (description.length <= DESCRIPTION_LENGTH) return description;
  return description.slice(0, DESCRIPTION_LENGTH - 1).replace(/[\uD800-\uDBFF]$/, '') + '…';
}
