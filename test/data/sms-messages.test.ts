import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { SEED_SMS_TEMPLATES } from '../../entities/seeds/sms-templates';
import { beginSmsAttempt } from '../../entities/sms/begin-attempt';
import { claimSend } from '../../entities/sms/claim-send';
import { closeMessage } from '../../entities/sms/close-message';
import { eraseExpiredCodes, findLostMessages } from '../../entities/sms/find-lost-messages';
import { fillTemplate } from '../../entities/sms/fit-variables';
import { recordDeliveryReport, type DeliveryResult } from '../../entities/sms/record-delivery';
import { markAmbiguous, recordFindOutcome, recordSendOutcome } from '../../entities/sms/record-outcome';
import { smsMessageIdOf } from '../../entities/sms/request-message';
import { newId } from '../../entities/values/uuid';
import { buildMessage, buildSend, TWO_ROUTES } from '../support/factories/sms';
import { interleave } from '../support/interleave';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;

beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(async () => {
  await shop.assertInvariantsHold();
  await rows(shop.database.manager, 'DELETE FROM sms_breakers');
});
afterAll(() => shop.close());

const OVERLOAD = { kind: 'refused', class: 'overload', code: '20', message: 'too many' } as const;
const UNKNOWN = { kind: 'unknown', message: 'no answer' } as const;

const variablesOf = (messageId: string) =>
  row<{ variables: unknown }>(shop.database.manager, 'SELECT variables FROM sms_messages WHERE id = $1', [
    messageId,
  ]);

const report = (attemptId: string, state: DeliveryResult['state'], more: Partial<DeliveryResult> = {}) =>
  shop.run((transaction) =>
    recordDeliveryReport(transaction, { attemptId, report: { state, code: '1', ...more } }),
  );

describe('a request', () => {
  test('is stored once per key, and another request under the same key is refused', async () => {
    const messageId = smsMessageIdOf('staff', newId());
    const first = await buildMessage(shop.database, { messageId });
    expect(first).toMatchObject({
      status: 'queued',
      kind: 'code',
      attempts: [],
      expiresAt: expect.any(Number),
    });
    expect(await buildMessage(shop.database, { messageId })).toEqual(first);
    // A digest of a number and a code is guessed within a moment, and the state of a message stands in histories.
    expect(JSON.stringify(first)).not.toContain('digest');
    expect(
      await refusalOf(buildMessage(shop.database, { messageId, requestDigest: 'another' })),
    ).toMatchObject({
      code: 'request.idempotency_key_reused',
    });
  });

  test.each<[string, Record<string, string>, string, string]>([
    ['is missing', {}, 'variables.code', 'missing'],
    ['is empty', { code: '' }, 'variables.code', 'missing'],
    ['is too long', { code: '123456789' }, 'variables.code', 'longest'],
    ['has the wrong form', { code: '۱۲۳۴۵۶' }, 'variables.code', 'form'],
    ['has what no row can hold', { code: '12\0' }, 'variables.code', 'form'],
    ['is unknown', { code: '123456', host: 'evil.example' }, 'variables.host', 'unknown'],
  ])('whose variable %s is refused', async (_, variables, field, rule) => {
    const { code, details } = await refusalOf(buildMessage(shop.database, { variables }));
    expect(code).toBe('sms.variables_invalid');
    expect(details.errors).toEqual([{ in: 'body', field, rule, detail: expect.any(String) }]);
  });

  test('for a template that nobody wrote is refused', async () => {
    expect(await refusalOf(buildMessage(shop.database, { template: 'none' }))).toMatchObject({
      code: 'sms.template_unknown',
    });
  });

  test('fits into one part of an SMS, and a code stands in the last line for browsers', () => {
    for (const { languages, kind } of SEED_SMS_TEMPLATES) {
      const values = { code: '12345678', number: '1234567890', host: 'shop.example.ir' };
      expect(fillTemplate(languages.fa.text, values).length).toBeLessThanOrEqual(70);
      for (const { text } of Object.values(languages)) {
        const last = fillTemplate(text, values).split('\n').at(-1);
        if (kind === 'code') expect(last).toBe('@shop.example.ir #12345678');
      }
    }
  });
});

