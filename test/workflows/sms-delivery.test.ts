import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { smsAttemptIdOf } from '../../entities/sms/request-message';
import { newId } from '../../entities/values/uuid';
import { decide, giveUp, retry, SMS_QUEUE } from '../../workflows/sms/sms-delivery.contract';
import { SMS_SWEEP_WORKFLOW, type SmsSweepResult } from '../../workflows/sms/sms-sweep.contract';
import { payloadsOf } from '../replay/history-files';
import { eventually } from '../support/eventually';
import { buildMessage } from '../support/factories/sms';
import { rows } from '../support/sql';
import type { FakeSmsProvider } from './fake-sms-provider';
import { buildDelivery, deliveryOf } from './sms-deliveries';
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

const NEVER = 3_600_000;
const OVERLOAD = { kind: 'refused', class: 'overload', code: '20', message: 'too many calls' } as const;
const CONFIG = { ...OVERLOAD, class: 'config', code: '102', message: 'no credit' } as const;
const UNKNOWN = { kind: 'unknown', message: 'no answer' } as const;
const FAILED = { kind: 'report', state: 'failed', code: '6' } as const;
const statuses = ({ attempts }: { attempts: readonly { provider: string; status: string }[] }) =>
  attempts.map(({ provider, status }) => `${provider} ${status}`);

describe('a message', () => {
  test('is sent by the first provider, asked for, and ends when it is delivered', async () => {
    first.askAfter(50);
    const delivery = await buildDelivery(shop);

    expect(await delivery.handle.result()).toBe('delivered');
    expect(first.sent).toMatchObject([
      { to: '+989121234567', template: '100001', parameters: { CODE: '123456' } },
    ]);
    expect((await delivery.read()).attempts).toMatchObject([
      { status: 'accepted', delivery: 'delivered', latencyMs: expect.any(Number) },
    ]);
  });

  test('names neither number nor code in its history or details', async () => {
    first.askAfter(50);
    const { handle, details } = await buildDelivery(shop);
    await handle.result();

    const text = `${payloadsOf(await handle.fetchHistory()).join('\n')}\n${await details()}`;
    expect(text).toContain('delivered');
    expect(text).not.toMatch(/9121234567|123456/);
  });

  test.each([
    ['overload', OVERLOAD],
    ['config', CONFIG],
    ['no answer', UNKNOWN],
  ])(
    'that the first provider does not take (%s) goes to the next at once, as the same code',
    async (_, answer) => {
      first.answers.send = [answer];
      const delivery = await buildDelivery(shop);

      const message = await delivery.until('accepted');
      expect(message.attempts.map(({ provider }) => provider)).toEqual(['sms-ir', 'kavenegar']);
      expect(second.sent).toMatchObject([{ template: 'signin-fa', parameters: { token: '123456' } }]);
      expect(shop.runsOf('raiseAlert')).toBe(answer === CONFIG ? 1 : 0);
    },
  );

  test.each(['stop', 'bug'] as const)('that is refused as %s goes nowhere else', async (refusal) => {
    first.answers.send = [{ ...OVERLOAD, class: refusal }];
    const delivery = await buildDelivery(shop);

    expect(await delivery.handle.result()).toBe('refused');
    expect(second.sent).toEqual([]);
    expect(shop.runsOf('raiseAlert')).toBe(refusal === 'bug' ? 1 : 0);
  });

  test('that Postgres does not know ends with an alert', async () => {
    const id = newId();
    const { handle, calls } = deliveryOf(shop, id);
    await calls.start(id);

    expect(await handle.result()).toBe('lost');
    expect(shop.runsOf('raiseAlert')).toBe(1);
  });
});

