import { recordCallback } from '../../entities/checkout/record-callback';
import { assertThat } from '../../entities/errors';
import { newId } from '../../entities/values/uuid';
import type { Logger } from '../../platform/logger';
import type { Dependencies } from '../dependencies';

/** A browser that came back from a gateway. */
export interface BrowserCallback {
  readonly gateway: string;
  readonly method: string;
  readonly query: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readonly<Record<string, string | string[] | undefined>>;
}

/** The attempt that a callback belongs to. */
export interface ReceivedCallback {
  readonly attemptId: string;
  /** False beyond what is kept: no workflow checks the attempt because of it, so whether it was paid is not known. */
  readonly stored: boolean;
}

/** An attempt keeps this many times as many callbacks as are passed to its workflow. */
const KEPT_TIMES = 4;
const KEPT_CHARACTERS = 200;
/** NUL, and halves of characters. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/**
 * Takes a callback. It is stored first, so that nothing which fails later loses it. Then the workflow is told. Its result is
 * in Postgres. Nothing that the callback claims is believed.
 *
 * @throws AppError `payment.not_found` for an authority that is not ours; nothing is stored then
 */
export async function receiveCallback(
  {
    database,
    checkout,
    inbound,
    metrics,
    checkoutConfig,
  }: Pick<Dependencies, 'checkout' | 'checkoutConfig' | 'database' | 'inbound' | 'metrics'>,
  { gateway, method, query, body }: BrowserCallback,
  log: Logger,
): Promise<ReceivedCallback> {
  const callbacks = metrics.counter('asoud_payment_callbacks_total', 'Callbacks from gateways', [
    'gateway',
    'known',
  ]);
  const claim = inbound.get(gateway)?.readCallback(query, method, body);
  const callbackId = newId();
  const atOnce = checkoutConfig.callbacksPerAttempt;
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
  const { attemptId, orderId, attemptStatus, earlier, stored } = found;
  const isFinal = ['settled', 'refused', 'closed'].includes(attemptStatus);
  if (!isFinal && stored && earlier < atOnce) {
    const told = await checkout.paymentCallback(orderId, attemptId, callbackId);
    if (told.kind === 'unavailable') {
      log.warn(
        { err: told.cause, orderId },
        'no worker took a callback: it is stored, and the sweep will wake the workflow',
      );
    }
  }
  return { attemptId, stored };
}

/** The part of the parameters that is stored for the clarification of disputes: short texts, the first of repeated ones. */
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

/** Cut, and without what Postgres cannot store: odd parameters must not keep a callback from being taken. */
function storable(text: string, length: number): string {
  return text.slice(0, length).replace(UNSTORABLE, '\ufffd');
}
