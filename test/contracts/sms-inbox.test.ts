import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startProvider, type RunningProvider } from '../../sandbox/kit/start-provider';
import { smsIrProvider } from '../../sandbox/providers/sms-ir/provider';
import { codeOf } from '../../sandbox/providers/sms/code-of';
import type { InboxMessage } from '../../sandbox/providers/sms/inbox-message';
import { smsInboxProvider } from '../../sandbox/providers/sms/inbox-provider';
import { askHost } from '../support/ask-host';
import { smsIrCaller, SMS_IR_KEY, SMS_IR_LINE } from '../support/sms-ir-caller';

const NOON = Date.parse('2027-03-10T12:00:00+03:30');

let kept: InboxMessage[] = [];
let inbox: RunningProvider;

beforeAll(async () => {
  const older = { messages: () => kept.filter(({ provider }) => provider === 'twilio') };
  const newer = { messages: () => kept.filter(({ provider }) => provider !== 'twilio') };
  inbox = await startProvider(smsInboxProvider([older, newer]), { port: 0 });
});
afterAll(() => inbox.stop());
beforeEach(() => {
  kept = [];
});

function buildMessage(change: Partial<InboxMessage> = {}): InboxMessage {
  return {
    id: `sms-ir:${kept.length + 1}`,
    provider: 'sms-ir',
    to: '+989121234567',
    from: '30007732000000',
    text: 'کد ورود: ۱۲۳۴۵۶\n\n@127.0.0.1 #123456',
    sentAt: NOON + kept.length,
    state: 'delivered',
    ...change,
  };
}

async function read(path: string): Promise<{ status: number; total: number; ids: string[] }> {
  const response = await fetch(inbox.url + path);
  const { total, messages = [] } = (await response.json()) as { total: number; messages?: InboxMessage[] };
  return { status: response.status, total, ids: messages.map(({ id }) => id) };
}

const page = async (path: string, language = 'en') =>
  (await fetch(inbox.url + path, { headers: { 'Accept-Language': language, Accept: 'text/html' } })).text();

describe('as JSON', () => {
  it('has the messages of all sandboxes, newest first, by number in any spelling, provider and limit', async () => {
    kept = [
      buildMessage({ id: 'a', sentAt: NOON }),
      buildMessage({ id: 'b', sentAt: NOON + 2, to: '+15005550001' }),
      buildMessage({ id: 'c', sentAt: NOON + 1, provider: 'twilio' }),
    ];
    expect(await read('/messages')).toEqual({ status: 200, total: 3, ids: ['b', 'c', 'a'] });
    const spellings = [
      '09121234567',
      '9121234567',
      '%2B989121234567',
      '00989121234567',
      '۰۹۱۲۱۲۳۴۵۶۷',
      '4567',
    ];
    for (const to of [...spellings, '+98 912 123 4567']) {
      expect((await read(`/messages?to=${to}`)).ids, to).toEqual(['c', 'a']);
    }
    expect((await read('/messages?to=%2B15005550001')).ids).toEqual(['b']);
    expect((await read('/messages?to=abc')).ids).toEqual([]);
    expect((await read('/messages?provider=twilio')).ids).toEqual(['c']);
    expect(await read('/messages?limit=1')).toMatchObject({ total: 3, ids: ['b'] });
    expect((await read('/messages?limit=1001')).status).toBe(400);
    expect((await read('/messages?number=1')).status).toBe(400);
  });

  it('shows what a sandbox has sent, and what became of it', async () => {
    const source = smsIrProvider({ apiKey: SMS_IR_KEY, line: SMS_IR_LINE });
    const smsIr = await startProvider(source, { port: 0 });
    const both = await startProvider(smsInboxProvider([source]), { port: 0 });
    await smsIrCaller(smsIr.url).bulk(['09120000002']);
    await smsIrCaller(smsIr.url).advance(2_000);
    const { messages } = (await (await fetch(`${both.url}/messages`)).json()) as { messages: InboxMessage[] };
    expect(messages).toMatchObject([
      { provider: 'sms-ir', to: '+989120000002', from: SMS_IR_LINE, text: 'سلام', state: 'failed' },
    ]);
    await both.stop();
    await smsIr.stop();
  });
});

describe('the page', () => {
  it('shows each message with its code, its state and the way to its conversation, in two languages', async () => {
    kept = [
      buildMessage({ template: '100001' }),
      buildMessage({ text: '<b>', to: '+15005550001', state: 'failed' }),
    ];
    const english = await page('/');
    expect(english).toContain('<html lang="en" dir="ltr">');
    expect(english).toContain('<meta http-equiv="refresh" content="5">');
    expect(english).toContain('<p class="amount copy">123456</p>');
    expect(english).toContain('href="/?to=%2B989121234567"');
    expect(english).toMatch(/class="badge good">delivered<[\s\S]*template[\s\S]*100001/);
    expect(english).toContain('&lt;b&gt;');
    expect(english).not.toContain('<script');
    const persian = await page('/?to=0912 123 4567', 'fa');
    expect(persian).toContain('<html lang="fa" dir="rtl">');
    expect(persian).toContain('رسیده');
    expect(persian).not.toContain('+15005550001');
  });

  it('shows a hundred messages at most, and says how many there are', async () => {
    kept = Array.from({ length: 101 }, () => buildMessage());
    const shown = await page('/');
    expect(shown.match(/<article/g)).toHaveLength(100);
    expect(shown).toContain('100 / 101');
  });

  it('finds a number without refreshing under the hand', async () => {
    kept = [buildMessage(), buildMessage()];
    const shown = await page('/find');
    expect(shown).not.toContain('http-equiv');
    expect(shown.match(/<li><a href="\/\?to=/g)).toHaveLength(1);
  });
});

it('is not for pages of the web, and keeps no message in its journal', async () => {
  kept = [buildMessage()];
  for (const path of ['/', '/find', '/messages']) {
    expect((await askHost(inbox.url, 'evil.example', path, undefined, 'GET')).status, path).toBe(403);
  }
  await page('/');
  await read('/messages');
  const journal = await (await fetch(`${inbox.url}/_sandbox/journal`)).text();
  expect(journal).toContain('"endpoint":"messages"');
  expect(journal).not.toMatch(/9121234567|123456/);
});

it.each([
  ['کد ورود: 123456\n\n@shop.example.ir #654321', '654321'],
  ['Your code is 123456.', '123456'],
  ['رمز شما ۱۲۳۴۵ است', '۱۲۳۴۵'],
  ['سفارش 123456 پرداخت شد', undefined],
  ['Order 123456 is paid', undefined],
  ['', undefined],
])('finds the code in "%s"', (text, code) => {
  expect(codeOf(text)).toBe(code);
});
