import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startProvider, type RunningProvider } from '../../sandbox/kit/start-provider';
import { CODES } from '../../sandbox/providers/kavenegar/codes';
import { kavenegarProvider } from '../../sandbox/providers/kavenegar/provider';
import { askHost } from '../support/ask-host';
import {
  kavenegarCaller,
  KAVENEGAR_KEY,
  KAVENEGAR_LINE,
  type KavenegarCaller,
} from '../support/kavenegar-caller';

const TO = '09121234567';
const provider = kavenegarProvider({ apiKey: KAVENEGAR_KEY, sender: KAVENEGAR_LINE });
let sandbox: RunningProvider;
let kavenegar: KavenegarCaller;

beforeAll(async () => {
  sandbox = await startProvider(provider, { port: 0 });
  kavenegar = kavenegarCaller(sandbox.url);
});
afterAll(() => sandbox.stop());
beforeEach(async () => {
  await kavenegar.control('POST', '/reset');
  await kavenegar.control('POST', '/clock', { freeze: true });
});

/** `status` and `return.status` of a refusal with its true text, and no entries. */
function refused(code: number, status = code) {
  return { status, body: { return: { status: code, message: CODES[code] }, entries: null } };
}

const texts = (count: number, of = 'a') => JSON.stringify(Array.from({ length: count }, () => of));

