import { beforeAll, expect, test } from 'vitest';

import { journeyShop } from '../support/journey';
import type { SmsSandboxes } from '../support/sms-sandboxes';
import { newPhone, smsStaff, tellSends } from '../support/sms-staff';

// No other provider has a short time-out: a slow machine changes nothing.
const journey = journeyShop({ sms: { smsIrTimeoutMs: 300 } });
const HOUR_MS = 3_600_000;

let sms: SmsSandboxes;
let staff: ReturnType<typeof smsStaff>;

beforeAll(() => {
  sms = journey.shop.sms!;
  staff = smsStaff(journey.shop);
});

test.each([
  ['never answers', { kind: 'timeout' }, 1],
  ['sends and never answers', { kind: 'timeout', when: 'after' }, 2],
  ['sends and answers much too late', { kind: 'slow', ms: HOUR_MS, when: 'after' }, 2],
])('a code goes out through the next provider when the first one %s', async (_, fault, arrived) => {
  await sms.smsIr.fault({ endpoint: 'send/verify', ...fault });
  const to = newPhone();
  const id = await staff.code(to);
  expect(tellSends(await staff.until(id, 'accepted'))).toEqual([
    'sms-ir template unknown',
    'kavenegar template accepted',
  ]);
  expect(sms.inbox(to)).toHaveLength(arrived);
});

test('a notice whose provider never answers is looked for, and nobody sends it again', async () => {
  await sms.smsIr.fault({ endpoint: 'send/verify', kind: 'timeout', when: 'before' });
  const to = newPhone();
  const id = await staff.notice(to);
  await staff.untilSends(id, ['sms-ir template unknown']);
  await staff.lookNow(id, 10);
  const { reason, finishedAt } = await staff.until(id, 'ambiguous');
  expect([reason, finishedAt]).toEqual(['no_answer', null]);
  expect(sms.inbox(to)).toEqual([]);
});
