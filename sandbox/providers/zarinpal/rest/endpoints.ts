import type { Answer } from '../../../kit/answer';
import type { Call } from '../../../kit/call';
import type { Endpoint } from '../../../kit/provider';
import { acceptsAnyId, REST_HOSTS } from '../hosts';
import type { Zarinpal } from '../zarinpal';
import { calculateFee } from './fee-calculation';
import { inquirePayment } from './inquiry';
import { refreshPayment } from './refresh';
import { requestPayment } from './request-payment';
import type { RestCall } from './rest-call';
import { reversePayment } from './reverse';
import { listUnverified } from './unverified';
import { verifyPayment } from './verify';

/** Where the REST API is. */
export const REST_PATH = '/pg/v4/payment/';

/** The REST API: `POST` and JSON, the merchant id being the only credential. */
export function restEndpoints(zarinpal: Zarinpal): Endpoint[] {
  const endpoint = (
    name: string,
    answer: (zarinpal: Zarinpal, call: RestCall) => Answer,
    isServed?: (call: Call) => boolean,
  ): Endpoint => ({
    name,
    methods: ['POST'],
    path: `${REST_PATH}${name}.json`,
    hosts: REST_HOSTS,
    ...(isServed ? { isServed } : {}),
    target: ({ json }, answered) => ({
      authority: text(json.authority) ?? madeAuthority(answered),
      merchantId: text(json.merchant_id),
    }),
    answer: (call) => answer(zarinpal, restCall(zarinpal, call)),
  });
  return [
    endpoint('request', requestPayment),
    endpoint('verify', verifyPayment),
    endpoint('inquiry', inquirePayment),
    endpoint('unVerified', listUnverified),
    endpoint('reverse', reversePayment),
    endpoint('feeCalculation', calculateFee, (call) => {
      const { feeCalculation } = zarinpal.switches();
      return feeCalculation === 'on' || (feeCalculation === 'by-mode' && !acceptsAnyId(zarinpal, call));
    }),
    endpoint('refresh', refreshPayment, () => zarinpal.switches().refreshEndpoint),
  ];
}

function restCall(zarinpal: Zarinpal, call: Call): RestCall {
  return {
    body: call.json,
    acceptsAnyId: acceptsAnyId(zarinpal, call),
    address: call.address,
    referer: call.headers.referer ?? null,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The authority that a request was answered with. */
function madeAuthority(answer: Answer | undefined): string | undefined {
  const { data } = JSON.parse(answer?.text ?? '{}') as { data?: { authority?: unknown } };
  return text(data?.authority);
}
