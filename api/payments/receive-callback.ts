import { recordCallback } from '../../entities/checkout/record-callback';
import { assertThat } from '../../entities/errors';
import { readPaymentResult, type PaymentResult } from '../../entities/payments/read-payment-result';
import { newId } from '../../entities/values/uuid';
import type { Dependencies } from '../dependencies';

/** A browser that came back from a gateway. */
export interface BrowserCallback {
  readonly gateway: string;
  readonly method: string;
  readonly query: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, string | string[] | undefined>>;
}

/** How many times as many callbacks of one attempt are kept as are handed to its workflow at once. */
const KEPT_TIMES = 4;
const KEPT_CHARACTERS = 200;
/** NUL, and halves of characters. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/**
 * Takes a callback: it is stored before anything else, so it survives whatever dies next; then the workflow is told, and what
 * came of it is read from Postgres. Nothing that the callback claims is believed.
 *
 * @throws AppError `payment.not_found` for an authority that is not ours; nothing is stored then
 */
export async function receiveCallback(
  { database, checkout, inbound, metrics, config, logger }: Dependencies,
  { gateway, method, query, body }: BrowserCallback,
): Promise<{ attemptId: string; result: PaymentResult }> {
  const callbacks = metrics.counter('asoud_payment_callbacks_total', 'Callbacks from gateways', [
    'gateway',
    'known',
  ]);
  const claim = inbound.get(gateway)?.readCallback(query, method, body);
  const callbackId = newId();
  const atOnce = config.checkout.callbacksPerAttempt;
  const found =
    claim &&
    (await recordCallback(database.manager, {
      callbackId,
      gateway,
      authority: claim.authority,
      claimed: claim.claimed,
      query: shortened({ ...body, ...query }),
      atMost: atOnce * KEPT_TIMES,
    }));
  callbacks.inc({ gateway: inbound.has(gateway) ? gateway : 'unknown', known: String(found !== undefined) });
  assertThat(found, 'payment.not_found');
  const { attemptId, orderId, attemptStatus, amount, earlier, stored } = found;
  const isFinal = ['settled', 'refused', 'closed'].includes(attemptStatus);
  if (isFinal) return { attemptId, result: { attemptStatus, amount, hasCallback: false, isRefunded: false } };

  if (stored && earlier < atOnce) {
    const told = await checkout.paymentCallback(orderId, attemptId, callbackId);
    if (told.kind === 'unavailable') {
      logger.warn(
        { err: told.cause, orderId },
        'a callback is kept that no workflow took: the sweep will see to it',
      );
    }
    const attempt =
      told.kind === 'answered' ? told.answer.order.attempts.find(({ id }) => id === attemptId) : undefined;
    if (attempt?.status === 'settled') {
      const { status: attemptStatus } = attempt;
      return { attemptId, result: { attemptStatus, amount, hasCallback: false, isRefunded: false } };
    }
  }
  const result = await readPaymentResult(database.manager, attemptId);
  assertThat(result, 'payment.not_found');
  // Nobody looks at the attempt because of a callback that was not kept: whether it was paid is not known.
  return { attemptId, result: stored ? result : { ...result, hasCallback: true } };
}

/** What is kept of the parameters, for people who look into a dispute: short texts, and the first of repeated ones. */
function shortened(parameters: BrowserCallback['query']): Record<string, string> {
  const kept = Object.entries(parameters).slice(0, 10);
  return Object.fromEntries(
    kept.flatMap(([name, value]) => {
      // A JSON body may hold anything, whatever its type says.
      const text: unknown = Array.isArray(value) ? value[0] : value;
      return typeof text === 'string' ? [[storable(name, 40), storable(text, KEPT_CHARACTERS)]] : [];
    }),
  );
}

/** Cut, and without what Postgres cannot store: a buyer is heard however odd the rest of the address is. */
function storable(text: string, length: number): string {
  return text.slice(0, length).replace(UNSTORABLE, '\ufffd');
}