describe('a send', () => {
  test('goes to the first provider, and after a refusal to the next', async () => {
    const { id } = await buildMessage(shop.database);
    const first = await buildSend(shop.database, id, OVERLOAD);
    const second = await buildSend(shop.database, id, { ...OVERLOAD, class: 'config' });
    expect([first!.provider, second!.provider]).toEqual(['first', 'second']);
    expect(second!.message).toMatchObject({ status: 'queued', failureCode: '20' });
    const third = await buildSend(shop.database, id, undefined, { tried: ['first', 'second'] });
    expect(third).toBeNull();
  });

  test('goes first to providers through which no earlier message was lost', async () => {
    const { id } = await buildMessage(shop.database, { avoid: ['first'] });
    expect((await buildSend(shop.database, id))!.provider).toBe('second');
  });

  test('by template needs one of the provider: a code leaves it out, a notice goes as text', async () => {
    const routes = ['twilio', 'sms-ir'].map((provider) => ({
      provider,
      operations: { code: 'template', notice: 'template' } as const,
    }));
    const code = await buildMessage(shop.database);
    expect((await buildSend(shop.database, code.id, undefined, { routes }))!.provider).toBe('sms-ir');
    const notice = await buildMessage(shop.database, { kind: 'notice' });
    const sent = await buildSend(shop.database, notice.id, undefined, { routes });
    expect(sent!.message.attempts).toMatchObject([{ provider: 'twilio', operation: 'text' }]);
  });

  test.each(['stop', 'bug'] as const)(
    'refused as %s ends the message and erases its code',
    async (refusal) => {
      const { id } = await buildMessage(shop.database);
      const sent = await buildSend(shop.database, id, { ...OVERLOAD, class: refusal });
      expect(sent!.message).toMatchObject({ status: 'refused', finishedAt: expect.any(Number) });
      expect(await variablesOf(id)).toEqual({ variables: null });
    },
  );

  test('is begun once per ordinal, and its provider is called once', async () => {
    const { id } = await buildMessage(shop.database);
    const begin = (transaction: Parameters<typeof beginSmsAttempt>[0]) =>
      beginSmsAttempt(transaction, { messageId: id, ordinal: 1, tried: [] }, TWO_ROUTES);
    const both = await interleave(shop, begin, begin);
    expect(both.first.attemptId).not.toBeNull();
    expect(both.second).toMatchObject({ value: { attemptId: null, message: { status: 'sending' } } });
    const claims = await Promise.all(
      [1, 2, 3].map(() => shop.run((transaction) => claimSend(transaction, both.first.attemptId!))),
    );
    expect(claims.filter((claim) => claim !== undefined)).toMatchObject([
      { recipient: '+989121234567', variables: { code: '123456' } },
    ]);
  });

  test('without an answer lets a code go on, and a notice wait', async () => {
    const code = await buildMessage(shop.database);
    expect((await buildSend(shop.database, code.id, UNKNOWN))!.message.status).toBe('queued');
    const notice = await buildMessage(shop.database, { kind: 'notice' });
    expect((await buildSend(shop.database, notice.id, UNKNOWN))!.message.status).toBe('sending');
  });

  test('whose worker died before it called surely sent nothing: also a notice goes on', async () => {
    const { id } = await buildMessage(shop.database, { kind: 'notice' });
    const { attemptId } = await shop.run((transaction) =>
      beginSmsAttempt(transaction, { messageId: id, ordinal: 1, tried: [] }, TWO_ROUTES),
    );
    expect(
      await shop.run((transaction) =>
        recordSendOutcome(transaction, { attemptId: attemptId!, outcome: UNKNOWN }),
      ),
    ).toMatchObject({ status: 'queued', attempts: [{ status: 'not_sent' }] });
    expect(await shop.run((transaction) => claimSend(transaction, attemptId!))).toBeUndefined();
  });

  test('that is answered twice keeps the first answer', async () => {
    const { id } = await buildMessage(shop.database);
    const { attemptId } = (await buildSend(shop.database, id))!;
    const again = await shop.run((transaction) =>
      recordSendOutcome(transaction, { attemptId, outcome: OVERLOAD }),
    );
    expect(again).toMatchObject({ status: 'accepted', attempts: [{ status: 'accepted', code: null }] });
  });

  test('that gets the name of another message has no answer', async () => {
    const accepted = { kind: 'accepted', providerMessageId: newId() } as const;
    await buildSend(shop.database, (await buildMessage(shop.database)).id, accepted);
    const { id } = await buildMessage(shop.database);
    expect((await buildSend(shop.database, id, accepted))!.message.attempts).toMatchObject([
      { status: 'unknown' },
    ]);
  });

  test('keeps its cost exactly', async () => {
    const { id } = await buildMessage(shop.database);
    const cost = { amount: '0.00750', unit: 'USD' };
    const sent = await buildSend(shop.database, id, {
      kind: 'accepted',
      providerMessageId: newId(),
      cost,
      tookMs: 42,
    });
    expect(sent!.message.attempts).toMatchObject([{ cost: '0.00750', costUnit: 'USD', latencyMs: 42 }]);
  });
});

