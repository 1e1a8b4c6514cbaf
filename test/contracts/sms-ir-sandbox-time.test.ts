import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { startProvider, type RunningProvider } from '../../sandbox/kit/start-provider';
import { smsIrProvider } from '../../sandbox/providers/sms-ir/provider';
import { removeFolder, scratchFolder } from '../support/scratch-folder';
import { smsIrCaller, SMS_IR_KEY, SMS_IR_LINE, type SmsIrCaller } from '../support/sms-ir-caller';

const TO = '09121234567';
/** Noon in Tehran. */
const NOON = Date.parse('2027-03-10T12:00:00+03:30');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const options = { apiKey: SMS_IR_KEY, line: SMS_IR_LINE };
const provider = smsIrProvider(options);
let sandbox: RunningProvider;
let smsIr: SmsIrCaller;

beforeAll(async () => {
  sandbox = await startProvider(provider, { port: 0 });
  smsIr = smsIrCaller(sandbox.url);
});
afterAll(() => sandbox.stop());
beforeEach(async () => {
  await smsIr.control('POST', 'reset', {});
  await smsIr.control('POST', 'clock', { freeze: NOON });
});

const code = async (sendDateTime: unknown) =>
  (
    await smsIr.call('POST', 'send/bulk', {
      lineNumber: SMS_IR_LINE,
      messageText: 'x',
      mobiles: [TO],
      sendDateTime,
    })
  ).body.status as number;
const get = async (path: string) => (await smsIr.call('GET', path)).body.data;
const receive = (text: string) => smsIr.control('POST', 'inbound', { line: SMS_IR_LINE, from: TO, text });

it('moves a message through its states, by fate', async () => {
  const fates = [TO, '09120000001', '09120000002', '09120000004'];
  const { messageIds } = await smsIr.bulk(fates);
  const states = () =>
    Promise.all(messageIds.map(async (id: number) => (await get(`send/${id}`)).deliveryState));
  expect(await states()).toEqual([null, null, null, null]);
  expect(await get(`send/${messageIds[0]}`)).toEqual({
    messageId: messageIds[0],
    mobile: 9121234567,
    messageText: 'سلام',
    sendDateTime: NOON / SECOND,
    lineNumber: Number(SMS_IR_LINE),
    cost: 1,
    deliveryState: null,
    deliveryDateTime: null,
  });
  await smsIr.advance(500);
  expect(await states()).toEqual([3, 3, 3, 3]);
  await smsIr.advance(250);
  expect(await states()).toEqual([5, 5, 3, 5]);
  await smsIr.advance(1_250);
  expect(await states()).toEqual([1, 2, 6, 5]);
  expect(provider.messages().map(({ state }) => state)).toEqual([
    'delivered',
    'failed',
    'undelivered',
    'delivered',
  ]);
  await smsIr.advance(10 * MINUTE);
  expect(await states()).toEqual([1, 2, 6, 1]);
  expect((await get(`send/${messageIds[0]}`)).deliveryDateTime).toBe(NOON / SECOND + 2);
  await smsIr.control('PUT', `messages/${messageIds[0]}/state`, { deliveryState: 7 });
  expect((await states())[0]).toBe(7);
});

it('takes times from an hour to a year ahead, in seconds', async () => {
  const at = (ms: number) => Math.floor((NOON + ms) / SECOND);
  const accepted = [null, undefined, at(HOUR), String(at(HOUR)), at(365 * DAY)];
  const invalid = [at(-1), at(HOUR - MINUTE), at(366 * DAY), NOON + 2 * HOUR, 'tomorrow', 1.5, true];
  for (const time of accepted) expect(await code(time), String(time)).toBe(1);
  for (const time of invalid) expect(await code(time), String(time)).toBe(109);
});

it('cancels a scheduled pack until three minutes before its time, and gives the credit back', async () => {
  const before = await smsIr.credit();
  const inTwoHours = { sendDateTime: (NOON + 2 * HOUR) / SECOND };
  const first = await smsIr.bulk([TO, TO], inTwoHours);
  const second = await smsIr.bulk([TO], inTwoHours);
  expect(await smsIr.credit()).toBe(before - 3);
  expect(provider.messages()).toEqual([]);
  const cancel = async ({ packId }: { packId: string }) =>
    (await smsIr.call('DELETE', `send/scheduled/${packId.toUpperCase()}`)).body;
  await smsIr.advance(2 * HOUR - 3 * MINUTE);
  expect((await cancel(first)).data).toEqual({ returnedCreditCount: 2, smsCount: 2 });
  expect((await cancel(first)).status).toBe(112);
  expect((await smsIr.call('GET', `send/pack/${first.packId}`)).body.status).toBe(111);
  await smsIr.advance(SECOND);
  expect((await cancel(second)).status).toBe(112);
  await smsIr.advance(3 * MINUTE);
  expect(provider.messages()).toHaveLength(1);
  expect(await smsIr.credit()).toBe(before - 1);
});

