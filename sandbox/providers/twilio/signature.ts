import { createHmac } from 'node:crypto';

/**
 * `X-Twilio-Signature`: HMAC-SHA1 over the address as it was given, without a fragment, and all fields in the order of their
 * names. Of a repeated field each value counts once. https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function signatureOf(authToken: string, url: string, fields: URLSearchParams): string {
  const [address = ''] = url.split('#');
  const names = [...new Set(fields.keys())].toSorted();
  const data = names.flatMap((name) =>
    [...new Set(fields.getAll(name))].toSorted().map((value) => name + value),
  );
  return createHmac('sha1', authToken)
    .update(address + data.join(''))
    .digest('base64');
}
