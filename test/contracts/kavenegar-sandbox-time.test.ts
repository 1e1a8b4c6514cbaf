import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { startProvider, type RunningProvider } from '../../sandbox/kit/start-provider';
import { kavenegarProvider } from '../../sandbox/providers/kavenegar/provider';
import { eventually } from '../support/eventually';
import {
  kavenegarCaller,
  KAVENEGAR_KEY,
  KAVENEGAR_LINE,
  type KavenegarCaller,
} from '../support/kavenegar-caller';
import { receiveNotices } from '../support/pigeon-caller';

const TO = '09121234567';
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_SECONDS = 86_400;
const folder = mkdtempSync(join(tmpdir(), 'kavenegar-'));
const start = (
  provider = kavenegarProvider({ apiKey: KAVENEGAR_KEY, sender: KAVENEGAR_LINE }),
  at = folder,
) => startProvider(provider, { port: 0, folder: at });

const provider = kavenegarProvider({ apiKey: KAVENEGAR_KEY, sender: KAVENEGAR_LINE });
let sandbox: RunningProvider;
let kavenegar: KavenegarCaller;

beforeAll(async () => {
  sandbox = await start(provider);
  kavenegar = kavenegarCaller(sandbox.url);
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await kavenegar.control('POST', '/reset');
  await kavenegar.control('POST', '/clock', { freeze: '2026-03-21T00:00:00Z' });
});

async function send(part: Record<string, string | number> = {}): Promise<number> {
  const { body } = await kavenegar.post('sms/send', { receptor: TO, message: 'x', ...part });
  return body.entries[0].messageid;
}

async function statusOf(messageid: number): Promise<number> {
  return (await kavenegar.get('sms/status', { messageid })).body.entries[0].status;
}

/** The states of a message in the given seconds after it was sent. */
async function course(messageid: number, ...seconds: number[]): Promise<number[]> {
  const states: number[] = [];
  let now = 0;
  for (const second of seconds) {
    await kavenegar.advance(Math.round((second - now) * SECOND_MS));
    now = second;
    states.push(await statusOf(messageid));
  }
  return states;
}