describe('a code', () => {
  test('that Postgres does not know any more, after it began, ends with an alert too', async () => {
    first.answers.send = [OVERLOAD];
    second.answers.send = [OVERLOAD];
    const { id, handle, read } = await buildDelivery(shop, { timing: { retryFirstMs: 1_000 } });
    await eventually(read, ({ attempts }) => attempts.length === 2);
    await rows(shop.database.manager, 'DELETE FROM sms_attempts WHERE message_id = $1', [id]);
    await rows(shop.database.manager, 'DELETE FROM sms_messages WHERE id = $1', [id]);
    expect(await handle.result()).toBe('lost');
    // It does not ask again and again.
    expect(shop.runsOf('readMessage')).toBe(2);
  });

  test('that nobody takes is tried again until its lifetime is over', async () => {
    first.answers.send = Array.from({ length: 50 }, () => OVERLOAD);
    second.answers.send = Array.from({ length: 50 }, () => OVERLOAD);
    const { handle, read, needsAttention } = await buildDelivery(shop, { codeLifetimeMs: 1_500 });

    expect(await handle.result()).toBe('failed');
    expect((await read()).attempts.length).toBeGreaterThan(2);
    expect(await needsAttention()).toBe(false);
    expect(shop.runsOf('raiseAlert')).toBe(1);
    expect(first.sent).toEqual([]);
  });

  test('whose delivery nobody reports ends unconfirmed with its lifetime', async () => {
    const { handle } = await buildDelivery(shop, { codeLifetimeMs: 800 });
    expect(await handle.result()).toBe('unconfirmed');
  });

  test('whose delivery fails goes to the next provider', async () => {
    first.askAfter(10);
    first.answers.report = [FAILED];
    const { until } = await buildDelivery(shop);
    await eventually(
      () => second.sent.length,
      (sent) => sent === 1,
    );
    expect((await until('accepted')).attempts).toHaveLength(2);
  });
});

describe('a notice', () => {
  const notice = { kind: 'notice' } as const;

  test('that nobody takes waits for a person, is tried again by itself, and then needs nobody', async () => {
    first.answers.send = [OVERLOAD, OVERLOAD];
    second.answers.send = [OVERLOAD, OVERLOAD];
    const delivery = await buildDelivery(shop, notice);

    const message = await delivery.until('accepted');
    expect(message.attempts).toHaveLength(5);
    expect(shop.runsOf('raiseAlert')).toBe(1);
    await eventually(delivery.needsAttention, (needed) => !needed);
  });

  test('that waits is tried at once by `retry`, or given up', async () => {
    const timing = { retryFirstMs: NEVER, retryMostMs: NEVER };
    first.answers.send = [OVERLOAD, OVERLOAD];
    second.answers.send = [OVERLOAD, OVERLOAD];
    const tried = await buildDelivery(shop, { ...notice, timing });
    await tried.untilAttention();
    expect(await tried.details()).toContain('Needs a person');
    await tried.handle.executeUpdate(retry);
    await eventually(tried.read, ({ attempts }) => attempts.length === 4);
    await tried.handle.executeUpdate(giveUp, { args: [{ note: 'a test' }] });
    expect(await tried.handle.result()).toBe('cancelled');
  });

  test('without an answer is looked for, and found', async () => {
    first.answers.send = [UNKNOWN];
    // A provider that has it says so each time: the answer to a step may get lost, and the step is repeated.
    const found = { kind: 'found', providerMessageId: newId() } as const;
    first.answers.find = [{ kind: 'not_found', isCertain: false }, found, found, found];
    const { until } = await buildDelivery(shop, notice);

    expect(statuses(await until('accepted'))).toEqual(['sms-ir accepted']);
    expect(shop.runsOf('findSms')).toBe(2);
    expect(second.sent).toEqual([]);
  });

  test('that surely was not sent goes to the next provider', async () => {
    first.answers.send = [UNKNOWN];
    first.answers.find = [{ kind: 'not_found', isCertain: true }];
    const { until } = await buildDelivery(shop, notice);
    expect(statuses(await until('accepted'))).toEqual(['sms-ir not_sent', 'kavenegar accepted']);
  });

  test.each([
    ['resend', 'accepted', ['sms-ir abandoned', 'kavenegar accepted']],
    ['leave', 'unconfirmed', ['sms-ir unknown']],
  ] as const)(
    'that nobody can find is never sent again, until a person decides: %s',
    async (decision, status, after) => {
      first.answers.send = [UNKNOWN];
      const delivery = await buildDelivery(shop, notice);
      await delivery.until('ambiguous');
      await delivery.untilAttention();
      expect(second.sent).toEqual([]);

      const { message } = await delivery.handle.executeUpdate(decide, {
        args: [{ decision, note: 'a test' }],
      });
      expect(message.status).toBe(decision === 'leave' ? 'unconfirmed' : 'queued');
      expect(statuses(await delivery.until(status))).toEqual(after);
    },
  );

  test('that is ambiguous is looked for once more by `retry`', async () => {
    first.answers.send = [UNKNOWN];
    const delivery = await buildDelivery(shop, { ...notice, timing: { findAfterMs: [] } });
    await delivery.untilAttention();
    first.answers.find = [{ kind: 'found', providerMessageId: newId() }];
    const { message } = await delivery.handle.executeUpdate(retry);
    expect(message.status).toBe('accepted');
  });

  test('that is not ambiguous needs no decision, and malformed messages are refused', async () => {
    const { handle, until } = await buildDelivery(shop, notice);
    await until('accepted');
    const send = (argument: unknown) => handle.executeUpdate(decide, { args: [argument as never] });
    await expect(send({ decision: 'leave', note: 'a test' })).rejects.toMatchObject({
      cause: { type: 'sms.not_ambiguous' },
    });
    for (const argument of [undefined, {}, { decision: 'drop', note: 'n' }, { decision: 'leave' }])
      await expect(send(argument)).rejects.toMatchObject({ cause: { type: 'request.invalid' } });
  });

  test('ends when nobody is asked any more', async () => {
    first.askAfter(10, 200);
    first.answers.report = [
      { kind: 'no_report', code: '111', message: 'unknown' },
      { kind: 'report', state: 'undelivered', code: '2' },
    ];
    const { handle } = await buildDelivery(shop, notice);
    expect(await handle.result()).toBe('undelivered');
  });

  test('is given up by a cancellation in Temporal, and what went out stays unconfirmed', async () => {
    const { handle, until } = await buildDelivery(shop, notice);
    await until('accepted');
    await handle.cancel();
    expect(await handle.result()).toBe('unconfirmed');
  });
});

