import { beforeAll, expect, test } from 'vitest';

import { checkVerification } from '../../entities/auth/check-verification';
import { codeMessageIdOf } from '../../entities/codes/send-code';
import { withTransaction } from '../../platform/transaction';
import { smsDeliveryWorkflowId } from '../../workflows/sms/sms-delivery.contract';
import { verificationWorkflowId } from '../../workflows/verification/verification.contract';
import { payloadsOf } from '../replay/history-files';
import { eventually } from '../support/eventually';
import { buildAccount } from '../support/factories/accounts';
import { journeyShop } from '../support/journey';
import { shopCodes } from '../support/shop-codes';
import { smsStaff } from '../support/sms-staff';
import { collectLines } from '../unit/platform/log-lines';

const log = collectLines();
const journey = journeyShop({ sms: {}, log: log.destination });

let codes: ReturnType<typeof shopCodes>;
let staff: ReturnType<typeof smsStaff>;
beforeAll(() => {
  codes = shopCodes(journey.shop);
  staff = smsStaff(journey.shop);
});

const inboxOf = (phone: string) => journey.shop.sms!.inbox(phone);
const untilArrived = (phone: string, messages: number) =>
  eventually(
    () => inboxOf(phone),
    (inbox) => inbox.length === messages,
  );

test('somebody gets a code, gets it again through another provider, types it, and its workflow ends', async () => {
  const { shop } = journey;
  const { id, phone, code, typed, age } = await codes.ask();

  expect(await codes.calls.send(id)).toMatchObject({ kind: 'answered', answer: { sends: 1 } });
  const [first] = await untilArrived(phone, 1);
  expect(first).toMatchObject({ provider: 'sms-ir', template: '100001' });
  expect(first!.text).toBe(`کد ورود: ${code}\n\n@127.0.0.1 #${code}`);

  await staff.until(codeMessageIdOf(id, 1), 'accepted');
  await age(61);
  await staff.lookNow(codeMessageIdOf(id, 1), 1);
  expect(await codes.calls.resend(id, 'a key')).toMatchObject({ kind: 'answered', answer: { sends: 2 } });
  const both = await untilArrived(phone, 2);
  expect(new Set(both.map(({ text }) => text)).size).toBe(1);
  expect(both.map(({ provider }) => provider).toSorted()).toEqual(['kavenegar', 'sms-ir']);

  const checked = await withTransaction(shop.database, (transaction) =>
    checkVerification(transaction, typed),
  );
  expect(checked).toEqual({ verdict: 'right' });
  await codes.calls.used(id);
  const workflow = shop.temporal.workflow.getHandle(verificationWorkflowId(id));
  expect(await workflow.result()).toBe('used');

  const histories = [
    workflow,
    shop.temporal.workflow.getHandle(smsDeliveryWorkflowId(codeMessageIdOf(id, 1))),
  ];
  for (const handle of histories) {
    const text = `${payloadsOf(await handle.fetchHistory()).join('\n')}\n${JSON.stringify(log.lines())}`;
    for (const personal of [code, phone.slice(3)]) expect(text).not.toContain(personal);
  }
});

test.each([
  ['change_number', 'fa', 'کد تغییر شماره: '],
  ['confirm_action', 'en', 'Code to confirm: '],
] as const)('a code to %s says what it is for, in %s', async (purpose, language, words) => {
  const { id: accountId } = await buildAccount(journey.shop.database);
  const { id, phone, code } = await codes.ask({ purpose, language, accountId });
  await codes.calls.send(id);
  const [message] = await untilArrived(phone, 1);
  expect(message!.text).toBe(`${words}${code}\n\n@127.0.0.1 #${code}`);
});

test('a code that is asked for while no worker runs is sent by the next one, once', async () => {
  const { shop } = journey;
  const { id, phone } = await codes.ask();
  await shop.stopWorkers();
  const sends = [codes.calls.send(id), codes.calls.send(id)];
  await shop.startWorkers();
  for (const sent of await Promise.all(sends)) expect(sent).toMatchObject({ answer: { sends: 1 } });
  await untilArrived(phone, 1);
});