describe('a notice without an answer', () => {
  const ambiguous = async () => {
    const { id } = await buildMessage(shop.database, { kind: 'notice' });
    const { attemptId } = (await buildSend(shop.database, id, UNKNOWN))!;
    return { id, attemptId };
  };

  test('that is found is accepted', async () => {
    const { attemptId } = await ambiguous();
    const outcome = { kind: 'found', providerMessageId: newId() } as const;
    expect(
      await shop.run((transaction) => recordFindOutcome(transaction, { attemptId, outcome })),
    ).toMatchObject({
      status: 'accepted',
      attempts: [{ status: 'accepted' }],
    });
  });

  test('that surely was not sent is queued again', async () => {
    const { id, attemptId } = await ambiguous();
    await shop.run((transaction) =>
      recordFindOutcome(transaction, { attemptId, outcome: { kind: 'not_sent' } }),
    );
    expect((await buildSend(shop.database, id))!.message).toMatchObject({
      status: 'accepted',
      attempts: [{ status: 'not_sent' }, { provider: 'second' }],
    });
  });

  test('that stays ambiguous is sent again only when a person says so, and left as unconfirmed otherwise', async () => {
    const again = await ambiguous();
    await shop.run((transaction) => markAmbiguous(transaction, { messageId: again.id }));
    expect(await buildSend(shop.database, again.id)).toBeNull();
    const outcome = { kind: 'abandoned' } as const;
    await shop.run((transaction) => recordFindOutcome(transaction, { attemptId: again.attemptId, outcome }));
    expect((await buildSend(shop.database, again.id))!.message.status).toBe('accepted');

    const left = await ambiguous();
    await shop.run((transaction) => markAmbiguous(transaction, { messageId: left.id }));
    expect(
      await shop.run((transaction) => closeMessage(transaction, { messageId: left.id, as: 'given_up' })),
    ).toMatchObject({ status: 'unconfirmed' });
  });
});

