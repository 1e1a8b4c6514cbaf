import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { ACCOUNT_SID, FROM, twilioUnderTest, type TwilioUnderTest } from '../support/twilio-sandbox';

const SERVICE = `MG${'a'.repeat(32)}`;
const CONTENT = `HX${'b'.repeat(32)}`;
const TEST_ACCOUNT = `AC${'e'.repeat(32)}`;

let twilio: TwilioUnderTest;

beforeAll(async () => {
  twilio = await twilioUnderTest();
});
afterAll(() => twilio.stop());
beforeEach(async () => {
  await twilio.control('POST', '/reset');
  await twilio.control('POST', '/clock', { freeze: '2026-03-21T08:00:00Z' });
});

const account = (change: object, sid = ACCOUNT_SID) => twilio.control('PUT', `/accounts/${sid}`, change);
const fetched = async (sid: string) => (await twilio.call('GET', `/Messages/${sid}.json`)).body;
const list = async (query: string) => (await twilio.call('GET', `/Messages.json?${query}`)).body;
const codeOf = async (fields: Record<string, string>) => {
  const { status, body } = await twilio.send(fields);
  return status === 201 ? 201 : body.code;
};

describe('a message', () => {
  it('is answered with 201 and every field in its documented form', async () => {
    const { status, body } = await twilio.send({ Body: 'سلام' });
    expect(status).toBe(201);
    const uri = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${body.sid}`;
    expect(body).toEqual({
      account_sid: ACCOUNT_SID,
      api_version: '2010-04-01',
      body: 'سلام',
      date_created: 'Sat, 21 Mar 2026 08:00:00 +0000',
      date_sent: null,
      date_updated: 'Sat, 21 Mar 2026 08:00:00 +0000',
      direction: 'outbound-api',
      error_code: null,
      error_message: null,
      from: FROM,
      messaging_service_sid: null,
      num_media: '0',
      num_segments: '1',
      price: null,
      price_unit: null,
      sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
      status: 'queued',
      subresource_uris: { media: `${uri}/Media.json` },
      to: '+989121234567',
      uri: `${uri}.json`,
    });
  });

  it('is queued, sending, sent with its price, and delivered after two seconds; the inbox shows it', async () => {
    const { sid } = (await twilio.send({ Body: 'ی'.repeat(71) })).body;
    const seen = [];
    for (let quarter = 0; quarter < 4; quarter += 1) {
      await twilio.advance(500);
      const { status, date_sent: sent, price, price_unit: unit } = await fetched(sid);
      seen.push([status, sent, price, unit]);
    }
    expect(seen).toEqual([
      ['queued', null, null, null],
      ['sending', null, null, null],
      ['sent', 'Sat, 21 Mar 2026 08:00:01 +0000', '-0.01500', 'USD'],
      ['delivered', 'Sat, 21 Mar 2026 08:00:01 +0000', '-0.01500', 'USD'],
    ]);
    expect(twilio.inbox()).toEqual([
      {
        id: `twilio:${sid}`,
        provider: 'twilio',
        to: '+989121234567',
        from: FROM,
        text: 'ی'.repeat(71),
        sentAt: Date.parse('2026-03-21T08:00:01.500Z'),
        state: 'delivered',
      },
    ]);
    expect((await twilio.call('GET', '/Balance.json')).body).toEqual({
      account_sid: ACCOUNT_SID,
      balance: '99.98500',
      currency: 'USD',
    });
  });

  it('has its text and media in any documented way', async () => {
    await twilio.control('PUT', `/contents/${CONTENT}`, { text: 'کد {{1}} برای {{name}}' });
    const content = { Body: '', ContentSid: CONTENT, ContentVariables: '{"1":"123456","name":"شما"}' };
    expect((await twilio.send(content)).body.body).toBe('کد 123456 برای شما');
    const media = 'To=%2B989121234567&From=%2B15005550006&MediaUrl=https://a.ir/1&MediaUrl=https://a.ir/2';
    const { body } = await twilio.call('POST', '/Messages.json', media);
    expect(body).toMatchObject({ sid: expect.stringMatching(/^MM/), num_media: '2', body: '' });
  });

  it('waits for nothing longer than its validity', async () => {
    await twilio.control('PATCH', '/switches', { deliverAfterMs: 60_000 });
    const { sid } = (await twilio.send({ ValidityPeriod: '5' })).body;
    await twilio.advance(5_000);
    expect(await fetched(sid)).toMatchObject({
      status: 'failed',
      error_code: 30036,
      error_message: 'Validity Period Expired',
      price: null,
    });
  });

  it('can be redacted and deleted when it is over, and not before', async () => {
    const { sid } = (await twilio.send()).body;
    const update = (fields: string) => twilio.call('POST', `/Messages/${sid}.json`, fields);
    const remove = () => twilio.call('DELETE', `/Messages/${sid}.json`);
    expect([await update('Body='), await remove()]).toMatchObject([
      { status: 409, body: { code: 20009 } },
      { status: 409, body: { code: 20009 } },
    ]);
    for (const wrong of ['', 'Body=x', 'Status=sent', 'Body=&Status=canceled']) {
      expect(await update(wrong)).toMatchObject({ status: 400, body: { code: 30400 } });
    }
    expect(await update('Status=canceled')).toMatchObject({ status: 400, body: { code: 30409 } });
    await twilio.advance(2_000);
    expect(await update('Body=')).toMatchObject({ status: 200, body: { body: '', status: 'delivered' } });
    expect(await remove()).toMatchObject({ status: 204, body: '' });
    expect(await remove()).toMatchObject({ status: 404, body: { code: 20404 } });
    expect((await list('')).messages).toEqual([]);
  });
});

describe('a message through a Messaging Service', () => {
  beforeEach(() => account({ senders: [FROM], messagingServices: [SERVICE] }));

  it('is accepted first, and its sender and segments are told later', async () => {
    const { body } = await twilio.send({ From: '', MessagingServiceSid: SERVICE });
    expect(body).toMatchObject({
      status: 'accepted',
      from: null,
      num_segments: '0',
      messaging_service_sid: SERVICE,
    });
    await twilio.advance(500);
    expect(await fetched(body.sid)).toMatchObject({ status: 'queued', from: FROM, num_segments: '1' });
  });

  it('waits for its time, and can be cancelled until then', async () => {
    const scheduled = { From: SERVICE, ScheduleType: 'fixed', SendAt: '2026-03-21T08:05:00Z' };
    const [first, second] = [(await twilio.send(scheduled)).body, (await twilio.send(scheduled)).body];
    expect(first.status).toBe('scheduled');
    const canceled = await twilio.call('POST', `/Messages/${second.sid}.json`, { Status: 'canceled' });
    expect(canceled).toMatchObject({ status: 200, body: { status: 'canceled' } });
    expect(twilio.inbox()).toEqual([]);
    await twilio.advance(302_000);
    expect([(await fetched(first.sid)).status, (await fetched(second.sid)).status]).toEqual([
      'delivered',
      'canceled',
    ]);
  });
});

describe('a request', () => {
  it('is refused for each field with the code that belongs to it', async () => {
    await account({ senders: [FROM, 'Asoud'], messagingServices: [SERVICE], countries: ['+98', '+1500'] });
    const scheduled = { From: SERVICE, ScheduleType: 'fixed' };
    const refusals: [number, Record<string, string>][] = [
      [21604, { To: '' }],
      [21211, { To: '09121234567' }],
      [21211, { To: '+98912123456' }],
      [21211, { To: 'whatsapp:+989121234567' }],
      [21635, { To: '+982188776655' }],
      [21408, { To: '+12025550123' }],
      [21610, { To: '+989120000003' }],
      [21603, { From: '' }],
      [21212, { From: '+1' }],
      [21212, { From: 'a name too long' }],
      [21606, { From: '+15005550007' }],
      [21266, { From: FROM, To: FROM }],
      [21705, { MessagingServiceSid: 'MG1' }],
      [21701, { MessagingServiceSid: `MG${'c'.repeat(32)}` }],
      [21602, { Body: '' }],
      [21619, { Body: '', From: SERVICE }],
      [21617, { Body: 'x'.repeat(1_601) }],
      [21620, { MediaUrl: 'ftp://a.ir' }],
      [21655, { ContentSid: CONTENT }],
      [21609, { StatusCallback: 'https://under_score.ir/' }],
      [21609, { StatusCallback: `https://a.ir/${'x'.repeat(4_000)}` }],
      [21624, { ValidityPeriod: '0' }],
      [21624, { ValidityPeriod: '36001' }],
      [20001, { SmartEncoded: 'yes' }],
      [20001, { RiskCheck: 'maybe' }],
      [20001, { MessageIntent: 'chat' }],
      [20001, { ShortenUrls: 'true' }],
      [35126, { ...scheduled, ScheduleType: 'flexible' }],
      [35118, { ScheduleType: 'fixed', SendAt: '2026-03-21T09:00:00Z' }],
      [35111, scheduled],
      [35114, { ...scheduled, SendAt: '2026-03-21T08:04:59Z' }],
      [35114, { ...scheduled, SendAt: '2026-04-25T08:00:01Z' }],
      [35114, { ...scheduled, SendAt: 'tomorrow' }],
    ];
    const codes = [];
    for (const [, fields] of refusals) codes.push(await codeOf(fields));
    expect(codes).toEqual(refusals.map(([code]) => code));
    expect(twilio.inbox()).toEqual([]);
  });

  it('is accepted with each field that changes nothing, and with a number as people write it', async () => {
    const { status, body } = await twilio.send({
      To: '+98 (912) 123-4567',
      SmartEncoded: 'true',
      ProvideFeedback: 'false',
      Attempt: '2',
      MaxPrice: '0.1',
      MessageIntent: 'otp',
      RiskCheck: 'disable',
      ContentRetention: 'retain',
      AddressRetention: 'retain',
      TrafficType: 'free',
      ValidityPeriod: '36000',
      Body: 'x'.repeat(1_600),
    });
    expect([status, body.to, body.num_segments]).toEqual([201, '+989121234567', '11']);
  });

  it('gets an error in the documented form', async () => {
    expect(await twilio.send({ To: '123' })).toMatchObject({
      status: 400,
      body: {
        code: 21211,
        message: "The 'To' number 123 is not a valid phone number",
        more_info: 'https://www.twilio.com/docs/errors/21211',
        status: 400,
      },
    });
    expect(await twilio.call('GET', '/Calls.json')).toMatchObject({ status: 404, body: { code: 20404 } });
    expect(await twilio.call('DELETE', '/Messages.json')).toMatchObject({
      status: 405,
      body: { code: 20004 },
    });
  });
});