describe('a message', () => {
  it('is handed over within a second and delivered after two; by template it begins at telecom', async () => {
    expect(await course(await send(), 0, 0.5, 1.9, 2)).toEqual([1, 4, 4, 10]);
    const lookup = { receptor: TO, template: 'order-paid-fa', token: '7' };
    const { messageid } = (await kavenegar.post('verify/lookup', lookup)).body.entries[0];
    expect(await course(messageid, 0, 1.9, 2)).toEqual([5, 5, 10]);
    expect(provider.messages()).toMatchObject([
      { text: 'سفارش 7 پرداخت شد', template: 'order-paid-fa', state: 'delivered' },
      { text: 'x', to: '+989121234567', from: KAVENEGAR_LINE, state: 'delivered' },
    ]);
  });

  it('is looked after only five minutes later where the documented timing is switched on; the phone has it before', async () => {
    await kavenegar.switches({ recheckAfterMs: 300_000 });
    const id = await send();
    expect(await course(id, 2, 300, 300.5)).toEqual([4, 4, 10]);
    await send();
    await kavenegar.advance(2 * SECOND_MS);
    expect(provider.messages()[0]).toMatchObject({ state: 'delivered' });
  });

  it.each([
    ['09120000001', [1, 4, 11], 'undelivered', 120],
    ['09120000002', [1, 6, 6], 'failed', 120],
    ['09120000003', [1, 14, 14], 'failed', 0],
    ['09120000004', [1, 4, 4], 'delivered', 120],
  ])('to %s goes through %j and is %s on the phone', async (receptor, states, state, cost) => {
    const id = await send({ receptor });
    expect(await course(id, 0, 0.5, 2)).toEqual(states);
    expect(provider.messages()).toMatchObject([{ id: `kavenegar:${id}`, state }]);
    expect(await kavenegar.credit()).toBe(10_000_000 - cost);
    await kavenegar.advance(600 * SECOND_MS);
    expect(await statusOf(id)).toBe(receptor === '09120000004' ? 10 : states[2]);
  });

  it('waits for its date, and can be cancelled until then', async () => {
    const date = Date.parse('2026-03-21T01:00:00Z') / 1_000;
    const ids = [await send({ date }), await send({ date }), await send()];
    expect(provider.messages()).toHaveLength(1);
    const messageid = `${ids[0]},${ids[2]},999`;
    const cancelled = await kavenegar.post('sms/cancel', { messageid });
    expect(cancelled.body.entries).toEqual([
      { messageid: ids[0], status: 13, statustext: 'لغو شده' },
      { messageid: ids[2], status: 1, statustext: 'در صف ارسال' },
      { messageid: 999, status: 100, statustext: 'شناسه نامعتبر' },
    ]);
    expect(await kavenegar.credit()).toBe(10_000_000 - 240);
    expect(await course(ids[1]!, 3_599, 3_600, 3_602)).toEqual([2, 1, 10]);
    expect(await statusOf(ids[0]!)).toBe(13);
  });

  it('can be paid with what blocked messages gave back, although nobody has asked for them since', async () => {
    await kavenegar.account({ credit: 120 });
    await send({ receptor: '09120000003', localid: 5 });
    const refused = await kavenegar.post('sms/send', { receptor: TO, message: 'x' });
    expect(refused.body.return.status).toBe(418);
    await kavenegar.advance(SECOND_MS);
    const sent = await kavenegar.post('sms/send', {
      receptor: `09120000003,${TO}`,
      message: 'x',
      localid: '5,6',
    });
    expect(sent.body.entries).toMatchObject([{ status: 14 }, { status: 1 }]);
    expect(await kavenegar.credit()).toBe(0);
  });

  it('ends cancelled and paid back in debug mode, and no phone shows it', async () => {
    await kavenegar.post('account/config', { debugmode: 'enabled' });
    expect(await course(await send(), 0, 1)).toEqual([1, 13]);
    expect([await kavenegar.credit(), provider.messages()]).toEqual([10_000_000, []]);
  });

  it('is known for 48 hours by its id and for 12 by its localid, and never to others', async () => {
    await kavenegar.control('PUT', '/accounts/other', {});
    const messageid = await send({ localid: 450 });
    const byLocalId = async () =>
      (await kavenegar.get('sms/statuslocalmessageid', { localid: 450 })).body.entries;
    const foreign = await kavenegar.get('sms/status', { messageid }, 'other');
    expect(foreign.body.entries).toEqual([{ messageid, status: 100, statustext: 'شناسه نامعتبر' }]);
    await kavenegar.advance(12 * HOUR_MS);
    expect(await byLocalId()).toEqual([
      { messageid, localid: '450', status: 10, statustext: 'رسیده به گیرنده' },
    ]);
    await kavenegar.advance(1);
    expect(await byLocalId()).toMatchObject([{ messageid: 0, localid: '450', status: 100 }]);
    expect(await send({ localid: 450 })).toBe(messageid);
    await kavenegar.advance(36 * HOUR_MS - 1);
    expect(await statusOf(messageid)).toBe(10);
    await kavenegar.advance(1);
    expect(await statusOf(messageid)).toBe(100);
  });
});

describe('the outbox', () => {
  it('is shown to addresses of the allow-list, by days that are not too old', async () => {
    await kavenegar.account({ addresses: ['127.0.0.1'] });
    const ids = [
      await send(),
      await send({ message: 'x'.repeat(161) }),
      await send({ receptor: '09121234568' }),
    ];
    await kavenegar.advance(2 * SECOND_MS);
    const startdate = Date.parse('2026-03-21T00:00:00Z') / 1_000;
    const idsOf = async (method: string, parameters: Record<string, string | number>) =>
      (await kavenegar.get(method, parameters)).body.entries.map(
        (row: { messageid: number }) => row.messageid,
      );
    const newest = ids.toReversed();
    expect(await idsOf('sms/select', { messageid: `${ids[1]},999` })).toEqual([ids[1]]);
    expect(await idsOf('sms/selectoutbox', { startdate })).toEqual(newest);
    expect(await idsOf('sms/selectoutbox', { startdate, sender: '1' })).toEqual([]);
    expect(await idsOf('sms/latestoutbox', { pagesize: 2 })).toEqual(newest.slice(0, 2));
    expect(await idsOf('sms/statusbyreceptor', { startdate, receptor: TO })).toEqual(
      ids.slice(0, 2).toReversed(),
    );
    expect((await kavenegar.get('sms/countoutbox', { startdate, status: 10 })).body.entries).toEqual([
      { startdate, enddate: startdate + DAY_SECONDS, sumpart: 4, sumcount: 3, cost: 480 },
    ]);

    const code = async (method: string, parameters: Record<string, number>) =>
      (await kavenegar.get(method, parameters)).body.return.status;
    expect(await code('sms/latestoutbox', { pagesize: 201 })).toBe(400);
    expect(await code('sms/selectoutbox', { startdate, enddate: startdate + DAY_SECONDS + 1 })).toBe(417);
    const threeDaysAgo = startdate + 2 - 3 * DAY_SECONDS;
    expect(await code('sms/countoutbox', { startdate: threeDaysAgo })).toBe(200);
    expect(await code('sms/countoutbox', { startdate: threeDaysAgo - 1 })).toBe(417);
    await kavenegar.switches({ oldestOutboxDays: 4, latestOutboxLimit: 500 });
    expect(await code('sms/countoutbox', { startdate: threeDaysAgo - 1 })).toBe(200);
    expect(await code('sms/latestoutbox', { pagesize: 500 })).toBe(200);
  });
});

