import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { beginBatch } from '../../entities/campaigns/begin-batch';
import type { BulkResult } from '../../entities/campaigns/bulk-outcome';
import { noteReports } from '../../entities/campaigns/note-reports';
import { recordBatch } from '../../entities/campaigns/record-batch';
import { recordFind } from '../../entities/campaigns/record-find';
import { cancelCampaign, holdCampaign, resumeCampaign } from '../../entities/campaigns/steer-campaign';
import { takeNumbers } from '../../entities/campaigns/take-numbers';
import { changeCampaign } from '../../entities/campaigns/write-campaign';
import { changeProfile } from '../../entities/customers/change-profile';
import { eraseAccount } from '../../entities/customers/erase-account';
import { accept, callsOf, FINDS, NO_ANSWER, STOP, TERMS } from '../support/campaign-calls';
import { buildDraft } from '../support/factories/campaigns';
import { interleave } from '../support/interleave';
import { guardOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await shop.close();
});

const HOUR = 3_600_000;
const { begin, claim, record, answer, ...calls } = callsOf(() => shop);
const { at, run, campaignOf, batchOf, recipientsOf, buildGathered } = calls;

describe('sending', () => {
  test('who withdraws, is blocked or erased before the call gets nothing', async () => {
    const { id, people } = await buildGathered(4);
    const [withdraws, blocked, erased] = people;
    await shop.run((transaction) =>
      changeProfile(transaction, { accountId: withdraws!.id, marketing: false }),
    );
    await run(`UPDATE accounts SET status = 'blocked' WHERE id = $1`, [blocked!.id]);
    await shop.run((transaction) => eraseAccount(transaction, erased!.id));
    await begin(id);
    expect(await campaignOf(id)).toMatchObject({ handed: 1, suppressed: 3, pending: 0 });
    const reasons = (await recipientsOf(id)).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'not_wanted')).toHaveLength(3);
    await answer(id, accept);
    await begin(id);
    expect(await campaignOf(id)).toMatchObject({ status: 'done', accepted: 1 });
  });

  test('a withdrawal and a call wait for each other', async () => {
    const { id, people } = await buildGathered(1);
    const accountId = people[0]!.id;
    const { waited } = await interleave(
      shop,
      (transaction) => changeProfile(transaction, { accountId, marketing: false }),
      (transaction) => beginBatch(transaction, { campaignId: id, at: at() }, TERMS),
    );
    expect(waited).toBe(true);
    expect(await campaignOf(id)).toMatchObject({ handed: 0, suppressed: 1 });
  });

  test('two workflows at once begin one call, and it is called once', async () => {
    const { id } = await buildGathered(3);
    await Promise.all([begin(id), begin(id), begin(id)]);
    const { id: batchId, size } = await batchOf(id);
    expect(size).toBe(3);
    expect(await run('SELECT id FROM campaign_batches WHERE campaign_id = $1', [id])).toHaveLength(1);
    const claims = await Promise.all([1, 2, 3].map(() => claim(batchId)));
    const claimed = claims.flatMap((one) => (one.kind === 'claimed' ? one.batch : []));
    expect(claimed).toHaveLength(1);
    expect(claimed[0]!.recipients).toHaveLength(3);
    await answer(id, accept);
    await answer(id, accept);
    expect(await campaignOf(id)).toMatchObject({ accepted: 3, handed: 0 });
    expect((await batchOf(id)).cost).toBe('0.5');
  });

  test('a number that a provider has blacklisted gets no later campaign, until it changes', async () => {
    const { id, people } = await buildGathered(2);
    await begin(id);
    await answer(id, (reference, place) => (place === 0 ? { ...STOP, reference } : accept(reference)));
    expect(await campaignOf(id)).toMatchObject({ accepted: 1, suppressed: 1 });
    const [refused] = (await recipientsOf(id)).filter(({ status }) => status === 'suppressed');
    expect(refused).toMatchObject({ reason: 'refused' });
    const known = people.find((one) => one.id === refused!.accountId)!;
    const { id: next, authorId } = await buildDraft(shop.database, { audience: 'csv' });
    const take = (version: number, numbers: string[]) =>
      shop.run((transaction) =>
        takeNumbers(transaction, {
          ...{ campaignId: next, accountId: authorId, version, numbers, lines: 1, invalid: 0, repeated: 0 },
        }),
      );
    expect(await take(1, [known.phone])).toMatchObject({ taken: 0, notWanted: 1 });
    await run(`UPDATE accounts SET phone = '+989120000001' WHERE id = $1`, [known.id]);
    expect(await take(2, ['+989120000001'])).toMatchObject({ taken: 1 });
  });

  test('a call that is refused because of one number is halved until the number stands alone', async () => {
    const { id } = await buildGathered(4);
    const bad = (await recipientsOf(id))[2]!;
    for (let calls = 0; calls < 20 && (await campaignOf(id)).status === 'running'; calls += 1) {
      await begin(id, {}, at() + 3_600_000 * calls);
      if ((await campaignOf(id)).handed === 0) continue;
      const { id: batchId } = await batchOf(id);
      const inCall = await run<{ accountId: string }>(
        `SELECT account_id AS "accountId" FROM campaign_recipients WHERE batch_id = $1`,
        [batchId],
      );
      if (inCall.some(({ accountId }) => accountId === bad.accountId))
        await shop.run((transaction) =>
          recordBatch(transaction, { batchId, at: at(), outcome: STOP }, FINDS),
        );
      else await answer(id, accept);
    }
    expect(await campaignOf(id)).toMatchObject({ status: 'done', accepted: 3, suppressed: 1 });
    expect((await recipientsOf(id)).find(({ accountId }) => accountId === bad.accountId)!.reason).toBe(
      'refused',
    );
  });

  test('an overloaded provider rests, and a refused account pauses the campaign; nobody is lost', async () => {
    const { id } = await buildGathered(2);
    const refuse = async (refusal: 'overload' | 'config') => {
      const { id: batchId } = await batchOf(id);
      const outcome = { kind: 'refused', class: refusal, code: '20', message: 'no' } as const;
      await shop.run((transaction) => recordBatch(transaction, { batchId, at: at(), outcome }, FINDS));
    };
    await begin(id);
    await refuse('overload');
    const rested = await campaignOf(id);
    expect(rested).toMatchObject({ pending: 2, handed: 0, status: 'running' });
    expect(rested.not_before!.getTime()).toBeGreaterThan(at() + 10_000);
    await begin(id);
    expect(await campaignOf(id)).toMatchObject({ handed: 0 });
    await begin(id, {}, at() + 60_000);
    await refuse('config');
    expect(await campaignOf(id)).toMatchObject({ status: 'paused', pause_reason: 'provider', pending: 2 });
  });

  test('an overload that lasts pauses the campaign, and after a resumption it rests again', async () => {
    const { id } = await buildGathered(1);
    const outcome = { kind: 'refused', class: 'overload', code: '20', message: 'no' } as const;
    let now = at();
    const refuse = async () => {
      now += 3_600_000;
      await begin(id, {}, now);
      const { id: batchId } = await batchOf(id);
      await shop.run((transaction) => recordBatch(transaction, { batchId, at: now, outcome }, FINDS));
    };
    for (let times = 0; times < 9; times += 1) await refuse();
    expect(await campaignOf(id)).toMatchObject({ status: 'running', pending: 1 });
    await refuse();
    expect(await campaignOf(id)).toMatchObject({ status: 'paused', pause_reason: 'provider', pending: 1 });
    await shop.run((transaction) => resumeCampaign(transaction, { campaignId: id, at: now }));
    await refuse();
    expect(await campaignOf(id)).toMatchObject({ status: 'running', pending: 1 });
  });

  test('nothing is begun at night, after a pause, or beyond the budget', async () => {
    const night = new Date('2026-06-01T18:00:00Z').getTime();
    const { id, authorId } = await buildGathered(3, { maxCost: 2 * 2_000 });
    await begin(id, { isNightAllowed: false }, night);
    expect(await campaignOf(id)).toMatchObject({ handed: 0 });
    const input = { campaignId: id, at: at() };
    await shop.run((transaction) => holdCampaign(transaction, input));
    await begin(id);
    expect(await campaignOf(id)).toMatchObject({ handed: 0, status: 'paused' });
    await shop.run((transaction) => resumeCampaign(transaction, input));
    await begin(id);
    expect(await campaignOf(id)).toMatchObject({ handed: 2, pending: 1 });
    await answer(id, accept);
    await begin(id, {}, at() + 60_000);
    expect(await campaignOf(id)).toMatchObject({ status: 'paused', pause_reason: 'budget', pending: 1 });
    expect((await refusalOf(shop.run((transaction) => resumeCampaign(transaction, input)))).code).toBe(
      'campaigns.budget_spent',
    );
    const raise = async (maxCost: number) => {
      const { version } = await campaignOf(id);
      const change = { campaignId: id, accountId: authorId, version, change: { maxCost } };
      return shop.run((transaction) => changeCampaign(transaction, change));
    };
    expect((await refusalOf(raise(2_000))).code).toBe('campaigns.budget_spent');
    expect(await guardOf(run('UPDATE campaigns SET max_cost = 1 WHERE id = $1', [id]))).toBe(
      'ck_campaigns_budget',
    );
    await raise(10_000);
    await shop.run((transaction) => resumeCampaign(transaction, input));
    await begin(id);
    expect(await campaignOf(id)).toMatchObject({ handed: 1, pending: 0 });
  });
});