describe('reports', () => {
  const sent = async (more: Parameters<typeof buildDelivery>[1] = {}) => {
    const name = newId();
    first.answers.send = [{ kind: 'accepted', providerMessageId: name }];
    const delivery = await buildDelivery(shop, more);
    await delivery.until('accepted');
    return { ...delivery, name };
  };

  test('that are forged, foreign, doubled or out of order change nothing; a genuine one ends the message', async () => {
    const { id, calls, handle, report, read, name } = await sent();
    await report('delivered', { name, signature: 'forged' });
    await report('delivered', { name: 'another' });
    await report('undelivered', { name });
    await report('undelivered', { name });
    await calls.reportArrived(id);
    await eventually(read, ({ hasReport }) => !hasReport);
    expect(await read()).toMatchObject({ status: 'accepted', attempts: [{ delivery: 'undelivered' }] });

    await report('delivered', { name });
    await calls.reportArrived(id);
    expect(await handle.result()).toBe('delivered');
  });

  test('that come after the end are still judged', async () => {
    const { id, calls, handle, report, read, name } = await sent({ codeLifetimeMs: 500 });
    expect(await handle.result()).toBe('unconfirmed');
    await report('delivered', { name });
    await calls.reportArrived(id);
    await eventually(read, ({ status }) => status === 'delivered');
  });

  test('prove that a send without an answer went out', async () => {
    first.answers.send = [UNKNOWN];
    const { id, calls, handle, report, until } = await buildDelivery(shop, {
      kind: 'notice',
      timing: { findAfterMs: [] },
    });
    await until('ambiguous');
    await report('delivered', { name: newId() });
    await calls.reportArrived(id);
    expect(await handle.result()).toBe('delivered');
  });
});

test('a report that nobody has judged goes before a decision to send again', async () => {
  first.answers.send = [UNKNOWN];
  const delivery = await buildDelivery(shop, { kind: 'notice', timing: { findAfterMs: [] } });
  await delivery.untilAttention();
  await delivery.report('delivered', { name: newId() });
  // The decision comes while the workflow reads that there is a report.
  let resolve = () => {};
  const asked = new Promise<void>((done) => (resolve = done));
  shop.before.set('readMessage', () => asked);
  await delivery.calls.reportArrived(delivery.id);
  const decided = await delivery.handle.startUpdate(decide, {
    args: [{ decision: 'resend', note: 'a test' }],
    waitForStage: 'ACCEPTED',
  });
  resolve();
  await expect(decided.result()).rejects.toMatchObject({ cause: { type: 'sms.not_ambiguous' } });
  expect(await delivery.handle.result()).toBe('delivered');
  expect(second.sent).toEqual([]);
});