describe('sms/send', () => {
  it('answers a record for every receptor, from the default line, and lowers the credit', async () => {
    const before = await kavenegar.credit();
    const { status, body } = await kavenegar.post('sms/send', {
      receptor: `${TO},00989121234568`,
      message: 'سلام',
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      return: { status: 200, message: 'تایید شد' },
      entries: [TO, '09121234568'].map((receptor) => ({
        messageid: expect.any(Number),
        message: 'سلام',
        status: 1,
        statustext: 'در صف ارسال',
        sender: KAVENEGAR_LINE,
        receptor,
        date: expect.any(Number),
        cost: 120,
      })),
    });
    expect(await kavenegar.credit()).toBe(before - 240);
  });

  it.each([
    ['a form', 'POST', `receptor=${TO}&message=x`],
    ['a form that ends in &', 'POST', `receptor=${TO}&message=x&`],
    ['unencoded Persian', 'POST', `receptor=${TO}&message=سلام`],
    ['names in capitals', 'POST', `Receptor=${TO}&MESSAGE=x`],
    ['a query', 'GET', `receptor=${TO}&message=x`],
    [
      'a date of 0 and empty options, as the .NET client sends them',
      'POST',
      `receptor=${TO}&message=x&date=0&sender=&localid=&type=1`,
    ],
    [
      '+98 and a line with +98',
      'GET',
      `receptor=%2B98${TO.slice(1)}&message=x&sender=%2B98${KAVENEGAR_LINE}`,
    ],
    [
      'no leading zero, and a line with 0098',
      'GET',
      `receptor=${TO.slice(1)}&message=x&sender=0098${KAVENEGAR_LINE}`,
    ],
  ])('tolerates %s', async (_, method, parameters) => {
    const call = method === 'GET' ? kavenegar.get : kavenegar.post;
    const { body } = await call('sms/send', parameters);
    expect(body.entries).toMatchObject([{ receptor: TO, sender: KAVENEGAR_LINE }]);
  });

  it('reads a receptor that is repeated, and a whole URL as its path', async () => {
    const repeated = await kavenegar.post('sms/send', `receptor=${TO}&receptor=09121234568&message=x`);
    expect(repeated.body.entries).toHaveLength(2);
    const path = `http://api.kavenegar.com/v1/${KAVENEGAR_KEY}/SMS/Send.json/?receptor=${TO}&message=x`;
    expect((await askHost(sandbox.url, 'api.kavenegar.com', path, undefined)).body.entries).toHaveLength(1);
  });

  it('takes a localid for one message only: a repeated one sends nothing and answers the old record', async () => {
    const send = (receptor: string, localid: string) =>
      kavenegar.post('sms/send', { receptor, message: 'x', localid });
    const [first] = (await send(TO, '77')).body.entries;
    const credit = await kavenegar.credit();
    expect((await send(TO, '77')).body.entries).toEqual([first]);
    const [again, same, other] = (await send(`${TO},${TO},${TO}`, '77,78,78')).body.entries;
    expect(again).toEqual(first);
    expect(same).toEqual(other);
    expect(await kavenegar.credit()).toBe(credit - 120);
    expect((await kavenegar.control('GET', '/messages')).body.total).toBe(2);
  });

  it('refuses with the code and the text of the table, as HTTP status, too', async () => {
    await kavenegar.account({ lines: [KAVENEGAR_LINE, '30001'], closedLines: ['30001'], tags: ['sale'] });
    const good = { receptor: TO, message: 'x' };
    const cases: [number, string, Record<string, string> | string][] = [
      [400, 'sms/send', { receptor: TO }],
      [400, 'sms/send', { message: 'x' }],
      [400, 'sms/send', { ...good, type: '4' }],
      [400, 'sms/send', { ...good, localid: 'x' }],
      [406, 'sms/send', { receptor: '', message: 'x' }],
      [411, 'sms/send', { ...good, receptor: '02188776655' }],
      [411, 'sms/send', { ...good, receptor: '0012025550123' }],
      [412, 'sms/send', { ...good, sender: '555' }],
      [413, 'sms/send', { ...good, message: '' }],
      [413, 'sms/send', { ...good, message: 'x'.repeat(901) }],
      [414, 'sms/send', { ...good, receptor: Array.from({ length: 201 }, () => TO).join() }],
      [417, 'sms/send', { ...good, date: '1700000000' }],
      [417, 'sms/send', { ...good, date: String(Date.now() + 3_600_000) }],
      [419, 'sms/send', { ...good, localid: '1,2' }],
      [422, 'sms/send', `receptor=${TO}&message=%FF`],
      [427, 'sms/send', { ...good, sender: '30001' }],
      [607, 'sms/send', { ...good, tag: 'spring' }],
      [607, 'sms/send', { ...good, tag: 'a b' }],
      [400, 'sms/sendarray', { receptor: TO, sender: KAVENEGAR_LINE, message: 'x' }],
      [406, 'sms/sendarray', { receptor: '[]', sender: '[]', message: '[]' }],
      [419, 'sms/sendarray', { receptor: texts(2, TO), sender: texts(1), message: texts(2) }],
      [414, 'sms/sendarray', { receptor: texts(201, TO), sender: texts(201), message: texts(201) }],
      [414, 'sms/status', { messageid: Array.from({ length: 501 }, () => '1').join() }],
      [414, 'sms/statuslocalmessageid', { localid: Array.from({ length: 501 }, () => '1').join() }],
      [414, 'sms/cancel', { messageid: Array.from({ length: 501 }, () => '1').join() }],
      [400, 'sms/statusbyreceptor', { receptor: TO }],
      [407, 'sms/select', { messageid: '1' }],
      [407, 'sms/selectoutbox', { startdate: '1' }],
      [407, 'sms/latestoutbox', {}],
      [412, 'sms/receive', { linenumber: '555', isread: '0' }],
      [406, 'line/blocked/add', { linenumber: KAVENEGAR_LINE, receptor: '' }],
      [
        604,
        'line/blocked/add',
        { linenumber: KAVENEGAR_LINE, receptor: Array.from({ length: 201 }, () => TO).join() },
      ],
      [405, 'line/blocked/remove', { linenumber: KAVENEGAR_LINE, receptor: TO }],
    ];
    for (const [code, method, parameters] of cases) {
      expect(
        await kavenegar.post(method, parameters),
        `${method} ${JSON.stringify(parameters).slice(0, 80)}`,
      ).toEqual(refused(code));
    }
    expect(await kavenegar.get('sms/sendarray')).toEqual(refused(405));
    const unknown = await kavenegar.get('sms/nothing');
    expect(unknown.body.return).toEqual({ status: 404, message: 'متد تعریف نشده است' });
    expect([unknown.status, await kavenegar.credit()]).toEqual([404, 10_000_000]);
  });

  it('refuses what the account may not do, and sends nothing to anyone when it may not send to one', async () => {
    const send = () => kavenegar.post('sms/send', { receptor: `${TO},09121234568`, message: 'see shop.ir' });
    expect(await kavenegar.get('account/info', {}, 'other')).toEqual(refused(403));
    const cases: [number, object, object][] = [
      [401, { isDisabled: true }, { isDisabled: false }],
      [416, { isBoundToAddresses: true }, { isBoundToAddresses: false }],
      [418, { credit: 239 }, { credit: 10_000_000 }],
      [420, { mayLink: false }, { mayLink: true }],
      [501, { testOwner: TO }, { testOwner: null }],
      [451, { callsPerMinute: 0 }, { callsPerMinute: null }],
    ];
    for (const [code, change, back] of cases) {
      await kavenegar.account(change);
      expect(await send(), JSON.stringify(change)).toEqual(refused(code));
      await kavenegar.account(back);
    }
    expect((await kavenegar.control('GET', '/messages')).body.total).toBe(0);
    await kavenegar.account({ testOwner: `+98${TO.slice(1)}` });
    expect((await kavenegar.post('sms/send', { receptor: TO, message: 'x' })).status).toBe(200);
  });
});