describe('a call that was begun and not made yet', () => {
  test.each(['night', 'pause', 'cancellation'])('gives all back after a %s, and is not made', async (why) => {
    const { id } = await buildGathered(3);
    await begin(id);
    const { id: batchId } = await batchOf(id);
    const input = { campaignId: id, at: at() };
    if (why === 'pause') await shop.run((transaction) => holdCampaign(transaction, input));
    if (why === 'cancellation') await shop.run((transaction) => cancelCampaign(transaction, input));
    const night = { at: new Date('2026-06-01T18:00:00Z').getTime(), isNightAllowed: false };
    expect(await claim(batchId, why === 'night' ? night : {})).toEqual({ kind: 'closed' });
    expect(await claim(batchId)).toEqual({ kind: 'called' });
    expect(await batchOf(id)).toMatchObject({ id: batchId, status: 'not_sent' });
    expect(await campaignOf(id)).toMatchObject({ pending: 3, handed: 0 });
    const outcome = { kind: 'unknown', message: 'an earlier call has left no answer' } as const;
    await shop.run((transaction) => recordBatch(transaction, { batchId, at: at(), outcome }, FINDS));
    expect(await batchOf(id)).toMatchObject({ status: 'not_sent' });
    if (why === 'cancellation') return;
    if (why === 'pause') await shop.run((transaction) => resumeCampaign(transaction, input));
    await begin(id, {}, at() + 60_000);
    expect(await batchOf(id)).toMatchObject({ size: 3, status: 'sending' });
    await answer(id, accept);
  });

  test('leaves out who withdrew, was erased or refused meanwhile; a new number goes later', async () => {
    const { id, people } = await buildGathered(5);
    const [withdraws, erased, blacklisted, moves, stays] = people;
    await begin(id);
    const { id: batchId } = await batchOf(id);
    await shop.run((transaction) =>
      changeProfile(transaction, { accountId: withdraws!.id, marketing: false }),
    );
    await shop.run((transaction) => eraseAccount(transaction, erased!.id));
    await run(
      `INSERT INTO campaign_suppressions (account_id, recipient, provider, code) VALUES ($1, $2, 'sms-ir', '1')`,
      [blacklisted!.id, blacklisted!.phone],
    );
    await run(`UPDATE accounts SET phone = '+989120000077' WHERE id = $1`, [moves!.id]);
    const claimed = await claim(batchId);
    expect(claimed.kind === 'claimed' && claimed.batch.recipients.map((one) => one.recipient)).toEqual([
      stays!.phone,
    ]);
    expect(await campaignOf(id)).toMatchObject({ handed: 1, suppressed: 3, pending: 1 });
    expect((await batchOf(id)).size).toBe(1);
    await answer(id, accept);
    await begin(id, {}, at() + 60_000);
    const later = await claim((await batchOf(id)).id);
    expect(later).toMatchObject({ batch: { recipients: [{ recipient: '+989120000077' }] } });
    await answer(id, accept);
  });

  test('is closed when nobody is left, and the campaign ends', async () => {
    const { id, people } = await buildGathered(1);
    await begin(id);
    await shop.run((transaction) =>
      changeProfile(transaction, { accountId: people[0]!.id, marketing: false }),
    );
    expect(await claim((await batchOf(id)).id)).toEqual({ kind: 'closed' });
    await begin(id);
    expect(await campaignOf(id)).toMatchObject({ status: 'done', suppressed: 1 });
  });
});