describe('a list', () => {
  it('filters by numbers and by the time of sending', async () => {
    const { sid: early } = (await twilio.send()).body;
    await twilio.advance(24 * 3_600_000);
    const { sid: late } = (await twilio.send({ To: '+989127654321' })).body;
    await twilio.advance(2_000);
    const { sid: queued } = (await twilio.send()).body;
    const sids = async (query: string) => (await list(query)).messages.map(({ sid }: { sid: string }) => sid);
    expect(await sids('')).toEqual([queued, late, early]);
    expect(await sids('To=%2B989121234567')).toEqual([queued, early]);
    expect(await sids('From=%2B15005550007')).toEqual([]);
    expect(await sids('DateSent=2026-03-22')).toEqual([late]);
    expect(await sids('DateSent<=2026-03-22')).toEqual([early]);
    expect(await sids('DateSent%3E=2026-03-21T08:00:02Z')).toEqual([late]);
    expect(await sids('To=%2B989121234567&DateSent=2026-03-21T08:00:01Z')).toEqual([early]);
    await twilio.control('PATCH', '/switches', { dateSentAtOnce: true });
    expect(await sids('DateSent=2026-03-22')).toEqual([queued, late]);
    for (const wrong of ['DateSent=then', 'PageSize=0', 'Page=x', 'PageToken=PAnone']) {
      expect(await list(wrong)).toMatchObject({ code: 20001 });
    }
  });

  it('goes forth and back in pages that new messages do not move', async () => {
    for (const text of ['1', '2', '3', '4', '5']) await twilio.send({ Body: text });
    const read = async (uri: string) => (await twilio.call('GET', uri.split(ACCOUNT_SID)[1]!)).body;
    const texts = (page: { messages: { body: string }[] }) => page.messages.map(({ body }) => body);
    const first = await list('PageSize=2');
    expect(first).toMatchObject({ page: 0, page_size: 2, start: 0, end: 1, previous_page_uri: null });
    await twilio.send({ Body: '6' });
    const second = await read(first.next_page_uri);
    const third = await read(second.next_page_uri);
    expect([first, second, third].map(texts)).toEqual([['5', '4'], ['3', '2'], ['1']]);
    expect(third).toMatchObject({ page: 2, next_page_uri: null });
    expect(texts(await read(third.previous_page_uri))).toEqual(['3', '2']);
    expect(texts(await read(third.first_page_uri))).toEqual(['6', '5']);
  });
});

