import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createCodePeppers } from '../../entities/auth/code-peppers';
import { VERIFICATION_LIMITS } from '../../entities/auth/verification-limits';
import { eraseAccount } from '../../entities/customers/erase-account';
import { forgetCodes } from '../../entities/customers/forget-codes';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { resend } from '../../workflows/verification/verification.contract';
import { payloadsOf } from '../replay/history-files';
import { eventually } from '../support/eventually';
import { buildAccount } from '../support/factories/accounts';
import { rows } from '../support/sql';
import { buildCode, codeAt } from './codes';
import type { FakeSmsProvider } from './fake-sms-provider';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

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
afterEach(() => shop.assertInvariantsHold());

const OVERLOAD = { kind: 'refused', class: 'overload', code: '20', message: 'too many calls' } as const;
const OVER = { kind: 'refused', code: 'auth.code_over' };
const refusedAs = (code: string) => ({
  kind: 'refused',
  code,
  details: { retryAfterSeconds: expect.any(Number) as number },
});
const sentAs = (sends: number, more: object = {}) => ({ kind: 'answered', answer: { sends, ...more } });

/** What the phone got, from the first provider before the second. */
const sentTo = ({ phone }: { readonly phone: string }) =>
  [...first.sent, ...second.sent].filter(({ to }) => to === phone);

async function metricsOf(purpose: string): Promise<Record<string, number>> {
  const { values } = await shop.metrics.registry.getSingleMetric('asoud_codes_total')!.get();
  return Object.fromEntries(
    values
      .filter(({ labels }) => labels['purpose'] === purpose)
      .map(({ labels, value }) => [labels['what'], value]),
  );
}