describe('a call without an answer', () => {
  const lose = async (campaignId: string) => {
    const { id: batchId } = await batchOf(campaignId);
    await claim(batchId);
    const outcome = { kind: 'unknown', message: 'no answer' } as const;
    await shop.run((transaction) => recordBatch(transaction, { batchId, at: at(), outcome }, FINDS));
    return batchId;
  };
  const find = (batchId: string, results: readonly BulkResult[], areOthersCertain: boolean) =>
    shop.run((transaction) =>
      recordFind(
        transaction,
        { batchId, at: at(), outcome: { kind: 'searched', results, costs: [], areOthersCertain } },
        FINDS,
      ),
    );

  test('is found, or its messages are ambiguous and never sent again', async () => {
    const { id } = await buildGathered(2);
    await begin(id);
    const batchId = await lose(id);
    expect(await campaignOf(id)).toMatchObject({ handed: 2, status: 'running' });
    await begin(id);
    expect((await campaignOf(id)).status).toBe('running');
    const [first] = await recipientsOf(id);
    await find(batchId, [accept(first!.number)], false);
    expect(await campaignOf(id)).toMatchObject({ handed: 1, accepted: 1 });
    await find(batchId, [], false);
    expect(await campaignOf(id)).toMatchObject({ handed: 0, ambiguous: 1, pending: 0 });
    await find(batchId, [], true);
    await begin(id);
    expect(await campaignOf(id)).toMatchObject({ status: 'done', ambiguous: 1, accepted: 1 });
  });

  test('a search that is itself refused or times out uses up no try, and comes again later and later', async () => {
    const { id } = await buildGathered(1);
    await begin(id);
    const batchId = await lose(id);
    const read = async () =>
      (await row<{ status: string; finds: number; find_failures: number; find_at: Date }>(
        shop.database.manager,
        'SELECT status, finds, find_failures, find_at FROM campaign_batches WHERE id = $1',
        [batchId],
      ))!;
    const fail = (now: number) =>
      shop.run((transaction) =>
        recordFind(
          transaction,
          { batchId, at: now, outcome: { kind: 'refused', class: 'overload', code: '20', message: 'no' } },
          FINDS,
        ),
      );
    const now = at();
    const waits: number[] = [];
    for (let times = 0; times < 9; times += 1) {
      await fail(now);
      waits.push((await read()).find_at.getTime() - now);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300].map((seconds) => seconds * 1_000));
    expect(await read()).toMatchObject({ status: 'unknown', finds: 0, find_failures: 9 });
    await find(batchId, [], false);
    expect(await read()).toMatchObject({ status: 'unknown', finds: 1, find_failures: 0 });
    await fail(now + 86_400_000);
    expect(await read()).toMatchObject({ status: 'ambiguous' });
    await begin(id);
    expect(await campaignOf(id)).toMatchObject({ status: 'done', ambiguous: 1 });
  });

  test('is looked for by and by also once searches have failed for longer than all of them take', async () => {
    const { id } = await buildGathered(1);
    await begin(id);
    const batchId = await lose(id);
    await run(`UPDATE campaign_batches SET called_at = now() - interval '20 minutes' WHERE id = $1`, [
      batchId,
    ]);
    await find(batchId, [], false);
    const [next] = await run<{ find_at: Date }>('SELECT find_at FROM campaign_batches WHERE id = $1', [
      batchId,
    ]);
    expect(next!.find_at.getTime()).toBeGreaterThan(at() + 4_000);
  });

  test('of single messages gives back who is surely missing, and a search without all answers is no try', async () => {
    const { id } = await buildGathered(4);
    await begin(id);
    const batchId = await lose(id);
    const search = (results: readonly BulkResult[], isPartial: boolean) =>
      shop.run((transaction) =>
        recordFind(
          transaction,
          {
            ...{ batchId, at: at() },
            outcome: {
              ...{ kind: 'searched', results, costs: [], areOthersCertain: false },
              ...(isPartial && { isPartial }),
            },
          },
          FINDS,
        ),
      );
    const read = async () =>
      (
        await run<{ status: string; finds: number; failures: number }>(
          'SELECT status, finds, find_failures AS failures FROM campaign_batches WHERE id = $1',
          [batchId],
        )
      )[0];
    const [taken, missing] = await recipientsOf(id);
    const back = { kind: 'refused', class: 'overload', code: 'not_found', message: 'missing' } as const;
    await search([accept(taken!.number), { ...back, reference: missing!.number }], true);
    expect(await campaignOf(id)).toMatchObject({ accepted: 1, pending: 1, handed: 2, status: 'running' });
    for (let times = 2; times < 8; times += 1) await search([], true);
    expect(await read()).toEqual({ status: 'unknown', finds: 0, failures: 7 });
    for (const _ of FINDS.findAfterMs) await search([], false);
    expect(await read()).toMatchObject({ status: 'ambiguous', finds: 2 });
    expect(await campaignOf(id)).toMatchObject({ accepted: 1, pending: 1, handed: 0, ambiguous: 2 });
  });

  test('that surely had no effect is sent again', async () => {
    const { id } = await buildGathered(2);
    await begin(id);
    await find(await lose(id), [], true);
    expect(await campaignOf(id)).toMatchObject({ pending: 2, handed: 0 });
    await begin(id, {}, at() + 60_000);
    await answer(id, accept);
    expect(await campaignOf(id)).toMatchObject({ accepted: 2 });
  });

  test('adds what is found later to its costs, and its deliveries are asked for until it is settled', async () => {
    const { id } = await buildGathered(2);
    await begin(id);
    const batchId = await answer(id, (reference, place) => (place === 0 ? accept(reference) : undefined));
    await shop.run((transaction) => cancelCampaign(transaction, { campaignId: id, at: at() }));
    // The call is looked for longer than deliveries are asked for.
    await shop.run((transaction) => noteReports(transaction, { campaignId: id, reports: 0 }, [0]));
    expect((await campaignOf(id)).report_at!.getTime()).toBeGreaterThan(at());
    const [, late] = await recipientsOf(id);
    const outcome = { kind: 'searched', results: [accept(late!.number)], areOthersCertain: false } as const;
    const costs = [{ amount: '0.25', unit: 'credit', messages: 1 }];
    await shop.run((transaction) =>
      recordFind(transaction, { batchId, at: at(), outcome: { ...outcome, costs } }, FINDS),
    );
    expect(await batchOf(id)).toMatchObject({ status: 'accepted', cost: '0.75' });
    await shop.run((transaction) => noteReports(transaction, { campaignId: id, reports: 1 }, [0]));
    expect((await campaignOf(id)).report_at).toBeNull();
  });

  test('is looked for also after the campaign was cancelled', async () => {
    const { id } = await buildGathered(2);
    await begin(id);
    const batchId = await lose(id);
    const input = { campaignId: id, at: at() };
    expect(await shop.run((transaction) => cancelCampaign(transaction, input))).toBe(true);
    expect(await shop.run((transaction) => cancelCampaign(transaction, input))).toBe(false);
    const found = (await recipientsOf(id)).map(({ number }) => accept(number));
    await find(batchId, found, false);
    expect(await campaignOf(id)).toMatchObject({ status: 'cancelled', accepted: 2 });
    expect((await campaignOf(id)).report_at).not.toBeNull();
  });
});

