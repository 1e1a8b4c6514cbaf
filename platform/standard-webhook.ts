import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signature covers (https://www.standardwebhooks.com). */
export interface SignedContent {
  /** The header `webhook-id`: repeats have the same. */
  readonly id: string;
  /** The header `webhook-timestamp`, in seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string | Buffer;
}

/** A receiver refuses signatures that are older or newer than this, in seconds. */
export const WEBHOOK_TOLERANCE_SECONDS = 300;

const PREFIX = 'whsec_';

/** A key as people pass it on. */
export const formatWebhookKey = (key: Buffer): string => PREFIX + key.toString('base64');

/** The header `webhook-signature` by these keys: while they rotate, either of them is enough for the receiver. */
export function signWebhook(keys: readonly Buffer[], content: SignedContent): string {
  return keys.map((key) => `v1,${macOf(key, content).toString('base64')}`).join(' ');
}

/** Whether a key has made one of the signatures in the header. Takes the same time wherever they differ. */
export function isSignedBy(keys: readonly Buffer[], content: SignedContent, signature: string): boolean {
  const given = signature
    .split(' ')
    .slice(0, 10)
    .filter((part) => part.startsWith('v1,'))
    .map((part) => Buffer.from(part.slice(3), 'base64'));
  const wanted = keys.map((key) => macOf(key, content));
  return given.some((mac) => wanted.some((own) => mac.length === own.length && timingSafeEqual(mac, own)));
}

function macOf(key: Buffer, { id, timestamp, body }: SignedContent): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}
