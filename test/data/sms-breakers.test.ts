import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { beginSmsAttempt } from '../../entities/sms/begin-attempt';
import { recordSendOutcome } from '../../entities/sms/record-outcome';
import { newId } from '../../entities/values/uuid';
import { buildMessage, buildSend, TWO_ROUTES } from '../support/factories/sms';
import { interleave } from '../support/interleave';
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

describe('a breaker', () => {
  const send = async (outcome?: Parameters<typeof buildSend>[2]) =>
    buildSend(shop.database, (await buildMessage(shop.database)).id, outcome);
  const later = (seconds: number) =>
    rows(
      shop.database.manager,
      `UPDATE sms_breakers SET open_until = open_until - $1 * interval '1 second',
         probe_until = probe_until - $1 * interval '1 second'`,
      [seconds],
    );
  const breaker = () =>
    row<object>(
      shop.database.manager,
      'SELECT provider, status, failures, reason, probe_attempt_id AS probe FROM sms_breakers',
    );

  test('that is open sends everything to the next provider, then one probe at a time, and closes after two', async () => {
    for (let time = 0; time < 5; time += 1) await send(OVERLOAD);
    expect(await breaker()).toMatchObject({ provider: 'first', status: 'open', reason: '20' });
    expect((await send())!.provider).toBe('second');

    await later(31);
    const probes = await Promise.all(Array.from({ length: 6 }, () => send('pending')));
    expect(probes.map((probe) => probe!.provider).toSorted()).toEqual(['first', ...Array(5).fill('second')]);
    const probe = probes.find((one) => one!.provider === 'first')!;
    expect(probe.message.attempts).toMatchObject([{ isProbe: true }]);

    const answer = { kind: 'accepted', providerMessageId: newId() } as const;
    await shop.run((transaction) =>
      recordSendOutcome(transaction, { attemptId: probe.attemptId, outcome: answer }),
    );
    expect((await send())!.provider).toBe('first');
    expect(
      await row(shop.database.manager, `SELECT status FROM sms_breakers WHERE provider = 'first'`),
    ).toEqual({
      status: 'closed',
    });
  });

  test('frees a probe whose worker died', async () => {
    await send({ ...OVERLOAD, class: 'config' });
    await later(31);
    const dead = await send('pending');
    expect(dead!.provider).toBe('first');
    expect((await send('pending'))!.provider).toBe('second');
    await later(31);
    expect((await send('pending'))!.provider).toBe('first');
  });

  test('lets two workers that begin at once have one probe', async () => {
    await send({ ...OVERLOAD, class: 'config' });
    await later(31);
    const [one, other] = [await buildMessage(shop.database), await buildMessage(shop.database)];
    const begin = (messageId: string) => (transaction: Parameters<typeof beginSmsAttempt>[0]) =>
      beginSmsAttempt(transaction, { messageId, ordinal: 1, tried: [] }, TWO_ROUTES);
    const both = await interleave(shop, begin(one.id), begin(other.id));
    expect(both.waited).toBe(true);
    expect(both.first.message.attempts).toMatchObject([{ provider: 'first', isProbe: true }]);
    expect(both.second).toMatchObject({
      value: { message: { attempts: [{ provider: 'second', isProbe: false }] } },
    });
  });

  test('keeps nobody waiting while another provider could be asked again', async () => {
    await send({ ...OVERLOAD, class: 'config' });
    const { id } = await buildMessage(shop.database);
    const begun = await shop.run((transaction) =>
      beginSmsAttempt(transaction, { messageId: id, ordinal: 1, tried: ['second'] }, TWO_ROUTES),
    );
    expect(begun).toMatchObject({ attemptId: null, waitMs: 0 });
  });

  test('says how long to wait when it is the last in the way', async () => {
    await send({ ...OVERLOAD, class: 'config' });
    const { id } = await buildMessage(shop.database);
    const [first] = TWO_ROUTES;
    const begun = await shop.run((transaction) =>
      beginSmsAttempt(transaction, { messageId: id, ordinal: 1, tried: [] }, [first!]),
    );
    expect(begun).toMatchObject({ attemptId: null, message: { status: 'queued' } });
    expect(begun.waitMs).toBeGreaterThan(20_000);
  });

  test('hears nothing of one template that must be put right: all others still go through', async () => {
    const refusal = { ...OVERLOAD, class: 'config', code: '113', concerns: 'template' } as const;
    for (let time = 0; time < 6; time += 1) expect((await send(refusal))!.provider).toBe('first');
    expect(await breaker()).toMatchObject({ status: 'closed', failures: 0 });
  });

  test('hears nothing of recipients, nor of a send that was never made', async () => {
    for (let time = 0; time < 5; time += 1) await send({ ...OVERLOAD, class: 'stop' });
    expect(await breaker()).toMatchObject({ status: 'closed', failures: 0 });
  });
});
