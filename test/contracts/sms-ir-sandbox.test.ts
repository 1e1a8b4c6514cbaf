import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startProvider, type RunningProvider } from '../../sandbox/kit/start-provider';
import { CODES } from '../../sandbox/providers/sms-ir/codes';
import { smsIrProvider } from '../../sandbox/providers/sms-ir/provider';
import { askHost } from '../support/ask-host';
import { smsIrCaller, SMS_IR_KEY, SMS_IR_LINE, type SmsIrCaller } from '../support/sms-ir-caller';

const TO = '09121234567';
const LINE = Number(SMS_IR_LINE);
const provider = smsIrProvider({ apiKey: SMS_IR_KEY, line: SMS_IR_LINE });
let sandbox: RunningProvider;
let smsIr: SmsIrCaller;

beforeAll(async () => {
  sandbox = await startProvider(provider, { port: 0 });
  smsIr = smsIrCaller(sandbox.url);
});
afterAll(() => sandbox.stop());
beforeEach(async () => {
  await smsIr.control('POST', 'reset', {});
  await smsIr.control('POST', 'clock', { freeze: true });
});

/** A refusal with its true text, its HTTP status and no data. */
function refused(code: number, status = 400) {
  return { status, body: { status: code, message: CODES[code], data: null } };
}

const verify = (change: object = {}) =>
  smsIr.call('POST', 'send/verify', {
    mobile: TO,
    templateId: 100001,
    parameters: [{ name: 'Code', value: '12345' }],
    ...change,
  });
const bulk = (change: object = {}) =>
  smsIr.call('POST', 'send/bulk', { lineNumber: LINE, messageText: 'سلام', mobiles: [TO], ...change });
const pairs = (change: object = {}) =>
  smsIr.call('POST', 'send/likeToLike', {
    lineNumber: LINE,
    messageTexts: ['a', 'b'],
    mobiles: [TO, TO],
    ...change,
  });
const many = (count: number) => Array.from({ length: count }, () => TO);

describe('sending', () => {
  it('sends by template, whose names it takes in any letter case, and takes its price from the credit', async () => {
    const before = await smsIr.credit();
    const { status, body } = await verify();
    expect({ status, body }).toEqual({
      status: 200,
      body: { status: 1, message: 'موفق', data: { messageId: expect.any(Number), cost: 1 } },
    });
    expect(provider.messages()).toMatchObject([
      {
        id: `sms-ir:${body.data.messageId}`,
        to: '+989121234567',
        text: 'کد ورود: 12345\n\n@127.0.0.1 #12345',
        template: '100001',
        state: 'pending',
      },
    ]);
    expect(await smsIr.credit()).toBe(before - 1);
  });

  it('gives ids that fit into 32 bits and come never again, also after a reset', async () => {
    const [first] = (await smsIr.bulk([TO])).messageIds;
    await smsIr.control('POST', 'reset', {});
    const [second] = (await smsIr.bulk([TO])).messageIds;
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(first);
    expect(second).toBeLessThan(2 ** 31);
  });

  it('puts 0 in the place of who is on the blacklist, and null for a wrong number or too long a text', async () => {
    await smsIr.control('PUT', 'blacklist/09121111111', { blocks: 'advertising' });
    const mobiles = [TO, '09121111111', '0912', '09120000003', '9121234568'];
    const data = await smsIr.bulk(mobiles);
    expect(data).toEqual({
      packId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      messageIds: [expect.any(Number), 0, null, 0, expect.any(Number)],
      cost: 2,
    });
    const { messageIds } = (await pairs({ messageTexts: ['a', 'ا'.repeat(671)] })).body.data;
    expect(messageIds).toEqual([expect.any(Number), null]);

    await smsIr.account({ serviceLines: [SMS_IR_LINE] });
    expect((await smsIr.bulk(mobiles)).messageIds.slice(1, 4)).toEqual([expect.any(Number), null, 0]);
    await smsIr.switches({ wrongMobile: 'refuse' });
    expect(await bulk({ mobiles })).toEqual(refused(104));
  });

  it('sends templates to people who block advertising, and not to those on the blacklist of all', async () => {
    await smsIr.control('PUT', 'blacklist/09121111111', { blocks: 'advertising' });
    expect((await verify({ mobile: '09121111111' })).body.status).toBe(1);
    expect(await verify({ mobile: '09120000003' })).toEqual(refused(115));
  });

  it('charges each part of a text', async () => {
    expect((await smsIr.bulk([TO], { messageText: 'ا'.repeat(71) })).cost).toBe(2);
    await smsIr.switches({ tenthsPerPart: 13 });
    expect((await smsIr.bulk([TO], { messageText: 'a'.repeat(160) })).cost).toBe(1.3);
  });

  it('sends by a URL alone, with the key as password', async () => {
    const query = `username=u&password=${SMS_IR_KEY}&line=${SMS_IR_LINE}&mobile=+989121234567&text=x`;
    for (const method of ['GET', 'POST'] as const) {
      const { body } = await smsIr.call(method, `send?${query}`, undefined, '');
      expect(body.data).toEqual({ messageId: expect.any(Number), cost: 1 });
    }
    await smsIr.account({ username: 'other' });
    expect(await smsIr.call('GET', `send?${query}`)).toEqual(refused(10, 401));
  });

  it('tolerates what real clients send', async () => {
    const mixed = { LINENUMBER: SMS_IR_LINE, MessageText: 'x', Mobiles: [TO], senddatetime: null };
    for (const mobile of ['9121234567', '+989121234567', '00989121234567']) {
      expect((await verify({ mobile })).body.status, mobile).toBe(1);
    }
    const pascal = { Mobile: TO, TemplateId: '100001', Parameters: [{ Name: 'CODE', Value: 1 }] };
    for (const [path, body] of [
      ['send/bulk/', mixed],
      ['Send/Bulk', mixed],
      ['send/verify/', pascal],
      ['send/liketolike', { ...mixed, MessageTexts: ['x'] }],
      ['send/likeTolike', { ...mixed, messageTexts: ['x'] }],
    ] as const) {
      expect((await smsIr.call('POST', path, body)).body.status, path).toBe(1);
    }
    const listed = await smsIr.call('GET', 'send/live/?PageSize=2&PAGENUMBER=2', { pageSize: 1 });
    expect(listed.body.data).toHaveLength(2);
    const query = `password=${SMS_IR_KEY}&line=${SMS_IR_LINE}&mobile=${TO}&text=x`;
    const asToProxy = await askHost(sandbox.url, 'api.sms.ir', `http://api.sms.ir/v1/send?${query}`, {});
    expect(asToProxy).toMatchObject({ status: 200, body: { status: 1 } });
    expect((await askHost(sandbox.url, 'api.sms.ir', '/_sandbox/journal', undefined, 'GET')).status).toBe(
      404,
    );
  });
});