describe('an account', () => {
  const other = `AC${'d'.repeat(32)}`;
  const key = `SK${'f'.repeat(32)}`;

  it('is opened by its token or one of its keys, and by nothing else', async () => {
    await account({ authToken: 'token', apiKeys: [`${key}:secret`] }, other);
    const as = (user: string, password: string) => twilio.send({}, { account: other, user, password });
    expect((await as(other, 'token')).status).toBe(201);
    const { body } = await as(key, 'secret');
    expect((await twilio.control('GET', `/messages/${body.sid}`)).body).toMatchObject({
      keySid: key,
      text: 'سلام',
      to: '+********4567',
    });
    for (const [user, password] of [
      [other, 'wrong'],
      [key, 'token'],
      [ACCOUNT_SID, 'token'],
    ] as const) {
      const refused = await as(user, password);
      expect(refused).toMatchObject({ status: 401, body: { code: 20003, message: 'Authenticate' } });
      expect(refused.headers.get('www-authenticate')).toBe('Basic realm="Twilio API"');
    }
    expect((await twilio.call('GET', `/Messages/${body.sid}.json`)).status).toBe(404);
  });

  it('is closed, suspended, on trial, or asks too often', async () => {
    await account({ standing: 'closed' });
    expect(await twilio.send()).toMatchObject({ status: 401, body: { code: 20005 } });
    await account({ standing: 'suspended' });
    const { sid } = (await twilio.send()).body;
    await twilio.advance(2_000);
    await account({ standing: 'active', kind: 'trial', verifiedNumbers: ['+989121234567'] });
    expect(await fetched(sid)).toMatchObject({ status: 'failed', error_code: 30002 });
    expect([await codeOf({}), await codeOf({ To: '+989127654321' })]).toEqual([201, 21608]);
    await twilio.advance(60_000);
    await account({ callsPerMinute: 1 });
    expect([await codeOf({}), await codeOf({})]).toEqual([201, 20429]);
  });

  it('with test credentials knows the magic numbers and does nothing else', async () => {
    await account({ kind: 'test' }, TEST_ACCOUNT);
    const as = { account: TEST_ACCOUNT };
    const magic: [number, Record<string, string>][] = [
      [21211, { To: '+15005550001' }],
      [21612, { To: '+15005550002' }],
      [21408, { To: '+15005550003' }],
      [21610, { To: '+15005550004' }],
      [21614, { To: '+15005550009' }],
      [21212, { From: '+15005550001' }],
      [21606, { From: '+15005550007' }],
      [21611, { From: '+15005550008' }],
      [21606, { From: '+15005550010' }],
    ];
    for (const [code, fields] of magic) {
      expect(await twilio.send(fields, as)).toMatchObject({ status: 400, body: { code } });
    }
    const { status, body } = await twilio.send({}, as);
    expect([status, body.status]).toEqual([201, 'queued']);
    for (const path of ['/Messages.json', '/Conferences.json']) {
      const refused = await twilio.call('GET', path, undefined, as);
      expect(refused).toMatchObject({ status: 403, body: { code: 20008 } });
    }
    expect(twilio.inbox()).toEqual([]);
  });
});

