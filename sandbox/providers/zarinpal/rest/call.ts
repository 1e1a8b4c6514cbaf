import { isAuthority } from '../authority';
import type { Merchant } from '../merchants';
import { Refusal, type FieldFault } from '../refusal';
import type { Sandbox } from '../sandbox';
import type { Session } from '../session';

/** One call of a shop, as far as an endpoint looks at it. */
export interface Call {
  readonly body: Readonly<Record<string, unknown>>;
  /** Zarinpal's sandbox host takes any UUID as merchant id. */
  readonly acceptsAnyId: boolean;
  /** The caller's IP address. */
  readonly address: string;
  readonly referer: string | null;
}

const ID_LENGTH = 36;
const MERCHANT_ID = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/;

/** Throws -9 with all rejected fields, in the order in which they were looked at. */
export function refuseFields(faults: readonly (FieldFault | undefined)[]): void {
  const rejected = faults.filter((fault) => fault !== undefined);
  if (rejected.length > 0) throw new Refusal(-9, rejected);
}

/** The fault of a field that is absent, null or empty. */
export function required(body: Call['body'], field: string): FieldFault | undefined {
  const value = body[field];
  if (value !== undefined && value !== null && value !== '') return undefined;
  return { field, text: `The ${field.replaceAll('_', ' ')} field is required.` };
}

/** The fault of `merchant_id`'s form. */
export function merchantFault({ body }: Call): FieldFault | undefined {
  const missing = required(body, 'merchant_id');
  if (missing) return missing;
  const length = String(body.merchant_id).length;
  if (length < ID_LENGTH) {
    return { field: 'merchant_id', text: 'The merchant id must be at least 36 characters.' };
  }
  if (length > ID_LENGTH) {
    return { field: 'merchant_id', text: 'The merchant id must not be greater than 36 characters.' };
  }
  return undefined;
}

/** The merchant of a call whose form is right. Throws -10 (unknown, or a foreign address) and -12. */
export function merchantOf(sandbox: Sandbox, call: Call): Merchant {
  const id = String(call.body.merchant_id);
  const merchant = MERCHANT_ID.test(id) ? sandbox.merchants.find(id, call.acceptsAnyId) : undefined;
  if (!merchant) throw new Refusal(-10);
  if (merchant.ipsForEveryCall && !isRegistered(merchant, call.address)) throw new Refusal(-10);
  if (!sandbox.calls.admits(id, sandbox.switches().rateLimitPerMinute)) throw new Refusal(-12);
  return merchant;
}

/** Whether the caller's address is one that the merchant has registered. */
export function isRegistered({ ips }: Merchant, address: string): boolean {
  return ips === null || ips.includes(address.replace(/^::ffff:/, ''));
}

/** The session that the call names. Throws -54 (malformed, unknown) and -53 (another merchant's). */
export function sessionOf(sandbox: Sandbox, call: Call, merchant: Merchant): Session {
  const authority = call.body.authority;
  const session =
    typeof authority === 'string' && isAuthority(authority) ? sandbox.sessions.find(authority) : undefined;
  if (!session) throw new Refusal(-54, [{ field: 'authority', text: 'Invalid authority.' }]);
  if (session.merchantId !== merchant.id) throw new Refusal(-53);
  return session;
}

/** A whole number that may come as a string of digits; undefined for anything else. */
export function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value.trim()) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}