describe('refusals', () => {
  it('has every code of the documentation that a request can bring about, with its HTTP status', async () => {
    await smsIr.control('PUT', 'templates/200', { text: '#A#', isApproved: false });
    const parameter = (name: unknown, value: unknown) => verify({ parameters: [{ name, value }] });
    const cases: [number, () => ReturnType<typeof verify>][] = [
      [16, () => smsIr.call('POST', 'send/bulk', '[]')],
      [16, () => smsIr.call('POST', 'send/bulk', '{"a":')],
      [16, () => bulk({ mobiles: TO })],
      [16, () => verify({ templateId: 'x' })],
      [16, () => verify({ parameters: {} })],
      [16, () => smsIr.call('GET', 'send/live?pageSize=x')],
      [101, () => bulk({ lineNumber: 1 })],
      [101, () => bulk({ lineNumber: undefined })],
      [103, () => bulk({ messageText: ' ' })],
      [103, () => pairs({ messageTexts: ['a', ''] })],
      [104, () => verify({ mobile: '02188776655' })],
      [105, () => bulk({ mobiles: many(101) })],
      [106, () => pairs({ messageTexts: many(101) })],
      [107, () => bulk({ mobiles: [] })],
      [108, () => pairs({ messageTexts: undefined })],
      [110, () => pairs({ messageTexts: ['a'] })],
      [111, () => smsIr.call('GET', 'send/1')],
      [111, () => smsIr.call('GET', 'send/pack/11111111-2222-4333-8444-555555555555')],
      [112, () => smsIr.call('DELETE', 'send/scheduled/11111111-2222-4333-8444-555555555555')],
      [113, () => verify({ templateId: 123456 })],
      [113, () => verify({ templateId: 200 })],
      [114, () => parameter('CODE', 'x'.repeat(26))],
      [116, () => parameter('', '1')],
      [116, () => parameter('OTHER', '1')],
      [116, () => verify({ parameters: null })],
    ];
    for (const [code, ask] of cases) expect(await ask(), String(code)).toEqual(refused(code));
    expect(provider.messages()).toEqual([]);
    await smsIr.switches({ unapprovedTemplate: 117, onlyOtpTemplates: true });
    expect(await verify({ templateId: 200 })).toEqual(refused(117));
    expect(await verify({ templateId: 100003 })).toEqual(refused(124));
  });

  it('has accounts of every kind', async () => {
    const cases: [number, number, object][] = [
      [11, 401, { isKeyDisabled: true }],
      [12, 401, { addresses: ['192.0.2.1'] }],
      [13, 401, { standing: 'disabled' }],
      [14, 401, { standing: 'suspended' }],
      [15, 400, { hasWebService: false }],
      [20, 429, { callsPerMinute: 0 }],
      [102, 400, { creditTenths: 9 }],
      [117, 400, { mayLink: false }],
      [123, 400, { inactiveLines: [SMS_IR_LINE] }],
    ];
    const message = { messageText: 'https://shop.example.ir' };
    for (const [code, status, change] of cases) {
      await smsIr.control('POST', 'reset', {});
      expect((await smsIr.account(change)).status).toBe(200);
      expect(await bulk(message)).toEqual(refused(code, status));
    }
    await smsIr.control('POST', 'reset', {});
    await smsIr.account({ hasOwnTemplates: false });
    expect(await verify()).toEqual(refused(119));
    for (const key of ['a-stranger', '']) {
      expect(await smsIr.call('GET', 'credit', undefined, key)).toEqual(refused(10, 401));
    }
  });

  it('shows an account nothing of another', async () => {
    const { packId, messageIds } = await smsIr.bulk([TO]);
    await smsIr.control('PUT', 'accounts/other', {});
    const paths = [`send/${messageIds[0]}`, `send/pack/${packId}`];
    for (const path of paths) {
      expect(await smsIr.call('GET', path, undefined, 'other')).toEqual(refused(111));
    }
    for (const path of ['send/live', 'send/pack']) {
      expect((await smsIr.call('GET', path, undefined, 'other')).body.data).toEqual([]);
    }
  });

  it('says any code where it is armed, under its class or under 200', async () => {
    for (const [text, message] of Object.entries(CODES)) {
      const code = Number(text);
      await smsIr.control('POST', 'faults', { kind: 'code', code, endpoint: 'credit' });
      expect((await smsIr.call('GET', 'credit')).body).toEqual({ status: code, message, data: null });
    }
    await smsIr.control('POST', 'faults', { kind: 'code', code: 20, retryAfterSeconds: 7 });
    expect((await fetch(`${sandbox.url}/v1/credit`)).headers.get('retry-after')).toBe('7');
    await smsIr.switches({ httpMode: 'always200' });
    expect(await smsIr.call('GET', 'credit', undefined, 'x')).toEqual(refused(10, 200));
  });

  it('is an empty 404 where it has nothing, and 405 for another method', async () => {
    expect(await smsIr.call('GET', 'send/nothing')).toEqual({ status: 404, body: '' });
    expect(await smsIr.call('GET', 'send/bulk')).toEqual({ status: 405, body: '' });
  });
});