describe('a provider that hangs', () => {
  test('rests, is tried with one message, and pauses the campaign; most people stay pending', async () => {
    const { id } = await buildGathered(30);
    const sizes: number[] = [];
    for (let hour = 0; (await campaignOf(id)).status === 'running'; hour += 1) {
      const now = at() + hour * HOUR;
      await begin(id, { atMost: 5 }, now);
      const { id: batchId, size } = await batchOf(id);
      sizes.push(size);
      await claim(batchId);
      await record(batchId, NO_ANSWER, now);
      const { status, not_before: rested } = await campaignOf(id);
      if (status === 'running') expect(rested!.getTime()).toBeGreaterThanOrEqual(now + 15_000);
    }
    expect(sizes).toEqual([5, 1, 1, 1, 1]);
    expect(await campaignOf(id)).toMatchObject({
      ...{ status: 'paused', pause_reason: 'provider', pending: 21, handed: 9 },
    });

    // Somebody resumes it too early: it begins with one message again.
    await shop.run((transaction) => resumeCampaign(transaction, { campaignId: id, at: at() }));
    await begin(id, { atMost: 5 }, at() + 5 * HOUR);
    expect((await batchOf(id)).size).toBe(1);
    await claim((await batchOf(id)).id);
    await answer(id, accept);
    await begin(id, { atMost: 5 }, at() + 6 * HOUR);
    expect((await batchOf(id)).size).toBe(5);
  });

  test('rests longer and longer, also where single messages get through and many at once do not', async () => {
    const { id } = await buildGathered(40);
    const say = async (hour: number, isAnswered: boolean) => {
      const now = at() + hour * HOUR;
      await begin(id, { atMost: 5 }, now);
      const { id: batchId, size } = await batchOf(id);
      await claim(batchId);
      if (isAnswered) await answer(id, accept, now);
      else await record(batchId, NO_ANSWER, now);
      return size;
    };
    const sizes: number[] = [];
    for (let hour = 0; (await campaignOf(id)).status === 'running'; hour += 1)
      sizes.push(await say(hour, hour % 2 === 1));
    expect(sizes).toEqual([5, 1, 5, 1, 5, 1, 5, 1, 5]);
    expect(await campaignOf(id)).toMatchObject({ pause_reason: 'provider', accepted: 4, handed: 25 });
  });

  test('counts as silent also where most of its single messages have no answer, until it takes a whole call', async () => {
    const { id } = await buildGathered(40);
    const say = async (hour: number, accepted: number) => {
      const now = at() + hour * HOUR;
      await begin(id, { atMost: 5 }, now);
      await claim((await batchOf(id)).id);
      await answer(id, (reference, place) => (place < accepted ? accept(reference) : undefined), now);
      return campaignOf(id);
    };
    for (let hour = 0; hour < 4; hour += 1) expect(await say(hour, 0)).toMatchObject({ status: 'running' });
    for (const hour of [4, 5]) expect(await say(hour, 5)).toMatchObject({ status: 'running' });
    for (let hour = 6; hour < 10; hour += 1) expect(await say(hour, 2)).toMatchObject({ status: 'running' });
    expect(await say(10, 2)).toMatchObject({ status: 'paused', pause_reason: 'provider' });
  });
});