describe('a magic recipient', () => {
  it('is out of reach, refused by the operator, or reported late', async () => {
    const sids = [];
    for (const last of ['1', '2', '4']) {
      sids.push((await twilio.send({ To: `+98912000000${last}` })).body.sid);
    }
    await twilio.advance(2_000);
    expect(await Promise.all(sids.map(fetched))).toMatchObject([
      { status: 'undelivered', error_code: 30003 },
      { status: 'failed', error_code: 30007 },
      { status: 'sent', error_code: null },
    ]);
    await twilio.advance(600_000);
    expect(await fetched(sids[2])).toMatchObject({ status: 'delivered' });
    expect(twilio.inbox().map(({ state }) => state)).toEqual(['delivered', 'failed', 'undelivered']);
  });

  it('hangs, is cut after the effect, meets a firewall, or an error in 200', async () => {
    const answers = await Promise.allSettled([
      fetch(`${twilio.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`, {
        method: 'POST',
        body: new URLSearchParams({ To: '+989120000005' }),
        signal: AbortSignal.timeout(100),
      }),
      twilio.send({ To: '+989120000006' }),
      twilio.send({ To: '+989120000007' }),
      twilio.send({ To: '+989120000008' }),
    ]);
    expect(answers).toMatchObject([
      { status: 'rejected', reason: { name: 'TimeoutError' } },
      { status: 'rejected', reason: { message: 'fetch failed' } },
      { value: { status: 502, body: expect.stringContaining('<html>') } },
      { value: { status: 200, body: { code: 20429 } } },
    ]);
    expect(twilio.inbox().map(({ to }) => to)).toEqual(['+989120000006']);
  });
});

