import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { validateRequest } from 'twilio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { PATIENCE } from '../support/patience';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  callbackShop,
  FROM,
  twilioUnderTest,
  type CallbackShop,
  type ReceivedCallback,
  type TwilioUnderTest,
} from '../support/twilio-sandbox';

const PATH = '/webhooks/twilio/status?m=42&n=%D8%B3';

let folder: string;
let twilio: TwilioUnderTest;
let shop: CallbackShop;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twilio-sandbox-'));
  twilio = await twilioUnderTest({}, { folder });
  shop = await callbackShop(204);
});
afterEach(async () => {
  await twilio.stop();
  await shop.close();
  rmSync(folder, { recursive: true });
});

const send = async (fields: Record<string, string> = {}) =>
  (await twilio.send({ StatusCallback: shop.url + PATH, ...fields })).body.sid as string;
const rule = (body: object) => twilio.control('POST', '/callbacks', body);
const said = () => shop.callbacks.map(({ body }) => new URLSearchParams(body).get('MessageStatus'));
const heard = async (count: number) => {
  await expect.poll(() => shop.callbacks, PATIENCE).toHaveLength(count);
};

/** Lets the clock go on quarter by quarter, so that each status is told before the next. */
async function deliver(): Promise<void> {
  await twilio.advance(500);
  for (const count of [1, 2, 3]) {
    await twilio.advance(500);
    await heard(count);
  }
}

/** The official client's check of the signature over all fields. */
function isGenuine({ path, headers, body }: ReceivedCallback): boolean {
  const fields = new URLSearchParams(body);
  const params = Object.fromEntries(
    Array.from(fields.keys(), (name) => {
      const values = fields.getAll(name);
      return [name, values.length > 1 ? values : values[0]];
    }),
  );
  const signature = String(headers['x-twilio-signature']);
  return validateRequest(AUTH_TOKEN, signature, shop.url + path, params);
}

describe('status callbacks', () => {
  it('tell each status but the first, signed over the address as it was given', async () => {
    const sid = await send();
    await deliver();
    expect(said()).toEqual(['sending', 'sent', 'delivered']);
    expect(shop.callbacks.every(isGenuine)).toBe(true);
    const last = shop.callbacks.at(-1)!;
    expect(last.path).toBe(PATH);
    expect(last.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(Object.fromEntries(new URLSearchParams(last.body))).toEqual({
      RawDlrDoneDate: '2603210800',
      SmsSid: sid,
      SmsStatus: 'delivered',
      MessageStatus: 'delivered',
      To: '+989121234567',
      MessageSid: sid,
      AccountSid: ACCOUNT_SID,
      From: FROM,
      ApiVersion: '2010-04-01',
    });
  });

  it('say why a message was not delivered, and that it was cancelled', async () => {
    await rule({ suppress: true, times: 2 });
    await send({ To: '+989120000001' });
    await twilio.advance(2_000);
    await heard(1);
    expect(shop.callbacks[0]!.body).toContain('ErrorCode=30003');

    const service = `MG${'a'.repeat(32)}`;
    await twilio.control('PUT', `/accounts/${ACCOUNT_SID}`, { messagingServices: [service] });
    const sid = await send({ From: service, ScheduleType: 'fixed', SendAt: '2026-03-21T09:00:00Z' });
    await twilio.call('POST', `/Messages/${sid}.json`, { Status: 'canceled' });
    await heard(2);
    expect(shop.callbacks[1]!.body).toContain(`MessagingServiceSid=${service}`);
    expect(said()).toEqual(['undelivered', 'canceled']);
  });

  it('are forged, doubled and out of order for a magic recipient', async () => {
    await send({ To: '+989120000009' });
    await twilio.advance(2_000);
    await heard(5);
    expect(said()).toEqual(['undelivered', 'delivered', 'delivered', 'sent', 'sent']);
    expect(shop.callbacks.map(isGenuine)).toEqual([false, true, true, true, true]);
  });

  it('lie, have further and repeated fields, and are signed wrongly or not at all, as a rule says', async () => {
    await rule({ status: 'failed', fields: 'Tag=b&Tag=a&Tag=b&New=' });
    await rule({ signature: 'wrong' });
    await rule({ signature: 'missing', copies: 2 });
    await send();
    await twilio.advance(1_000);
    await heard(1);
    await twilio.advance(500);
    await heard(2);
    await twilio.advance(500);
    await heard(4);
    expect(said()).toEqual(['failed', 'sent', 'delivered', 'delivered']);
    expect(shop.callbacks[0]!.body).toContain('ErrorCode=30008&Tag=b&Tag=a&Tag=b&New=');
    expect(shop.callbacks.map(isGenuine)).toEqual([true, false, false, false]);
    expect(shop.callbacks.map(({ headers }) => 'x-twilio-signature' in headers)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('are tried again as often and after what the switches say, with the same token', async () => {
    const busy = await callbackShop(500, 404, 204);
    await twilio.control('PATCH', '/switches', { callbackRetries: 2, callbackRetryPolicy: '4xx' });
    await rule({ suppress: true, times: 2 });
    await send({ StatusCallback: busy.url });
    await twilio.advance(2_000);
    for (const count of [1, 2, 3]) {
      await expect
        .poll(async () => (await twilio.control('GET', '/journal?kind=callback')).body.entries, PATIENCE)
        .toHaveLength(count);
      await twilio.advance(1_000);
    }
    const tokens = busy.callbacks.map(({ headers }) => headers['i-twilio-idempotency-token']);
    expect([tokens.length, new Set(tokens).size]).toEqual([3, 1]);
    await busy.close();
  });

  it('come after a restart, and again when a test wants it', async () => {
    const sid = await send();
    await twilio.stop();
    twilio = await twilioUnderTest({}, { folder });
    await deliver();
    const { body } = await twilio.control('POST', `/messages/${sid}/callback`);
    expect(body.deliveries).toMatchObject([{ messageId: sid, status: 'delivered', answered: 204 }]);
    expect(said()).toEqual(['sending', 'sent', 'delivered', 'delivered']);
  });
});