it('spoils what goes to magic recipients, armed or not', async () => {
  const answers = async (mobile: string) => verify({ mobile }).catch(() => 'cut');
  expect(await answers('09120000006')).toBe('cut');
  expect(provider.messages()).toMatchObject([{ to: '+989120000006' }]);
  expect(await answers('09120000007')).toMatchObject({
    status: 502,
    body: expect.stringContaining('<html>'),
  });
  expect(await answers('09120000008')).toEqual(refused(0, 200));
  expect(provider.messages()).toHaveLength(1);
  await smsIr.control('POST', 'faults', { kind: 'blank', to: '+989121234567', template: '100001' });
  expect(await verify({ templateId: 100002 })).toMatchObject({ status: 200, body: { status: 1 } });
  expect(await verify()).toEqual({ status: 200, body: '' });
});

it('has keys of the sandbox type, which send, keep and cost nothing', async () => {
  await smsIr.account({ keyType: 'sandbox' });
  const before = await smsIr.credit();
  expect(await verify()).toEqual(refused(113));
  const { messageId } = (await verify({ templateId: 123456 })).body.data;
  const { packId, messageIds } = await smsIr.bulk([TO, '1']);
  expect(messageIds).toEqual([expect.any(Number), null]);
  for (const path of [`send/${messageId}`, `send/${messageIds[0]}`, `send/pack/${packId}`]) {
    expect(await smsIr.call('GET', path)).toEqual(refused(111));
  }
  expect(await smsIr.credit()).toBe(before);
  expect(provider.messages()).toEqual([]);
});

it('hides keys and numbers in journal and control API', async () => {
  const { messageIds } = await smsIr.bulk([TO]);
  await smsIr.call('GET', `send?password=${SMS_IR_KEY}&line=${SMS_IR_LINE}&mobile=${TO}&text=x`);
  await smsIr.control('PUT', 'blacklist/09121111111', { blocks: 'all' });
  await smsIr.account({ username: null });
  await smsIr.call('GET', 'send/live');
  await smsIr.control('POST', 'inbound', { line: SMS_IR_LINE, from: TO, text: 'x' });
  await smsIr.call('GET', 'receive/live');
  const shown = await smsIr.control('GET', `messages/${messageIds[0]}`);
  expect(shown.body).toMatchObject({ text: 'سلام', mobileAsSent: '*******4567', line: SMS_IR_LINE });
  for (const path of ['journal', 'messages', 'inbound', 'accounts', 'blacklist', 'faults']) {
    const text = JSON.stringify((await smsIr.control('GET', path)).body);
    for (const secret of [SMS_IR_KEY, '9121234567', '9121111111']) expect(text, path).not.toContain(secret);
  }
});