describe('sms/sendarray', () => {
  it('sends to each receptor its own text from its own line', async () => {
    await kavenegar.account({ lines: ['1000', '2000'] });
    const { body } = await kavenegar.post('sms/sendarray', {
      receptor: JSON.stringify([TO, '09121234568']),
      sender: JSON.stringify(['1000', 2000]),
      message: JSON.stringify(['a, b', 'c']),
      localmessageids: '[1,2]',
      type: '[1,1]',
    });
    expect(body.entries).toMatchObject([
      { receptor: TO, sender: '1000', message: 'a, b' },
      { receptor: '09121234568', sender: '2000', message: 'c' },
    ]);
  });
});

describe('verify/lookup', () => {
  const lookup = (part: Record<string, string> = {}) =>
    kavenegar.post('verify/lookup', { receptor: TO, template: 'signin-fa', token: '123456', ...part });

  it('fills the template and begins at telecom; the list has one record', async () => {
    expect((await lookup()).body.entries).toMatchObject([
      { message: 'کد ورود: 123456\n\n@127.0.0.1 #123456', status: 5, statustext: 'ارسال به مخابرات' },
    ]);
    expect((await lookup({ receptor: '0012025550123' })).body.entries).toMatchObject([
      { receptor: '0012025550123' },
    ]);
    await kavenegar.switches({ lookupEntries: 'object' });
    expect((await lookup({ type: 'Call' })).body.entries).toMatchObject({ status: 5 });
  });

  it('checks tokens and templates', async () => {
    await kavenegar.control('PUT', '/templates/all', { text: '%token %token2 %token3 %token10 %token20' });
    await kavenegar.control('PUT', '/templates/waiting', { text: '%token', isApproved: false });
    const all = {
      template: 'all',
      token2: '2',
      token3: '3',
      token10: '1 2 3 4 5 6',
      token20: '1 2 3 4 5 6 7 8 9',
    };
    expect((await lookup(all)).body.entries[0].message).toBe('123456 2 3 1 2 3 4 5 6 1 2 3 4 5 6 7 8 9');
    const cases: [number, Record<string, string>][] = [
      [406, { token: '' }],
      [424, { template: 'nothing' }],
      [424, { template: 'waiting' }],
      [428, { token: 'abc', type: 'call' }],
      [431, { token: '1 2' }],
      [431, { token: '1_2' }],
      [431, { token: '1\n2' }],
      [431, { token: '1,2' }],
      [431, { token: 'x'.repeat(101) }],
      [431, { ...all, token2: '1 2' }],
      [431, { ...all, token10: '1 2 3 4 5 6 7' }],
      [431, { ...all, token20: '1 2 3 4 5 6 7 8 9 0' }],
      [432, { token2: '2' }],
      [400, { template: 'all' }],
      [400, { type: 'fax' }],
      [411, { receptor: '0912' }],
    ];
    for (const [code, part] of cases) expect(await lookup(part), JSON.stringify(part)).toEqual(refused(code));
    await kavenegar.account({ hasAdvancedService: false });
    expect(await lookup()).toEqual(refused(426));
  });

  it('has the templates of the shop from the start', async () => {
    const { templates } = (await kavenegar.control('GET', '/templates')).body;
    expect(templates.map(({ name, isApproved }: Record<string, unknown>) => [name, isApproved])).toEqual(
      [
        ...['signin-fa', 'signin-en', 'change-number-fa', 'change-number-en', 'confirm-action-fa'],
        ...['confirm-action-en', 'number-changed-fa', 'number-changed-en', 'number-change-waits-fa'],
        ...['number-change-waits-en', 'stock-low-fa', 'stock-low-en', 'stock-out-fa', 'stock-out-en'],
        ...['stock-back-fa', 'stock-back-en', 'order-paid-fa', 'order-paid-en'],
        ...['refund-due-fa', 'refund-due-en', 'payment-refunded-fa'],
        ...['payment-refunded-en', 'order-cancelled-fa', 'order-cancelled-en'],
        ...['order-expired-fa', 'order-expired-en', 'ticket-answered-fa'],
        ...['ticket-answered-en', 'ticket-escalated-fa', 'ticket-escalated-en'],
        ...['approval-needed-fa', 'approval-needed-en', 'factor-replaced-fa'],
        ...['factor-replaced-en', 'recovery-code-used-fa', 'recovery-code-used-en'],
        ...['notification-digest-fa', 'notification-digest-en'],
      ].map((name) => [name, true]),
    );
  });
});

