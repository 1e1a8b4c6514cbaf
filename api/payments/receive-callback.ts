import { recordCallback } from '../../entities/checkout/record-callback';
import { assertThat } from '../../entities/errors';
import type { OrderState } from '../../entities/orders/order-state';
import { newId } from '../../entities/values/uuid';
import type { Logger } from '../../platform/logger';
import type { Dependencies } from '../dependencies';
import { wakeLost } from '../orders/workflow-answer';

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
  /** The order after the poll, when the workflow answered. */
  readonly order?: OrderState;
}

const KEPT_CHARACTERS = 200;
/** NUL, and halves of characters. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/**
 * Takes a callback. It is stored first, so that nothing which fails later loses it. Then the workflow is told. Its result is
 * in Postgres. Nothing that the callback claims is believed.
 *
 * Callbacks between two polls of the gateway share one message, named by the first of them: the poll that it waits for comes
 * after all of them. So a flood of forged callbacks is few messages, and the genuine one among them is answered as fast as alone. Once
 * the payment has its final answer, no workflow is told, or each callback would start one again.
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
  const found =
    claim &&
    (await recordCallback(database.manager, {
      callbackId,
      gateway,
      authority: claim.authority,
      claimed: claim.claimed,
      query: shortened({ ...body, ...query }),
      atMost: checkoutConfig.callbacksPerAttempt,
    }));
  callbacks.inc({ gateway: inbound.has(gateway) ? gateway : 'unknown', known: String(found !== undefined) });
  assertThat(found, 'payment.not_found');
  const { attemptId, orderId, isFinal, stored, unseenBefore } = found;
  if (!isFinal) {
    const told = await checkout.paymentCallback(orderId, attemptId, unseenBefore ?? callbackId);
    if (told.kind === 'unavailable') {
      log.warn(
        { err: told.cause, orderId },
        'no worker took a callback: it is stored, and the sweep will wake the workflow',
      );
    }
    if (told.kind === 'read_again') await wakeLost(checkout, orderId, log);
    if (told.kind === 'answered') return { attemptId, stored, order: told.answer.order };
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
