import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** The fields of a form, each as often as it came. */
export type SignedFields = readonly (readonly [name: string, value: string])[];

/** A request that says it is of Twilio. */
export interface SignedRequest {
  /** The full address as it was given to Twilio, not as a proxy passed it on. */
  readonly url: string;
  /** Every received field, also those that we do not know. Empty for a JSON body. */
  readonly fields: SignedFields;
  /** The bytes of a JSON body. */
  readonly body?: Uint8Array;
  /** The header `X-Twilio-Signature`. */
  readonly signature: string | null;
}

/**
 * Whether Twilio signed a request with the account's token. Twilio is not consistent about the port in the address that it
 * signs, so the address counts with and without it. https://www.twilio.com/docs/usage/security#validating-requests
 */
export function isSignedByTwilio(
  authToken: string,
  { url, fields, body, signature }: SignedRequest,
): boolean {
  if (signature === null || !URL.canParse(url)) return false;
  const bodyHash = new URL(url).searchParams.get('bodySHA256');
  if ((bodyHash === null) !== (body === undefined)) return false;
  if (body !== undefined && !isEqual(bodyHash!.toLowerCase(), sha256(body))) return false;
  // Also beside a JSON body, so that nothing of what came stays uncovered.
  const data = textOf(fields);
  return spellingsOf(url).some((address) => isEqual(signatureOf(authToken, address + data), signature));
}

/** The fields in order, name and value without anything between. What came twice counts once. */
function textOf(fields: SignedFields): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of fields) values.set(name, (values.get(name) ?? new Set()).add(value));
  // Sorted by code units, as Twilio does.
  return [...values.keys()]
    .toSorted()
    .flatMap((name) => [...values.get(name)!].toSorted().map((value) => name + value))
    .join('');
}

/** The address byte for byte and as `URL` writes it, each as it is, without its port and with it. */
function spellingsOf(url: string): string[] {
  const { protocol, href } = new URL(url);
  const usual = protocol === 'https:' ? '443' : '80';
  return [url, href].flatMap((address) => {
    const parts = /^(https?:\/\/(?:[^/?#@]*@)?(?:\[[^\]]*\]|[^/?#:]*))(:\d+)?(.*)$/is.exec(address);
    if (parts === null) return [address];
    const [, origin = '', port = `:${usual}`, rest = ''] = parts;
    return [address, origin + rest, origin + port + rest];
  });
}

function signatureOf(authToken: string, data: string): string {
  return createHmac('sha1', authToken).update(data, 'utf8').digest('base64');
}

function sha256(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

function isEqual(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
