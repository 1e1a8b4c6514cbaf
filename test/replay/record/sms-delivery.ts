import { afterAll, beforeAll, beforeEach, test } from 'vitest';

import { newId } from '../../../entities/values/uuid';
import { decide, giveUp, retry } from '../../../workflows/sms/sms-delivery.contract';
import { eventually } from '../../support/eventually';
import { rows } from '../../support/sql';
import type { FakeSmsProvider } from '../../workflows/fake-sms-provider';
import { buildDelivery, deliveryOf } from '../../workflows/sms-deliveries';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

// Drives a message through every path and keeps what Temporal wrote down about it.

const NEVER = 3_600_000;
const OVERLOAD = { kind: 'refused', class: 'overload', code: '20', message: 'too many calls' } as const;
const UNKNOWN = { kind: 'unknown', message: 'no answer' } as const;
const NOTICE = { kind: 'notice' } as const;

let shop: WorkflowShop;
let first: FakeSmsProvider;
let second: FakeSmsProvider;

beforeAll(async () => {
  shop = await openWorkflowShop();
  [first, second] = shop.smsProviders as [FakeSmsProvider, FakeSmsProvider];
});
afterAll(() => shop?.close());
beforeEach(async () => {
  shop.reset();
  await rows(shop.database.manager, 'DELETE FROM sms_breakers');
});

async function keep(name: string, { handle }: ReturnType<typeof deliveryOf>): Promise<void> {
  await handle.result();
  keepHistory(name, await handle.fetchHistory());
}

const giveUpOn = ({ handle }: ReturnType<typeof deliveryOf>) =>
  handle.executeUpdate(giveUp, { args: [{ note: 'recording' }] });

test('delivered, as a poll says', async () => {
  first.askAfter(50);
  await keep('delivered', await buildDelivery(shop));
});

test('delivered, as a report says, after a forged one', async () => {
  const name = newId();
  first.answers.send = [{ kind: 'accepted', providerMessageId: name }];
  const delivery = await buildDelivery(shop);
  await delivery.until('accepted');
  await delivery.report('delivered', { name, signature: 'forged' });
  await delivery.calls.reportArrived(delivery.id);
  await eventually(delivery.read, ({ hasReport }) => !hasReport);
  await delivery.report('delivered', { name });
  await delivery.calls.reportArrived(delivery.id);
  await keep('reported', delivery);
});

test('a code that goes to the next provider', async () => {
  first.answers.send = [UNKNOWN];
  second.askAfter(50);
  await keep('next-provider', await buildDelivery(shop));
});

test('an account that must be put right', async () => {
  first.answers.send = [{ ...OVERLOAD, class: 'config' }];
  second.askAfter(50);
  await keep('config', await buildDelivery(shop));
});

test('a recipient that cannot get it', async () => {
  first.answers.send = [{ ...OVERLOAD, class: 'stop' }];
  await keep('refused', await buildDelivery(shop));
});

test('a code that nobody takes', async () => {
  for (const provider of [first, second]) provider.answers.send = Array.from({ length: 50 }, () => OVERLOAD);
  await keep('code-expired', await buildDelivery(shop, { codeLifetimeMs: 1_000 }));
});

test('a code of which nobody knows more', async () => {
  await keep('unconfirmed', await buildDelivery(shop, { codeLifetimeMs: 800 }));
});

test('a delivery that fails, and is tried elsewhere', async () => {
  first.askAfter(10);
  first.answers.report = [{ kind: 'report', state: 'failed', code: '6' }];
  second.askAfter(50);
  await keep('delivery-failed', await buildDelivery(shop, NOTICE));
});

test('a delivery that fails until nobody pays for another one', async () => {
  for (const provider of [first, second]) {
    provider.askAfter(10);
    provider.answers.report = Array.from({ length: 3 }, () => ({
      kind: 'report' as const,
      state: 'failed' as const,
      code: '6',
    }));
  }
  await keep('delivery-failed-for-good', await buildDelivery(shop, NOTICE));
});

test('a notice that nobody takes, tried by itself', async () => {
  for (const provider of [first, second]) provider.answers.send = [OVERLOAD, OVERLOAD];
  first.askAfter(50);
  await keep('notice-waits', await buildDelivery(shop, NOTICE));
});

