import { HttpTransportError, retryAfterMs, type HttpAnswer } from '../../platform/http-client';
import type { SmsRefusalClass, SmsRefused, SmsUnknown } from '../../workflows/sms/sms-provider.steps';
import { parseJson } from '../provider-json';

/** An answer in the provider's own form, with what HTTP said about it. */
export interface ProviderReply<Envelope> {
  readonly kind: 'reply';
  readonly envelope: Envelope;
  readonly status: number;
  /** Whether the HTTP status is a success. The envelope may still be an error. */
  readonly isOk: boolean;
  readonly retryAfterMs: number | undefined;
}

export type Asked<Envelope> = ProviderReply<Envelope> | SmsRefused | SmsUnknown;

/**
 * Makes one call and reads its answer. What is not in the provider's own form becomes an outcome here, by the same rules for
 * all providers: without a connection nothing was sent, a 429 of whoever stands before the provider asks for patience, and
 * everything else says nothing about whether the call took effect.
 * @param read the provider's envelope, or undefined for a body that is not one
 */
export async function askProvider<Envelope>(
  call: Promise<HttpAnswer>,
  read: (body: unknown, status: number) => Envelope | undefined,
): Promise<Asked<Envelope>> {
  let answer: HttpAnswer;
  try {
    answer = await call;
  } catch (error) {
    if (!(error instanceof HttpTransportError)) throw error;
    if (!error.neverConnected) return unknown(`no answer (${error.kind})`);
    return refused('overload', 'no_connection', 'no connection came about');
  }
  const { status } = answer;
  const pause = retryAfterMs(answer);
  const envelope = read(parseJson(answer.text), status);
  if (envelope !== undefined) {
    return { kind: 'reply', envelope, status, isOk: status >= 200 && status < 300, retryAfterMs: pause };
  }
  if (status === 429) return refused('overload', 429, 'too many requests', pause);
  return unknown(`HTTP ${status} with a body that is not the provider's`);
}

/** A refusal with the provider's code. The wording is ours, because a provider may repeat numbers and texts in its own. */
export function refused(
  refusalClass: SmsRefusalClass,
  code: number | string,
  message: string,
  pauseMs?: number,
): SmsRefused {
  const retryAfter = pauseMs === undefined ? {} : { retryAfterMs: pauseMs };
  return { kind: 'refused', class: refusalClass, code: String(code), message, ...retryAfter };
}

/** A code that a provider documents as a refusal. */
export interface RefusalCode {
  readonly class: SmsRefusalClass;
  /** In English, for operators. */
  readonly message: string;
  readonly concerns?: 'template';
}

/** A documented refusal. Only an overload passes by waiting. */
export function refusedBy(
  { class: refusalClass, message, concerns }: RefusalCode,
  code: number | string,
  pauseMs: number | undefined,
): SmsRefused {
  if (concerns === 'template') return templateRefused(code, message);
  return refused(refusalClass, code, message, refusalClass === 'overload' ? pauseMs : undefined);
}

/** A refusal of one template or one text: the account may send all others. */
export function templateRefused(code: number | string, message: string): SmsRefused {
  return { ...refused('config', code, message), concerns: 'template' };
}

export function unknown(message: string): SmsUnknown {
  return { kind: 'unknown', message };
}