describe('the trial with one message goes on after a call that', () => {
  const refusal = { kind: 'refused', class: 'overload', code: 'no_connection', message: 'no' } as const;
  const UNTOLD: Record<string, (batchId: string, now: number) => Promise<unknown>> = {
    'was refused': (batchId, now) => record(batchId, refusal, now),
    'was refused message by message': async (batchId, now) => {
      const [only] = await run<{ number: string }>(
        'SELECT number::text AS number FROM campaign_recipients WHERE batch_id = $1',
        [batchId],
      );
      const results = [{ ...refusal, reference: only!.number }];
      await record(batchId, { kind: 'answered', results, costs: [] }, now);
    },
    'could not be made': (batchId, now) => record(batchId, NO_ANSWER, now),
  };

  test.each(Object.keys(UNTOLD))('%s', async (what) => {
    const { id, people } = await buildGathered(20);
    const sizes: number[] = [];
    const next = async (hour: number) => {
      await begin(id, { atMost: 5 }, at() + hour * HOUR);
      const { id: batchId, size } = await batchOf(id);
      sizes.push(size);
      return batchId;
    };
    const first = await next(0);
    // Somebody withdraws before the call is made, and is no answer of the provider.
    const [inCall] = await run<{ id: string }>(
      'SELECT account_id AS id FROM campaign_recipients WHERE batch_id = $1 LIMIT 1',
      [first],
    );
    expect(people.map((one) => one.id)).toContain(inCall!.id);
    await shop.run((transaction) => changeProfile(transaction, { accountId: inCall!.id, marketing: false }));
    await claim(first);
    await record(first, NO_ANSWER);
    for (const hour of [1, 2]) {
      const batchId = await next(hour);
      if (what !== 'could not be made') await claim(batchId);
      await UNTOLD[what]!(batchId, at() + hour * HOUR);
    }
    await claim(await next(3));
    await answer(id, accept, at() + 3 * HOUR);
    await next(4);
    expect(sizes).toEqual([5, 1, 1, 1, 5]);
  });
});