describe('faults', () => {
  test('a step that fails after its commit does not send twice', async () => {
    for (const step of ['beginSmsAttempt', 'recordSendOutcome'] as const) {
      let failures = 1;
      shop.after.set(step, async () => {
        if (failures-- > 0) throw new Error('the answer of Postgres got lost');
      });
    }
    const { until } = await buildDelivery(shop);
    await until('accepted');
    expect(first.sent).toHaveLength(1);
    expect(second.sent).toHaveLength(0);
  });

  test('a reset to the very beginning sends nothing twice', async () => {
    const { handle, until, read } = await buildDelivery(shop, { kind: 'notice' });
    await until('accepted');
    const { runId, workflowId } = { ...(await handle.describe()), workflowId: handle.workflowId };
    const { events } = await handle.fetchHistory();
    const task = events!.find((event) => event.workflowTaskCompletedEventAttributes)!;
    await shop.temporal.workflowService.resetWorkflowExecution({
      namespace: shop.namespace,
      workflowExecution: { workflowId, runId },
      reason: 'a test',
      requestId: randomUUID(),
      workflowTaskFinishEventId: task.eventId,
    });
    const fresh = shop.temporal.workflow.getHandle(workflowId);
    await fresh.executeUpdate(retry);
    expect(statuses(await read())).toEqual(['sms-ir accepted']);
    expect(first.sent.length + second.sent.length).toBe(1);
  });

  test('a send whose worker died is not repeated: a notice is looked for', async () => {
    const { id } = await buildMessage(shop.database, { kind: 'notice' });
    first.answers.find = [{ kind: 'found', providerMessageId: newId() }];
    // The earlier worker had called the provider when it died.
    shop.before.set('sendSms', () =>
      rows(shop.database.manager, 'UPDATE sms_attempts SET called_at = now() WHERE message_id = $1', [id]),
    );
    const { calls, until } = deliveryOf(shop, id);
    await calls.start(id);

    expect(statuses(await until('accepted'))).toEqual(['sms-ir accepted']);
    expect(shop.runsOf('findSms')).toBe(1);
    expect(first.sent).toEqual([]);
  });
});

test('attempts are named by message and ordinal, so that a reset finds them again', async () => {
  first.answers.send = [OVERLOAD];
  const { id, until } = await buildDelivery(shop);
  await until('accepted');
  const inputs = (step: 'beginSmsAttempt' | 'sendSms') =>
    shop.runs.filter((run) => run.step === step).map(({ input }) => input);
  expect(inputs('beginSmsAttempt')).toEqual([
    { messageId: id, ordinal: 1, tried: [] },
    { messageId: id, ordinal: 2, tried: ['sms-ir'] },
  ]);
  expect(inputs('sendSms')).toEqual([1, 2].map((ordinal) => ({ attemptId: smsAttemptIdOf(id, ordinal) })));
});

describe('a sweep', () => {
  const sweep = () =>
    shop.temporal.workflow.execute<() => Promise<SmsSweepResult>>(SMS_SWEEP_WORKFLOW, {
      workflowId: `sms-sweep-${randomUUID()}`,
      taskQueue: SMS_QUEUE,
    });

  test('starts what has no workflow, wakes what has a report, and erases codes', async () => {
    await rows(
      shop.database.manager,
      `UPDATE sms_messages SET woken_at = now() + interval '1 hour' WHERE finished_at IS NULL`,
    );
    const forgotten = await buildMessage(shop.database);
    const name = newId();
    first.answers.send = [{ kind: 'accepted', providerMessageId: name }];
    const told = await buildDelivery(shop);
    await told.until('accepted');
    await told.report('delivered', { name });

    expect(await sweep()).toEqual({ workflowsWoken: 2, codesErased: expect.any(Number), poorProviders: [] });

    expect(await told.handle.result()).toBe('delivered');
    await deliveryOf(shop, forgotten.id).until('accepted');
  });

  test('names providers with too little credit, or without an answer', async () => {
    first.answers.credit = [{ kind: 'credit', left: { amount: '99.5', unit: 'credit' } }];
    second.answers.credit = [UNKNOWN];
    expect((await sweep()).poorProviders).toEqual(['sms-ir', 'kavenegar']);
  });
});