describe('lines and account', () => {
  it('block numbers: their texts are blocked and paid back, messages by template arrive', async () => {
    const both = { linenumber: KAVENEGAR_LINE, receptor: `${TO},09121234568` };
    const statuses = async (call: Promise<{ body: { entries: { status: string }[] } }>) =>
      (await call).body.entries.map(({ status }) => status);
    await kavenegar.control('POST', '/blocked', { line: KAVENEGAR_LINE, number: TO, reason: 2 });
    expect(await statuses(kavenegar.post('line/blocked/exists', both))).toEqual(['Active', 'NotExists']);
    expect(await statuses(kavenegar.post('line/blocked/add', both))).toEqual(['AlreadyExists', 'Active']);
    const list = (await kavenegar.get('line/blocked/list', { linenumber: KAVENEGAR_LINE, blockreason: 0 }))
      .body;
    expect(list.entries).toEqual([{ number: '09121234568', blockreason: 0, date: expect.any(Number) }]);
    expect(list.metadata).toEqual({ totalcount: '1', currentpage: '1', totalpages: '1', pagesize: '200' });

    const text = (await kavenegar.post('sms/send', { receptor: TO, message: 'x' })).body.entries[0].messageid;
    const code = (await kavenegar.post('verify/lookup', { receptor: TO, template: 'signin-en', token: '1' }))
      .body;
    await kavenegar.advance(2_000);
    const after = await kavenegar.get('sms/status', { messageid: `${text},${code.entries[0].messageid}` });
    expect(after.body.entries).toMatchObject([{ status: 14, statustext: 'بلاک شده' }, { status: 10 }]);
    expect(await kavenegar.credit()).toBe(10_000_000 - 120);

    const removed = await kavenegar.delete('line/blocked/remove', both);
    expect(removed.body.entries).toEqual({ message: 'Done-removed 1 item from blacklist' });
    expect(await statuses(kavenegar.post('line/blocked/exists', both))).toEqual(['Active', 'NotExists']);
  });

  it('receive messages, which are read once', async () => {
    for (const text of ['first', 'second']) {
      await kavenegar.control('POST', '/inbound', { line: KAVENEGAR_LINE, from: '+989121234567', text });
    }
    const line = { linenumber: KAVENEGAR_LINE };
    const startdate = Math.floor(Date.now() / 1_000) - 60;
    const paged = (await kavenegar.get('sms/inboxpaged', { ...line, isread: 0 })).body;
    expect([paged.entries.length, paged.metadata.totalcount]).toEqual([2, '2']);
    const read = await kavenegar.get('sms/receive', { ...line, isread: 0 });
    expect(read.body.entries).toMatchObject([
      { message: 'first', sender: TO, receptor: KAVENEGAR_LINE },
      { message: 'second' },
    ]);
    expect((await kavenegar.get('sms/receive', { ...line, isread: 0 })).body.entries).toEqual([]);
    expect((await kavenegar.get('sms/receive', { ...line, isread: 1 })).body.entries).toHaveLength(2);
    const counted = await kavenegar.get('sms/countinbox', { startdate, isread: 1 });
    expect(counted.body.entries).toEqual([{ startdate, enddate: startdate + 86_400, sumcount: 2 }]);
  });

  it('show the account, its settings and the clock', async () => {
    expect((await kavenegar.get('account/info')).body.entries).toEqual({
      remaincredit: 10_000_000,
      expiredate: 4_102_358_400,
      type: 'master',
    });
    const set = { apilogs: 'enabled', debugmode: 'Enabled', mincreditalarm: 900 };
    expect((await kavenegar.get('account/config', set)).body.entries).toEqual({
      apilogs: 'enabled',
      dailyreport: 'enabled',
      debugmode: 'enabled',
      defaultsender: KAVENEGAR_LINE,
      mincreditalarm: '900',
      resendfailed: 'disabled',
    });
    await kavenegar.control('POST', '/clock', { freeze: '2026-03-21T20:30:05Z' });
    expect((await kavenegar.get('utils/getdate', {}, '0')).body.entries).toEqual({
      ...{ datetime: '2026/3/22 00:00:05', year: 2026, month: 3, day: 22, hour: 0, minute: 0, second: 5 },
      unixtime: Date.parse('2026-03-21T20:30:05Z') / 1_000,
    });
  });
});