it('lists today apart from the days before, by the days of Tehran', async () => {
  await smsIr.control('POST', 'clock', { freeze: Date.parse('2027-03-09T23:59:00+03:30') });
  const { messageIds, packId } = await smsIr.bulk([TO, TO]);
  const ids = async (path: string) =>
    ((await get(path)) as { messageId: number }[]).map(({ messageId }) => messageId);
  const newestFirst = messageIds.toReversed();
  expect(await ids('send/live')).toEqual(newestFirst);
  expect(await ids('send/archive')).toEqual([]);
  expect(await get('send/pack')).toEqual([
    { packId, recipientCount: 2, creationDateTime: expect.any(Number) },
  ]);
  await smsIr.advance(MINUTE);
  expect(await ids('send/live')).toEqual([]);
  expect(await get('send/pack')).toEqual([]);
  expect(await ids('send/archive')).toEqual(newestFirst);
  expect(await ids('send/archive?pageSize=1&pageNumber=2')).toEqual([messageIds[0]]);
  const sentAt = Date.parse('2027-03-09T23:59:00+03:30') / SECOND;
  expect(await ids(`send/archive?FromDate=${sentAt}&ToDate=${sentAt}`)).toEqual(newestFirst);
  expect(await ids(`send/archive?fromDate=${sentAt + 1}`)).toEqual([]);
  await smsIr.switches({ listOrder: 'oldest-first' });
  expect(await ids('send/archive')).toEqual(messageIds);
});

it('has pages of 100 at most', async () => {
  await smsIr.bulk(Array.from({ length: 100 }, () => TO));
  await smsIr.bulk([TO]);
  expect(await get('send/live?pageSize=500')).toHaveLength(100);
  expect(await get('send/live?pageSize=500&pageNumber=2')).toHaveLength(1);
});

it('answers each inbound message once as latest, and all of a day as often as asked', async () => {
  for (const text of ['one', 'two', 'three']) await receive(text);
  const texts = async (path: string) =>
    ((await get(path)) as { messageText: string }[]).map(({ messageText }) => messageText);
  expect(await texts('receive/latest?count=2')).toEqual(['three', 'two']);
  expect(await texts('receive/latest')).toEqual(['one']);
  expect(await texts('receive/latest')).toEqual([]);
  expect(await texts('receive/live')).toEqual(['one', 'two', 'three']);
  expect(await texts('receive/live?sortByNewest=true&pageSize=1')).toEqual(['three']);
  expect(await texts('receive/live?mobile=+989121234567')).toHaveLength(3);
  expect(await texts('receive/live?mobile=09120000000')).toEqual([]);
  expect(await texts('receive/archive')).toEqual([]);
  expect(Object.keys((await get('receive/live'))[0])).not.toContain('receiveReturnId');
  await smsIr.control('POST', 'clock', { freeze: Date.parse('2027-03-11T02:59:00+03:30') });
  expect(await texts('receive/live')).toHaveLength(3);
  await smsIr.advance(MINUTE);
  expect(await texts('receive/live')).toEqual([]);
  expect(await texts('receive/archive')).toEqual(['three', 'two', 'one']);
});

it('remembers messages, credit and what was read over a restart', async () => {
  const folder = scratchFolder('sms-ir');
  const before = await startProvider(smsIrProvider(options), { port: 0, folder });
  const caller = smsIrCaller(before.url);
  const { messageIds } = await caller.bulk([TO]);
  await caller.control('POST', 'inbound', { line: SMS_IR_LINE, from: TO, text: 'x' });
  await caller.call('GET', 'receive/latest');
  await before.stop();

  const after = await startProvider(smsIrProvider(options), { port: 0, folder });
  const again = smsIrCaller(after.url);
  await again.advance(2_000);
  expect((await again.call('GET', `send/${messageIds[0]}`)).body.data.deliveryState).toBe(1);
  expect((await again.call('GET', 'receive/latest')).body.data).toEqual([]);
  expect(await again.credit()).toBe(9_999);
  expect((await again.bulk([TO])).messageIds[0]).toBeGreaterThan(messageIds[0]);
  await after.stop();
  await removeFolder(folder);
});
