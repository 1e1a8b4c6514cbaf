import { afterAll, beforeAll, expect, it } from 'vitest';

import { startProvider, type RunningProvider } from '../../sandbox/kit/start-provider';
import { smsIrProvider } from '../../sandbox/providers/sms-ir/provider';
import { officialSmsIr } from '../support/official-sms-ir-client';
import { smsIrCaller, SMS_IR_KEY, SMS_IR_LINE } from '../support/sms-ir-caller';

const TO = '09121234567';
let sandbox: RunningProvider;
let official: ReturnType<typeof officialSmsIr>;

beforeAll(async () => {
  sandbox = await startProvider(smsIrProvider({ apiKey: SMS_IR_KEY, line: SMS_IR_LINE }), { port: 0 });
  official = officialSmsIr(sandbox.url, SMS_IR_KEY, SMS_IR_LINE);
});
afterAll(async () => {
  official.restore();
  await sandbox.stop();
});

it('serves every method of the official client, unmodified', async () => {
  const { client } = official;
  const smsIr = smsIrCaller(sandbox.url);
  await smsIr.control('POST', 'inbound', { line: SMS_IR_LINE, from: TO, text: 'لغو' });
  const bulk = await client.SendBulk('سلام', [TO, '+989121234568']);
  expect(bulk.data).toEqual({
    status: 1,
    message: 'موفق',
    data: {
      packId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      messageIds: [expect.any(Number), expect.any(Number)],
      cost: 2,
    },
  });
  const { packId, messageIds } = bulk.data.data as { packId: string; messageIds: [number, number] };
  const inTwoHours = Math.floor(Date.now() / 1_000) + 7_200;
  const scheduled = await client.SendLikeToLike(['a', 'b'], [TO, TO], inTwoHours);
  const report = { messageId: messageIds[0], mobile: 9121234567, messageText: 'سلام', cost: 1 };
  const verified = await client.SendVerifyCode(TO, 100002, [{ name: 'Code', value: '12345' }]);
  expect(verified.data.data).toEqual({ messageId: expect.any(Number), cost: 1 });
  const inbound = { messageText: 'لغو', number: Number(SMS_IR_LINE), mobile: 9121234567 };
  const listed = [
    await client.ReportMessage(messageIds[0]),
    await client.ReportPack(packId),
    await client.ReportToday(1),
    await client.ReportArchived(),
    await client.ReportTodayReceived(),
    await client.ReportLatestReceived(10),
    await client.ReportArchivedReceived(),
    await client.deleteScheduled((scheduled.data.data as { packId: string }).packId),
    await client.getCredit(),
    await client.getLineNumbers(),
  ];
  expect(listed.map(({ data }) => data.data)).toMatchObject([
    report,
    [report, { mobile: 9121234568 }],
    // The client puts its paging into the body of a GET, which is not read.
    [{ lineNumber: expect.any(Number), messageText: 'Sign-in code: 12345\n\n@127.0.0.1 #12345' }, {}, {}],
    [],
    [inbound],
    [{ ...inbound, receiveReturnId: expect.any(Number) }],
    [],
    { returnedCreditCount: 2, smsCount: 2 },
    9_997,
    [Number(SMS_IR_LINE)],
  ]);
});

it('refuses the official client with the HTTP status and the envelope of a code', async () => {
  await expect(official.client.SendBulk('x', [])).rejects.toMatchObject({
    response: { status: 400, data: { status: 107, message: 'لیست موبایل ها خالی می‌باشد', data: null } },
  });
});