describe('what goes wrong on demand', () => {
  it('is any code, once, for one recipient, with how long to wait', async () => {
    const fault = { kind: 'code', code: 20429, to: '+989121234567', retryAfterSeconds: 7 };
    await twilio.control('POST', '/faults', fault);
    expect((await twilio.send({ To: '+989127654321' })).status).toBe(201);
    const refused = await twilio.send();
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      20429,
      '7',
    ]);
    expect((await twilio.send()).status).toBe(201);
  });

  it('leaves no token, number or text in the journal and in what is armed', async () => {
    await account({ authToken: 'a-token', apiKeys: [`SK${'f'.repeat(32)}:a-secret`] });
    await twilio.control('POST', '/faults', { kind: 'html', to: '+989121234567' });
    await twilio.send({ Body: 'کد 123456' });
    await twilio.send({ To: '+98 (912) 123-4567', Body: 'کد 123456' }, { password: 'a-token' });
    await twilio.send({ To: '09121234567' }, { password: 'a-token' });
    const { body: journal } = await twilio.control('GET', '/journal?to=%2B989121234567');
    expect(journal.entries).toHaveLength(2);
    const shown = [
      await twilio.control('GET', '/journal'),
      await twilio.control('GET', '/faults'),
      await twilio.control('GET', '/accounts'),
      await twilio.control('GET', '/messages'),
      await twilio.control('GET', ''),
    ];
    expect(JSON.stringify(shown)).not.toMatch(/a-token|a-secret|121234567|\(912\)/);
    expect(JSON.stringify([shown[0], shown[1]])).not.toContain('123456');
  });
});