test('messages for which a call had no time left are no part of it, and go out in the next', async () => {
  const { id } = await buildGathered(5);
  await begin(id);
  await claim((await batchOf(id)).id);
  const notCalled = { kind: 'refused', class: 'overload', code: 'not_called', message: 'no time' } as const;
  await answer(id, (reference, place) => (place < 2 ? accept(reference) : { ...notCalled, reference }));
  expect(await batchOf(id)).toMatchObject({ size: 2, status: 'accepted' });
  expect(await campaignOf(id)).toMatchObject({ accepted: 2, pending: 3 });
  await begin(id, {}, at() + HOUR);
  expect((await batchOf(id)).size).toBe(3);
  await claim((await batchOf(id)).id);
  await answer(id, accept);
});

test('a call that nobody took the right to make is given back and made again, after a rest', async () => {
  const { id } = await buildGathered(3);
  await begin(id);
  const { id: batchId } = await batchOf(id);
  await record(batchId, { kind: 'unknown', message: 'the worker is gone' });
  expect(await batchOf(id)).toMatchObject({ status: 'not_sent', message: 'the worker is gone' });
  const { not_before: rested, ...counts } = await campaignOf(id);
  expect(counts).toMatchObject({ status: 'running', pending: 3, handed: 0, ambiguous: 0 });
  expect(rested!.getTime()).toBeGreaterThan(at() + 10_000);
  // Whoever was only slow must not make it now.
  expect(await claim(batchId)).toEqual({ kind: 'called' });
  await begin(id, {}, at() + HOUR);
  expect((await batchOf(id)).size).toBe(3);
  await claim((await batchOf(id)).id);
  await answer(id, accept);
  expect(await campaignOf(id)).toMatchObject({ accepted: 3, pending: 0 });
});

test('a number that is refused while others are taken is left out of this campaign only, and stops nothing', async () => {
  const { id } = await buildGathered(4);
  const refusal = { kind: 'refused', class: 'config', code: '21612', message: 'no route' } as const;
  await begin(id);
  await claim((await batchOf(id)).id);
  await answer(id, (reference, place) =>
    place === 0 ? { ...refusal, isOfNumber: true, reference } : accept(reference),
  );
  expect(await campaignOf(id)).toMatchObject({ status: 'running', accepted: 3, suppressed: 1 });
  const [first] = await recipientsOf(id);
  expect(first).toMatchObject({ status: 'suppressed', reason: 'refused' });
  expect(await run('SELECT FROM campaign_suppressions WHERE account_id = $1', [first!.accountId])).toEqual(
    [],
  );
  await begin(id, {}, at() + HOUR);
  expect((await campaignOf(id)).status).toBe('done');
});