describe('a code', () => {
  test('is sent once, however often and at once it is asked for, and no row or history holds it', async () => {
    const it = await buildCode(shop, { purpose: 'sign_in' });

    const answers = await Promise.all(Array.from({ length: 10 }, it.send));

    expect(answers[0]).toMatchObject(sentAs(1, { resendAfterSeconds: 60 }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const code = await it.code();
    await it.message().until('accepted');
    expect(sentTo(it)).toMatchObject([{ template: '100001', parameters: { CODE: code } }]);
    const [stored] = await rows(
      shop.database.manager,
      'SELECT variables FROM sms_messages WHERE verification_id = $1',
      [it.id],
    );
    expect(stored).toEqual({ variables: {} });
    for (const { handle } of [it, it.message()]) {
      const text = payloadsOf(await handle.fetchHistory()).join('\n');
      expect(text).toContain(it.message().id);
      expect(text).not.toContain(code);
      expect(text).not.toContain(it.phone.slice(3));
    }
    expect(await it.send()).toMatchObject(sentAs(1));
    expect(sentTo(it)).toHaveLength(1);
  });

  test.each([
    ['change_number', 'change_number_code'],
    ['confirm_action', 'confirm_action_code'],
  ] as const)('for %s has a text of its own, in the language of its asker', async (purpose, template) => {
    const { id: accountId } = await buildAccount(shop.database);
    const it = await buildCode(shop, { purpose, accountId, language: 'en' });
    await it.send();
    expect(await it.message().until('accepted')).toMatchObject({ template, language: 'en', kind: 'code' });
  });

  test('that was used ends its workflow at once, and its messages outlive it', async () => {
    const it = await buildCode(shop);
    await it.send();
    await it.message().until('accepted');
    const before = await metricsOf('sign_in');
    await it.use();

    expect(await it.used()).toMatchObject({ kind: 'answered' });
    expect(await it.handle.result()).toBe('used');
    expect((await it.message().handle.describe()).status.name).toBe('RUNNING');
    expect(await it.resend('a')).toMatchObject(OVER);
    expect(await it.send()).toMatchObject(sentAs(1));
    expect((await metricsOf('sign_in'))['used']).toBe((before['used'] ?? 0) + 1);
    expect(sentTo(it)).toHaveLength(1);
  });

  test('ends as its row says when its time is over, whatever its workflow was told', async () => {
    const limits = { ...VERIFICATION_LIMITS, lifetimeSeconds: 1 };
    const ends = ['attempts = 1, used_at = now()', 'attempts = 5', 'attempts = 4'].map(async (change) => {
      const it = await buildCode(shop, { limits });
      await it.send();
      await rows(shop.database.manager, `UPDATE verifications SET ${change} WHERE id = $1`, [it.id]);
      return it.handle.result();
    });
    expect(await Promise.all(ends)).toEqual(['used', 'over', 'over']);
  });

  test('that was tried too often is not sent again, and its workflow ends', async () => {
    const it = await buildCode(shop);
    await it.send();
    await rows(shop.database.manager, 'UPDATE verifications SET attempts = 5 WHERE id = $1', [it.id]);
    expect(await it.resend('a')).toMatchObject(OVER);
    expect(await it.handle.result()).toBe('over');
  });

  test('of somebody who is erased meanwhile is over, is not sent again, and alerts nobody', async () => {
    const { id: accountId, phone } = await buildAccount(shop.database);
    const open = await buildCode(shop, { phone });
    await open.send();
    await open.message().until('accepted');
    const sent = sentTo(open);

    await withTransaction(shop.database, (transaction) => eraseAccount(transaction, accountId));

    expect(await open.resend('a')).toMatchObject(OVER);
    expect(await open.handle.result()).toBe('over');
    expect(await open.send()).toMatchObject({ kind: expect.stringMatching('refused|answered') });
    expect(sentTo(open)).toEqual(sent);
    const stored = await rows(shop.database.manager, 'SELECT 1 FROM sms_messages WHERE recipient = $1', [
      phone,
    ]);
    expect(stored).toEqual([]);
    expect(shop.runsOf('raiseAlert')).toBe(0);
  });

  test('whose message waits for a provider while its person is erased is given up', async () => {
    for (const provider of [first, second]) {
      provider.answers.send = Array.from({ length: 20 }, () => OVERLOAD);
    }
    const { id: accountId, phone } = await buildAccount(shop.database);
    const it = await buildCode(shop, { phone });
    await it.send();
    await eventually(it.message().read, ({ attempts }) => attempts.length >= 2);

    await withTransaction(shop.database, (transaction) => eraseAccount(transaction, accountId));

    await it.message().until('cancelled');
    expect(sentTo(it)).toEqual([]);
    expect(await it.used()).toMatchObject({ kind: 'answered' });
    expect(await it.handle.result()).toBe('over');
    expect(shop.runsOf('raiseAlert')).toBe(0);
  });

  test('whose row is gone before its end is counted ends as it did, and nobody counts it', async () => {
    const it = await buildCode(shop);
    await it.send();
    await it.message().until('accepted');
    await it.use();
    shop.before.set('noteEndOfCode', async () => {
      const gone = 'UPDATE verifications SET forget_at = now() WHERE id = $1';
      await rows(shop.database.manager, gone, [it.id]);
      await withTransaction(shop.database, forgetCodes);
    });
    await it.used();
    expect(await it.handle.result()).toBe('used');
  });

  test('that Postgres does not know is over', async () => {
    const it = codeAt(shop, newId());
    expect(await it.send()).toMatchObject(OVER);
    expect(await it.handle.result()).toBe('lost');
    const other = codeAt(shop, newId());
    expect(await other.resend('a')).toMatchObject(OVER);
    expect(await other.used()).toEqual({ kind: 'read_again' });
  });
});

describe('a further message', () => {
  test('carries the same code through another provider, once per ask', async () => {
    const it = await buildCode(shop);
    await it.send();
    await it.message().until('accepted');
    await it.age(61);
    await rows(
      shop.database.manager,
      `UPDATE sms_attempts SET answered_at = now() - interval '61 seconds'
       WHERE message_id IN (SELECT id FROM sms_messages WHERE verification_id = $1)`,
      [it.id],
    );

    const answers = await Promise.all(Array.from({ length: 8 }, () => it.resend('a key')));

    for (const answer of answers) expect(answer).toMatchObject(sentAs(2));
    await it.message(2).until('accepted');
    const code = await it.code();
    expect(sentTo(it)).toMatchObject([{ parameters: { CODE: code } }, { parameters: { token: code } }]);
  });

  test('waits, longer each time, and there are three at most', async () => {
    const it = await buildCode(shop);
    await it.send();
    expect(await it.resend('a')).toMatchObject(refusedAs('auth.code_too_soon'));
    await it.age(61);
    expect(await it.resend('a')).toMatchObject(sentAs(2, { resendAfterSeconds: 120 }));
    await it.age(61);
    expect(await it.resend('b')).toMatchObject(refusedAs('auth.code_too_soon'));
    await it.age(60);
    expect(await it.resend('b')).toMatchObject(sentAs(3, { resendAfterSeconds: null }));
    await rows(
      shop.database.manager,
      "UPDATE verifications SET last_sent_at = last_sent_at - interval '10 minutes' WHERE id = $1",
      [it.id],
    );
    expect(await it.resend('c')).toMatchObject(refusedAs('auth.codes_too_many'));
    expect((await it.read()).sends).toBe(3);
  });

  test('is asked for as it must be', async () => {
    const it = await buildCode(shop);
    await it.send();
    for (const argument of [undefined, {}, { askId: '' }, { askId: 'a'.repeat(101) }])
      await expect(it.handle.executeUpdate(resend, { args: [argument as never] })).rejects.toMatchObject({
        cause: { type: 'request.invalid' },
      });
  });
});

describe('a message that was not sent yet', () => {
  const nobodyTakesIt = () => {
    for (const provider of [first, second])
      provider.answers.send = Array.from({ length: 20 }, () => OVERLOAD);
  };

  test('is given up when its code was used', async () => {
    nobodyTakesIt();
    const it = await buildCode(shop);
    await it.send();
    await eventually(it.message().read, ({ attempts }) => attempts.length >= 2);
    await it.use();
    await it.message().until('cancelled');
    expect(sentTo(it)).toEqual([]);
  });

  test('is not sent even where a provider was chosen just before its code was used', async () => {
    const it = await buildCode(shop);
    shop.before.set('sendSms', () => it.use());
    await it.send();
    await it.message().until('cancelled');
    expect(sentTo(it)).toEqual([]);
  });

  test('whose pepper was removed goes nowhere, and a person hears of it', async () => {
    const peppers = createCodePeppers(['a pepper that the worker does not have any more']);
    const it = await buildCode(shop, { peppers });
    await it.send();
    await it.message().until('refused');
    await eventually(
      () => shop.runsOf('raiseAlert'),
      (alerts) => alerts === 1,
    );
    expect(sentTo(it)).toEqual([]);
  });
});

test('a person hears once when half of the messages of the shop are used up, and once when they are spent', async () => {
  const fill = (codes: number) =>
    rows(
      shop.database.manager,
      `INSERT INTO verifications (id, purpose, phone, salt, pepper_id, expires_at, client_key)
       SELECT gen_random_uuid(), 'sign_in', '+98935' || lpad(n::text, 7, '0'), decode(repeat('00', 16), 'hex'), 'filled',
         now() + interval '5 minutes', 'filled' FROM generate_series(1, $1) AS n`,
      [codes],
    );
  const alerts = async () => {
    const { values } = await shop.metrics.registry.getSingleMetric('asoud_alerts_total')!.get();
    return Object.fromEntries(
      values
        .filter(({ labels }) => String(labels['code']).startsWith('auth'))
        .map(({ labels, value }) => [labels['code'], value]),
    );
  };
  // Asked for before the shop is out of messages.
  const codes = [await buildCode(shop), await buildCode(shop), await buildCode(shop), await buildCode(shop)];
  try {
    await fill(50);
    for (const code of codes.slice(0, 2)) await code.send();
    expect(await alerts()).toEqual({ 'auth.codes_half_spent': 1 });
    await fill(50);
    for (const code of codes.slice(2)) await code.send();
    expect(await alerts()).toEqual({ 'auth.codes_half_spent': 1, 'auth.codes_exhausted': 1 });
  } finally {
    await rows(shop.database.manager, "DELETE FROM verifications WHERE pepper_id = 'filled'");
  }
});

describe('faults', () => {
  test('a step that fails after its commit sends nothing twice', async () => {
    let failures = 1;
    shop.after.set('sendCode', async () => {
      if (failures-- > 0) throw new Error('the answer of Postgres got lost');
    });
    const it = await buildCode(shop);
    expect(await it.send()).toMatchObject(sentAs(1));
    await it.message().until('accepted');
    expect(sentTo(it)).toHaveLength(1);
  });

  test('a reset to the very beginning, which asks for everything again, sends nothing twice', async () => {
    const it = await buildCode(shop);
    await it.send();
    await it.age(61);
    expect(await it.resend('a')).toMatchObject(sentAs(2));
    await it.message(2).until('accepted');
    await it.age(121);
    const { runId } = await it.handle.describe();
    const { events } = await it.handle.fetchHistory();
    await shop.temporal.workflowService.resetWorkflowExecution({
      namespace: shop.namespace,
      workflowExecution: { workflowId: it.handle.workflowId, runId },
      reason: 'a test',
      requestId: randomUUID(),
      workflowTaskFinishEventId: events!.find((event) => event.workflowTaskCompletedEventAttributes)!.eventId,
      resetReapplyType: 3,
    });
    await it.use();
    await it.used();
    expect(await it.handle.result()).toBe('used');
    expect((await it.read()).sends).toBe(2);
    expect(sentTo(it)).toHaveLength(2);
  });
});
