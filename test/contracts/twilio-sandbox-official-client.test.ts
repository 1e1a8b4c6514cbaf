import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { officialTwilio } from '../support/official-twilio-client';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  FROM,
  twilioUnderTest,
  type TwilioUnderTest,
} from '../support/twilio-sandbox';

const TO = '+989121234567';
const SERVICE = `MG${'a'.repeat(32)}`;
const KEY = `SK${'f'.repeat(32)}`;

let sandbox: TwilioUnderTest;

beforeAll(async () => {
  sandbox = await twilioUnderTest();
  const change = { messagingServices: [SERVICE], apiKeys: [`${KEY}:secret`] };
  await sandbox.control('PUT', `/accounts/${ACCOUNT_SID}`, change);
});
afterAll(() => sandbox.stop());

describe('the official client, unmodified', () => {
  it('sends, fetches, lists in pages, redacts and removes', async () => {
    const client = officialTwilio(sandbox.url, ACCOUNT_SID, AUTH_TOKEN);
    const sent = await client.messages.create({
      to: TO,
      from: FROM,
      body: 'سلام',
      validityPeriod: 60,
      smartEncoded: true,
      mediaUrl: ['https://a.ir/1', 'https://a.ir/2'],
    });
    expect(sent).toMatchObject({
      status: 'queued',
      numMedia: '2',
      dateCreated: new Date('2026-03-21T08:00:00Z'),
    });
    for (const body of ['1', '2', '3']) await client.messages.create({ to: TO, from: FROM, body });
    await sandbox.advance(2_000);

    const fetched = await client.messages(sent.sid).fetch();
    expect(fetched).toMatchObject({
      status: 'delivered',
      price: '-0.00750',
      priceUnit: 'USD',
      errorCode: null,
    });
    const dateSentAfter = new Date('2026-03-21T08:00:00Z');
    const dateSentBefore = new Date('2026-03-21T09:00:00Z');
    const query = { to: TO, from: FROM, dateSentAfter, dateSentBefore, pageSize: 2 };
    const all = await client.messages.list(query);
    expect(all.map(({ body }) => body)).toEqual(['3', '2', '1', 'سلام']);
    const second = await (await client.messages.page(query)).nextPage();
    expect(second?.instances.map(({ body }) => body)).toEqual(['1', 'سلام']);
    expect((await second?.previousPage())?.instances.map(({ body }) => body)).toEqual(['3', '2']);

    expect((await fetched.update({ body: '' })).body).toBe('');
    expect(await fetched.remove()).toBe(true);
    await expect(client.messages(sent.sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
    expect((await client.balance.fetch()).currency).toBe('USD');
  });

  it('schedules with an API key and cancels', async () => {
    const client = officialTwilio(sandbox.url, KEY, 'secret', { accountSid: ACCOUNT_SID });
    const scheduled = await client.messages.create({
      to: TO,
      messagingServiceSid: SERVICE,
      body: 'later',
      scheduleType: 'fixed',
      sendAt: new Date('2026-03-21T10:00:00Z'),
    });
    expect(scheduled.status).toBe('scheduled');
    const canceled = await client.messages(scheduled.sid).update({ status: 'canceled' });
    expect(canceled.status).toBe('canceled');
  });

  it('rejects with status, code, message and link', async () => {
    const client = officialTwilio(sandbox.url, ACCOUNT_SID, AUTH_TOKEN);
    await expect(client.messages.create({ to: '123', from: FROM, body: 'x' })).rejects.toMatchObject({
      status: 400,
      code: 21211,
      message: "The 'To' number 123 is not a valid phone number",
      moreInfo: 'https://www.twilio.com/docs/errors/21211',
    });
    const stranger = officialTwilio(sandbox.url, ACCOUNT_SID, 'wrong');
    await expect(stranger.messages.list()).rejects.toMatchObject({ status: 401, code: 20003 });
  });
});
