import { randomInt, randomUUID } from 'node:crypto';

import { createApiClient, type ApiClient, type ApiSession } from '../../api/client/client';
import { createApiSession, keptOf } from '../../api/client/session';
import type { ShopAddresses } from './find-shop';
import { codeIn, readInbox } from './inbox';
import type { Timeline } from './timeline';
import { until } from './until';

/** Long enough for a provider that is tried in vain, and for the sandbox to deliver. */
const DELIVERED_WITHIN_MS = 60_000;
const POLL_MS = 200;

/** A buyer's client, which keeps the session alive, and the session. */
export interface SignedIn {
  readonly api: ApiClient;
  readonly session: ApiSession;
}

/** Signs a buyer with a new number in, by the code that arrives in the inbox. */
export async function signIn(
  shop: Pick<ShopAddresses, 'apiUrl' | 'smsInboxUrl'>,
  timeline: Timeline,
): Promise<SignedIn> {
  const phone = `+98912${randomInt(1_000_000, 9_999_999)}`;
  const guest = createApiClient(shop.apiUrl);
  timeline.said('buyer', 'signs in with a number');
  const { data: asked } = await guest.call('requestCode', {
    headers: { 'Idempotency-Key': randomUUID() },
    body: { phone, language: 'en' },
  });
  const [message] = await until(
    () => readInbox(shop, phone),
    (messages) => messages.length > 0,
    DELIVERED_WITHIN_MS,
    () => `no code has arrived: see ${shop.smsInboxUrl}`,
    POLL_MS,
  );
  const code = codeIn(message!);
  if (code === undefined) throw new Error(`the message has no code: ${message!.text}`);
  timeline.said('buyer', `reads the code in a message that ${message!.provider} has delivered`);
  const { data: answer } = await guest.call('signIn', {
    body: { verificationId: asked.id, phone, code, delivery: 'body', deviceLabel: 'The demo' },
  });
  if (!('session' in answer)) throw new Error('a new number needs no second factor');
  timeline.said('shop', 'the buyer is signed in');
  const session = createApiSession({ api: guest, kept: keptOf(answer.session) });
  return { api: createApiClient(shop.apiUrl, { session }), session };
}
