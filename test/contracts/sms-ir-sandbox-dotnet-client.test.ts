import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { startProvider, type RunningProvider } from '../../sandbox/kit/start-provider';
import { CODES } from '../../sandbox/providers/sms-ir/codes';
import { smsIrProvider } from '../../sandbox/providers/sms-ir/provider';
import { smsIrCaller, SMS_IR_KEY, SMS_IR_LINE, type SmsIrCaller } from '../support/sms-ir-caller';

// What the official .NET client IPE.SmsIrClient puts on the wire, and what it can read.

const TO = '09121234567';
const LineNumber = Number(SMS_IR_LINE);
let sandbox: RunningProvider;
let smsIr: SmsIrCaller;

beforeAll(async () => {
  sandbox = await startProvider(smsIrProvider({ apiKey: SMS_IR_KEY, line: SMS_IR_LINE }), { port: 0 });
  smsIr = smsIrCaller(sandbox.url);
});
afterAll(() => sandbox.stop());
beforeEach(() => smsIr.control('POST', 'reset', {}));

async function ask(method: 'GET' | 'POST' | 'DELETE', route: string, data?: object) {
  const { statusCode, headers, body } = await request(`${sandbox.url}/v1/${route}`, {
    method,
    headers: {
      'x-api-key': SMS_IR_KEY,
      ...(data ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    },
    ...(data ? { body: JSON.stringify(data) } : {}),
  });
  // It reads nothing of another type.
  expect(headers['content-type']).toMatch(/^application\/json\b/);
  return { statusCode, ...((await body.json()) as { status: number; data: unknown }) };
}

const int32 = expect.toSatisfy((id) => Number.isInteger(id) && id > 0 && id < 2 ** 31);
const guid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const pack = (count: number) => ({ packId: guid, messageIds: Array(count).fill(int32), cost: count });
const Texts = { LineNumber, MessageTexts: ['a', 'b'], Mobiles: [TO, TO], SendDateTime: null };
const Text = { LineNumber, MessageText: 'x', Mobiles: [TO], SendDateTime: null };
const Verify = { Mobile: TO, TemplateId: 100002, Parameters: [{ Name: 'Code', Value: '12345' }] };

it.each([
  ['send/bulk', Text, pack(1)],
  ['send/likeTolike', Texts, pack(2)],
  ['send/verify', Verify, { messageId: int32, cost: 1 }],
  // The documentation's samples mix the letter cases in one body.
  ['send/bulk', { lineNumber: LineNumber, MessageText: 'x', Mobiles: [TO], senddatetime: null }, pack(1)],
  ['send/likeToLike', { lineNumber: LineNumber, messageTexts: ['a', 'b'], Mobiles: [TO, TO] }, pack(2)],
  ['send/verify/', { ...Verify, Parameters: [{ name: 'Code', value: '1' }] }, { messageId: int32, cost: 1 }],
])('takes %s %j', async (route, body, data) => {
  expect(await ask('POST', route, body)).toMatchObject({ statusCode: 200, status: 1, data });
});

it('answers each of its other calls', async () => {
  const SendDateTime = Math.floor(Date.now() / 1_000) + 7_200;
  const later = (await ask('POST', 'send/bulk', { ...Text, SendDateTime })).data as { packId: string };
  const { packId, messageIds } = (await ask('POST', 'send/bulk', Text)).data as ReturnType<typeof pack>;
  const report = {
    messageId: messageIds[0],
    mobile: 9121234567,
    lineNumber: LineNumber,
    deliveryState: null,
  };
  await smsIr.control('POST', 'inbound', { line: SMS_IR_LINE, from: TO, text: 'x' });
  const cases: [string, unknown][] = [
    [`send/${messageIds[0]}`, report],
    [`send/pack/${String(packId)}`, [report]],
    ['send/live?pageNumber=1&pageSize=100', [report]],
    ['send/archive?pageNumber=1&pageSize=100&fromDate=1&toDate=2', []],
    ['send/pack?pageNumber=1&pageSize=1', [{ packId, recipientCount: 1 }]],
    [
      'receive/live?pageNumber=1&pageSize=100&sortByNewest=True',
      [{ number: LineNumber, mobile: 9121234567 }],
    ],
    ['receive/latest?count=100', [{ receiveReturnId: int32, messageText: 'x' }]],
    ['receive/archive?pageNumber=1&pageSize=100', []],
    ['credit', 9_998],
    ['line', [LineNumber]],
  ];
  for (const [route, data] of cases) {
    expect(await ask('GET', route), route).toMatchObject({ statusCode: 200, status: 1, data });
  }
  expect(await ask('DELETE', `send/scheduled/${later.packId}`)).toMatchObject({
    data: { returnedCreditCount: 1, smsCount: 1 },
  });
});

const CLASSES: Readonly<Record<number, number>> = { 0: 500, 1: 200, 20: 429 };

it.each(Object.keys(CODES).map(Number))('says code %d under an HTTP status that it reads', async (code) => {
  await smsIr.control('POST', 'faults', { kind: 'code', code });
  const status = code >= 10 && code <= 14 ? 401 : (CLASSES[code] ?? 400);
  expect(await ask('GET', 'credit')).toMatchObject({ statusCode: status, status: code, data: null });
});

it('hides keys and numbers under names in any letter case', async () => {
  await ask('POST', 'send/bulk', Text);
  await ask('POST', 'send/verify', Verify);
  await ask('GET', `send?Username=u&Password=${SMS_IR_KEY}&Line=${SMS_IR_LINE}&MOBILE=${TO}&Text=x`);
  const journal = JSON.stringify((await smsIr.control('GET', 'journal')).body);
  expect(journal).toContain('*******4567');
  for (const secret of [SMS_IR_KEY, '9121234567']) expect(journal).not.toContain(secret);
});