describe('what is unknown', () => {
  it('is a switch', async () => {
    await kavenegar.switches({ httpMode: 'always200', invalidKeyCode: 401, receptorForms: 'leading-zero' });
    expect(await kavenegar.get('account/info', {}, 'other')).toEqual(refused(401, 200));
    expect(await kavenegar.post('sms/send', { receptor: TO.slice(1), message: 'x' })).toEqual(
      refused(411, 200),
    );
    expect(await kavenegar.get('sms/sendarray')).toEqual(refused(405, 200));
    await kavenegar.switches({
      cancelLimit: '200-with-412',
      sendArrayOverLimitCode: 412,
      longestText: 1_800,
    });
    const ids = Array.from({ length: 201 }, () => '1').join();
    expect(await kavenegar.post('sms/cancel', { messageid: ids })).toEqual(refused(412, 200));
    const list = { receptor: texts(201, TO), sender: texts(201), message: texts(201) };
    expect(await kavenegar.post('sms/sendarray', list)).toEqual(refused(412, 200));
    const long = await kavenegar.post('sms/send', { receptor: TO, message: 'x'.repeat(901) });
    expect(long.body.entries).toMatchObject([{ cost: 6 * 120 }]);
    const costOf = async (message: string) =>
      (await kavenegar.post('sms/send', { receptor: TO, message })).body.entries[0].cost;
    expect([await costOf('x'.repeat(160)), await costOf('س'.repeat(71))]).toEqual([120, 240]);
    await kavenegar.switches({ latinSinglePart: 140 });
    expect([await costOf('x'.repeat(140)), await costOf('x'.repeat(141))]).toEqual([120, 240]);
  });

  it('is a code that only a fault brings about, for one receptor alone', async () => {
    const to = `+98${TO.slice(1)}`;
    for (const code of [402, 409, 415, 429, 801]) {
      await kavenegar.control('POST', '/faults', { kind: 'code', code, to });
      expect(await kavenegar.post('sms/send', { receptor: TO, message: 'x' })).toEqual(refused(code));
    }
    expect((await kavenegar.post('sms/send', { receptor: TO, message: 'x' })).status).toBe(200);
  });
});

describe('journal and control API', () => {
  it('hide keys and phone numbers', async () => {
    await kavenegar.post('sms/send', { receptor: `${TO},+989121234568`, message: 'x' });
    await kavenegar.account({ testOwner: TO });
    await kavenegar.control('POST', '/inbound', { line: KAVENEGAR_LINE, from: TO, text: 'x' });
    await kavenegar.control('POST', '/blocked', { line: KAVENEGAR_LINE, number: TO });
    for (const path of ['/journal', '/messages', '/accounts', '/inbound', '/blocked']) {
      const said = JSON.stringify((await kavenegar.control('GET', path)).body);
      expect(said, path).not.toMatch(new RegExp(`${KAVENEGAR_KEY}|912123456`));
      expect(said, path).toMatch(/0718|4567/);
    }
    const found = await kavenegar.control('GET', '/journal?kind=request&to=%2B989121234567');
    expect(found.body.entries).toMatchObject([{ endpoint: 'sms/send', status: 200 }]);
  });
});
