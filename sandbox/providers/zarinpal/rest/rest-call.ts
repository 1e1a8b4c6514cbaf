import { isAuthority } from '../authority';
import { MERCHANT_ID, type Merchant } from '../merchants';
import { Refusal, type FieldFault } from '../refusal';
import type { Session } from '../session';
import type { Zarinpal } from '../zarinpal';

/** One call of a shop, as far as an endpoint looks at it. */
export interface RestCall {
  readonly body: Readonly<Record<string, unknown>>;
  /** Zarinpal's sandbox host takes any UUID as merchant id. */
  readonly acceptsAnyId: boolean;
  /** The caller's IP address. */
  readonly address: string;
  readonly referer: string | null;
}

const ID_LENGTH = 36;

/** Throws -9 with all rejected fields, in the order in which they were checked. */
export function refuseFields(faults: readonly (FieldFault | undefined)[]): void {
  const rejected = faults.filter((fault) => fault !== undefined);
  if (rejected.length > 0) throw new Refusal(-9, rejected);
}

/** The fault of a field that is absent, null or empty. */
export function required(body: RestCall['body'], field: string): FieldFault | undefined {
  const value = body[field];
  if (value !== undefined && value !== null && value !== '') return undefined;
  return { field, text: `The ${field.replaceAll('_', ' ')} field is required.` };
}

/** The fault of `merchant_id`'s form. */
export function merchantFault({ body }: RestCall): FieldFault | undefined {
  const missing = required(body, 'merchant_id');
  const { length } = String(body.merchant_id);
  if (missing || length === ID_LENGTH) return missing;
  const limit = length < ID_LENGTH ? 'be at least' : 'not be greater than';
  return { field: 'merchant_id', text: `The merchant id must ${limit} 36 characters.` };
}

/** The merchant of a call whose form is right. Throws -10 (unknown, or a foreign address) and -12. */
export function merchantOf({ merchants, calls, switches }: Zarinpal, call: RestCall): Merchant {
  const id = String(call.body.merchant_id);
  const merchant = MERCHANT_ID.test(id) ? merchants.find(id, call.acceptsAnyId) : undefined;
  if (!merchant) throw new Refusal(-10);
  if (merchant.ipsForEveryCall && !isRegistered(merchant, call.address)) throw new Refusal(-10);
  if (!calls.admits(id, switches().rateLimitPerMinute)) throw new Refusal(-12);
  return merchant;
}

/** Whether the caller's address is one that the merchant has registered. */
export function isRegistered({ ips }: Merchant, address: string): boolean {
  return ips === null || ips.includes(address);
}

/**
 * The session that the call names, and its merchant. Throws -9 for these faults and for fields without which there is
 * no session, what {@link merchantOf} throws, -54 (malformed, unknown) and -53 (another merchant's).
 */
export function sessionOf(
  zarinpal: Zarinpal,
  call: RestCall,
  ...faults: (FieldFault | undefined)[]
): { session: Session; merchant: Merchant } {
  const { authority } = call.body;
  refuseFields([merchantFault(call), required(call.body, 'authority'), ...faults]);
  const merchant = merchantOf(zarinpal, call);
  const isRight = typeof authority === 'string' && isAuthority(authority);
  const session = isRight ? zarinpal.sessions.find(authority) : undefined;
  if (!session) throw new Refusal(-54, [{ field: 'authority', text: 'Invalid authority.' }]);
  if (session.merchantId !== merchant.id) throw new Refusal(-53);
  return { session, merchant };
}

/** A whole number that may come as a string of digits; undefined for anything else. */
export function readWholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value.trim()) ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}
