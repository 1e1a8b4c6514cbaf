import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the time of a message may be from the present, in seconds. */
const TOLERANCE_SECONDS = 300;

const macOf = (secret: string, id: string, timestamp: string, body: string) =>
  createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest();

/** The headers of a message by Standard Webhooks (https://www.standardwebhooks.com). */
export function signedHeaders(secret: string, id: string, now: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${macOf(secret, id, timestamp, body).toString('base64')}`,
  };
}

/** Why a received message is not believed; undefined when it is. */
export function problemOf(
  secret: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  now: number,
  body: string,
): string | undefined {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name] ?? ''),
  ) as [string, string, string];
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS) return 'the message is too old';
  const own = macOf(secret, id, timestamp, body);
  const isOurs = signature
    .split(' ')
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice(3), 'base64'))
    .some((mac) => mac.length === own.length && timingSafeEqual(mac, own));
  return isOurs ? undefined : 'the signature is wrong';
}
