import { Refusal, type FieldFault } from '../refusal';
import { RIALS_PER_TOMAN } from '../session';
import type { Switches } from '../switches';
import { merchantFault, readWholeNumber, refuseFields, required, type RestCall } from './rest-call';

/** The optional part of a request that the sandbox understands. */
export interface RequestMetadata {
  readonly mobile: string | null;
  readonly email: string | null;
  readonly orderId: string | null;
  readonly cardPan: string | null;
  readonly autoVerify: boolean | null;
}

const DESCRIPTION_LIMIT = 500;

/** Throws -9 for whatever the form of a request lacks; the currency is the merchant's where none is named. */
export function checkRequestForm(call: RestCall, switches: Switches): void {
  const { body } = call;
  refuseFields([
    merchantFault(call),
    amountFault(call, switches),
    required(body, 'callback_url'),
    required(body, 'description') ?? descriptionFault(body.description),
    currencyFault(body.currency),
    cardFault(readMetadata(body).cardPan),
  ]);
}

/** Throws -9 below the minimum and -41 above the maximum; returns the amount in rials. */
export function checkAmount(amount: number, currency: 'IRR' | 'IRT', switches: Switches): number {
  const rials = currency === 'IRT' ? amount * RIALS_PER_TOMAN : amount;
  const minimum = currency === 'IRT' ? switches.minAmountRial / RIALS_PER_TOMAN : switches.minAmountRial;
  if (amount < minimum) {
    throw new Refusal(-9, [{ field: 'amount', text: `The amount must be at least ${minimum}.` }]);
  }
  if (rials > switches.maxAmountRial) throw new Refusal(-41);
  return rials;
}

/**
 * `metadata` may be an object, a list of mobile, email and order id, null or missing, and null inside it means absent.
 * An order id may also stand at top level.
 */
export function readMetadata(body: RestCall['body']): RequestMetadata {
  const { metadata } = body;
  const named: Record<string, unknown> = Array.isArray(metadata)
    ? { mobile: metadata[0], email: metadata[1], order_id: metadata[2] }
    : ((metadata ?? {}) as Record<string, unknown>);
  return {
    mobile: text(named.mobile),
    email: text(named.email),
    orderId: text(named.order_id) ?? text(body.order_id),
    cardPan: text(named.card_pan),
    autoVerify: flag(named.auto_verify),
  };
}

/** Throws -40 for an `expire_in` that is no positive number; what a right one means is unknown, so it does nothing. */
export function checkExpireIn(value: unknown): void {
  if (value === undefined || value === null) return;
  const seconds = readWholeNumber(value);
  if (seconds === undefined || seconds <= 0) throw new Refusal(-40);
}

/** Throws -9 for a referrer that is no text and the body code 429 for one with an odd form. */
export function checkReferrer(body: RestCall['body']): void {
  const metadata = body.metadata as Record<string, unknown> | null | undefined;
  const value = body.referrer_id ?? metadata?.referrer_id;
  if (value === undefined || value === null || value === '') return;
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw new Refusal(-9, [{ field: 'referrer_id', text: 'The referrer id must be a string.' }]);
  }
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(String(value))) throw new Refusal(429);
}

function amountFault({ body }: RestCall, switches: Switches): FieldFault | undefined {
  const missing = required(body, 'amount');
  if (missing) return missing;
  const amount = readWholeNumber(body.amount);
  if (amount === undefined) return { field: 'amount', text: 'The amount must be an integer.' };
  return amount > 0
    ? undefined
    : { field: 'amount', text: `The amount must be at least ${switches.minAmountRial}.` };
}

function descriptionFault(description: unknown): FieldFault | undefined {
  if (typeof description !== 'string') {
    return { field: 'description', text: 'The description must be a string.' };
  }
  // Zarinpal counts characters, not UTF-16 units.
  if (Array.from(description).length <= DESCRIPTION_LIMIT) return undefined;
  return { field: 'description', text: 'The description must not be greater than 500 characters.' };
}

function currencyFault(currency: unknown): FieldFault | undefined {
  if (currency === undefined || currency === null || currency === 'IRR' || currency === 'IRT')
    return undefined;
  return { field: 'currency', text: 'The selected currency is invalid.' };
}

function cardFault(cardPan: string | null): FieldFault | undefined {
  if (cardPan === null || /^[0-9]{16}$/.test(cardPan)) return undefined;
  return { field: 'metadata.card_pan', text: 'The metadata.card pan format is invalid.' };
}

function text(value: unknown): string | null {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null;
}

function flag(value: unknown): boolean | null {
  if (value === true || value === 'true' || value === 1 || value === '1') return true;
  return value === false || value === 'false' || value === 0 || value === '0' ? false : null;
}