describe('a delivery', () => {
  const accepted = async (kind: 'code' | 'notice' = 'code') => {
    const { id } = await buildMessage(shop.database, { kind });
    return { id, attemptId: (await buildSend(shop.database, id))!.attemptId };
  };

  test('moves only forward, whatever is doubled, late or out of order', async () => {
    const { attemptId } = await accepted();
    const seen = [];
    for (const state of [
      'undelivered',
      'pending',
      'delivered',
      'failed',
      'undelivered',
      'delivered',
    ] as const) {
      const { status, attempts } = await report(attemptId, state);
      seen.push([status, attempts[0]!.delivery]);
    }
    expect(seen).toEqual([
      ['accepted', 'undelivered'],
      ['accepted', 'undelivered'],
      ['delivered', 'delivered'],
      ['delivered', 'delivered'],
      ['delivered', 'delivered'],
      ['delivered', 'delivered'],
    ]);
  });

  test('that failed without the recipient’s fault is tried elsewhere, the recipient’s is final', async () => {
    const elsewhere = await accepted('notice');
    expect(await report(elsewhere.attemptId, 'failed')).toMatchObject({ status: 'queued' });
    expect((await buildSend(shop.database, elsewhere.id))!.provider).toBe('second');
    const final = await accepted('notice');
    expect(await report(final.attemptId, 'failed', { class: 'stop' })).toMatchObject({ status: 'failed' });
  });

  test('that fails again and again is not paid for without end', async () => {
    const { id } = await buildMessage(shop.database, { kind: 'notice' });
    const seen = [];
    for (let time = 0; time < 3; time += 1) {
      const { attemptId } = (await buildSend(shop.database, id))!;
      seen.push((await report(attemptId, 'failed')).status);
    }
    expect(seen).toEqual(['queued', 'queued', 'failed']);
  });

  test('is known although the message was refused elsewhere', async () => {
    const { id } = await buildMessage(shop.database);
    const lost = (await buildSend(shop.database, id, UNKNOWN))!;
    const last = (await buildSend(shop.database, id, { ...OVERLOAD, class: 'stop' }))!;
    expect(last.message.status).toBe('refused');
    const outcome = { kind: 'found', providerMessageId: newId() } as const;
    await shop.run((transaction) => recordFindOutcome(transaction, { attemptId: lost.attemptId, outcome }));
    expect((await report(lost.attemptId, 'delivered')).status).toBe('delivered');
  });

  test('that failed after the end of its code is final', async () => {
    const { id, attemptId } = await accepted();
    await rows(shop.database.manager, 'UPDATE sms_messages SET expires_at = now() WHERE id = $1', [id]);
    expect(await report(attemptId, 'failed')).toMatchObject({ status: 'failed' });
  });

  test('is known later than the end of the message', async () => {
    const { id, attemptId } = await accepted();
    await shop.run((transaction) => closeMessage(transaction, { messageId: id, as: 'ended' }));
    expect(await report(attemptId, 'delivered')).toMatchObject({ status: 'delivered' });
  });

  test.each([
    ['accepted and no more is known', undefined, 'unconfirmed'],
    ['out of reach', 'undelivered', 'undelivered'],
  ] as const)('ends where it stands: %s', async (_, state, status) => {
    const { id, attemptId } = await accepted();
    if (state) await report(attemptId, state);
    expect(
      await shop.run((transaction) => closeMessage(transaction, { messageId: id, as: 'ended' })),
    ).toMatchObject({
      status,
    });
    expect(await variablesOf(id)).toEqual({ variables: null });
  });
});

test.each([
  ['ended', 'failed'],
  ['given_up', 'cancelled'],
] as const)('a message of which nothing went out and that is %s is %s', async (as, status) => {
  const { id } = await buildMessage(shop.database, { kind: 'notice' });
  await buildSend(shop.database, id, OVERLOAD);
  expect(await shop.run((transaction) => closeMessage(transaction, { messageId: id, as }))).toMatchObject({
    status,
  });
});

test('a message that is given up takes the right to call from a send that has begun', async () => {
  const { id } = await buildMessage(shop.database, { kind: 'notice' });
  const { attemptId } = await shop.run(async (transaction) =>
    beginSmsAttempt(transaction, { messageId: id, ordinal: 1, tried: [] }, TWO_ROUTES),
  );
  expect(
    await shop.run((transaction) => closeMessage(transaction, { messageId: id, as: 'given_up' })),
  ).toMatchObject({ status: 'cancelled', attempts: [{ status: 'unknown' }] });
  expect(await shop.run((transaction) => claimSend(transaction, attemptId!))).toBeUndefined();
});

test('what is not over is found less and less often, and expired codes are erased', async () => {
  await rows(shop.database.manager, 'UPDATE sms_messages SET woken_at = now(), wakes = 9');
  const { id } = await buildMessage(shop.database);
  const search = { reportsOlderThanMs: 0, overdueByMs: 0, limit: 1_000 };
  const find = () => shop.run((transaction) => findLostMessages(transaction, { ...search, overdueByMs: 1 }));
  await rows(
    shop.database.manager,
    `UPDATE sms_messages SET created_at = now() - interval '1 minute' WHERE id = $1`,
    [id],
  );
  const found = await find();
  expect(found).toContainEqual({ messageId: id, hasReport: false });
  await rows(shop.database.manager, `UPDATE sms_messages SET wakes = 20 WHERE id = $1`, [id]);
  expect((await find()).map(({ messageId }) => messageId)).not.toContain(id);

  await rows(
    shop.database.manager,
    `UPDATE sms_messages SET expires_at = now() - interval '1 second' WHERE id = $1`,
    [id],
  );
  expect(await shop.run(eraseExpiredCodes)).toBeGreaterThan(0);
  expect(await variablesOf(id)).toEqual({ variables: null });
});