describe('calls to magic recipients', () => {
  const lookup = (receptor: string) =>
    kavenegar.post('verify/lookup', { receptor, template: 'signin-en', token: '1' });

  it('are cut after the effect, or answered by a firewall or by an error with HTTP 200 before it', async () => {
    await expect(send({ receptor: '09120000006', localid: 1 })).rejects.toThrow(/ECONNRESET|closed/);
    expect((await kavenegar.get('sms/statuslocalmessageid', { localid: 1 })).body.entries[0].status).toBe(1);
    expect(await lookup('09120000007')).toMatchObject({
      status: 502,
      body: expect.stringContaining('<html>'),
    });
    expect(await lookup('+989120000008')).toMatchObject({ status: 200, body: { return: { status: 409 } } });
    expect(provider.messages()).toHaveLength(1);
  });

  it('hang without an effect', async () => {
    const leaving = new AbortController();
    const hanging = fetch(`${sandbox.url}/v1/${KAVENEGAR_KEY}/sms/send.json?receptor=09120000005&message=x`, {
      signal: leaving.signal,
    });
    const struck = await eventually(
      async () => (await kavenegar.control('GET', '/journal?kind=request')).body.entries,
      (entries) => entries.length > 0,
    );
    expect(struck).toMatchObject([{ endpoint: 'sms/send', fault: { kind: 'timeout' } }]);
    expect(provider.messages()).toEqual([]);
    leaving.abort();
    await expect(hanging).rejects.toThrow('abort');
  });
});

describe('the status callback', () => {
  it('is unsigned, off until it has a URL, and sent at every step', async () => {
    const receiver = await receiveNotices(200);
    await send();
    await kavenegar.switches({ statusCallbackUrl: receiver.url, statusCallbackMethod: 'POST' });
    const messageid = await send({ receptor: '09120000009' });
    await kavenegar.advance(2 * SECOND_MS);
    await eventually(
      () => receiver.notices.length,
      (count) => count === 4,
    );
    const said = receiver.notices.map(({ body }) => body).toSorted();
    const twice = (status: number) =>
      Array.from({ length: 2 }, () => `messageid=${messageid}&status=${status}`);
    expect(said).toEqual([...twice(10), ...twice(4)]);
    await receiver.close();
  });
});

it('keeps messages, keys, localids and credit over a restart', async () => {
  const at = join(folder, 'restart');
  const before = await start(undefined, at);
  const first = kavenegarCaller(before.url);
  const sent = (await first.post('sms/send', { receptor: TO, message: 'x', localid: 9 })).body.entries[0]
    .messageid;
  await first.control('PUT', '/accounts/second', { lines: ['1'] });
  await before.stop();

  const after = await start(undefined, at);
  const second = kavenegarCaller(after.url);
  const again = (await second.post('sms/send', { receptor: TO, message: 'x', localid: 9 })).body.entries[0];
  expect([again.messageid, await second.credit()]).toEqual([sent, 10_000_000 - 120]);
  expect((await second.get('account/info', {}, 'second')).status).toBe(200);
  await after.stop();
});