test('a notice that nobody takes, retried by hand and given up', async () => {
  for (const provider of [first, second]) provider.answers.send = [OVERLOAD, OVERLOAD];
  const delivery = await buildDelivery(shop, {
    ...NOTICE,
    timing: { retryFirstMs: NEVER, retryMostMs: NEVER },
  });
  await delivery.untilAttention();
  await delivery.handle.executeUpdate(retry);
  await eventually(delivery.read, ({ attempts }) => attempts.length === 4);
  await giveUpOn(delivery);
  await keep('given-up', delivery);
});

test('a notice without an answer that is found', async () => {
  first.answers.send = [UNKNOWN];
  first.answers.find = [
    { kind: 'not_found', isCertain: false },
    { kind: 'found', providerMessageId: newId() },
  ];
  first.askAfter(50);
  await keep('found', await buildDelivery(shop, NOTICE));
});

test('a notice without an answer that was not sent', async () => {
  first.answers.send = [UNKNOWN];
  first.answers.find = [{ kind: 'not_found', isCertain: true }];
  second.askAfter(50);
  await keep('not-sent', await buildDelivery(shop, NOTICE));
});

test('an ambiguous notice that a person sends again', async () => {
  first.answers.send = [UNKNOWN];
  second.askAfter(50);
  const delivery = await buildDelivery(shop, NOTICE);
  await delivery.untilAttention();
  await delivery.handle.executeUpdate(decide, { args: [{ decision: 'resend', note: 'recording' }] });
  await keep('resent', delivery);
});

test('an ambiguous notice whose report comes before a decision to send it again', async () => {
  first.answers.send = [UNKNOWN];
  const delivery = await buildDelivery(shop, NOTICE);
  await delivery.untilAttention();
  await delivery.report('delivered', { name: newId() });
  // The decision comes while the workflow reads that there is a report.
  let resolve = () => {};
  const asked = new Promise<void>((done) => (resolve = done));
  shop.before.set('readMessage', () => asked);
  await delivery.calls.reportArrived(delivery.id);
  const decided = await delivery.handle.startUpdate(decide, {
    args: [{ decision: 'resend', note: 'recording' }],
    waitForStage: 'ACCEPTED',
  });
  resolve();
  await decided.result().catch(() => {});
  await keep('reported-before-a-decision', delivery);
});

test('an ambiguous notice that a person leaves', async () => {
  first.answers.send = [UNKNOWN];
  const delivery = await buildDelivery(shop, NOTICE);
  await delivery.untilAttention();
  await delivery.handle.executeUpdate(decide, { args: [{ decision: 'leave', note: 'recording' }] });
  await keep('left', delivery);
});

test('an ambiguous notice that is found by hand', async () => {
  first.answers.send = [UNKNOWN];
  first.askAfter(50);
  const delivery = await buildDelivery(shop, { ...NOTICE, timing: { findAfterMs: [] } });
  await delivery.untilAttention();
  first.answers.find = [{ kind: 'found', providerMessageId: newId() }];
  await delivery.handle.executeUpdate(retry);
  await keep('found-by-hand', delivery);
});

test('cancelled in the Temporal UI', async () => {
  const delivery = await buildDelivery(shop, NOTICE);
  await delivery.until('accepted');
  await delivery.handle.cancel();
  await keep('cancelled-in-the-ui', delivery);
});

test('a message that Postgres does not know', async () => {
  const delivery = deliveryOf(shop, newId());
  await delivery.calls.start(delivery.id);
  await keep('lost', delivery);
});

test('a message that Postgres does not know any more', async () => {
  for (const provider of [first, second]) provider.answers.send = [OVERLOAD];
  const delivery = await buildDelivery(shop, { timing: { retryFirstMs: 1_000 } });
  await eventually(delivery.read, ({ attempts }) => attempts.length === 2);
  await rows(shop.database.manager, 'DELETE FROM sms_attempts WHERE message_id = $1', [delivery.id]);
  await rows(shop.database.manager, 'DELETE FROM sms_messages WHERE id = $1', [delivery.id]);
  await keep('lost-midway', delivery);
});
