import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { noteReports, recordBulkReports } from '../../entities/campaigns/record-reports';
import { resumeCampaign } from '../../entities/campaigns/steer-campaign';
import { accept, callsOf, NO_ANSWER } from '../support/campaign-calls';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';

let shop: ShopDatabase;
let calls: ReturnType<typeof callsOf>;
beforeAll(async () => {
  shop = await openShopDatabase();
  calls = callsOf(shop);
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await shop.close();
});

const HOUR = 3_600_000;

describe('a provider that hangs', () => {
  test('rests, is tried with one message, and pauses the campaign; most people stay pending', async () => {
    const { id } = await calls.buildGathered(30);
    const sizes: number[] = [];
    for (let hour = 0; (await calls.campaignOf(id)).status === 'running'; hour += 1) {
      const now = calls.at() + hour * HOUR;
      await calls.begin(id, { atMost: 5 }, now);
      const { id: batchId, size } = await calls.batchOf(id);
      sizes.push(size);
      await calls.claim(batchId);
      await calls.record(batchId, NO_ANSWER, now);
      const { status, not_before: rested } = await calls.campaignOf(id);
      if (status === 'running') expect(rested!.getTime()).toBeGreaterThanOrEqual(now + 15_000);
    }
    expect(sizes).toEqual([5, 1, 1, 1, 1]);
    expect(await calls.campaignOf(id)).toMatchObject({
      ...{ status: 'paused', pause_reason: 'provider', pending: 21, handed: 9 },
    });

    // Somebody resumes it too early: it begins with one message again.
    await shop.run((transaction) => resumeCampaign(transaction, { campaignId: id, at: calls.at() }));
    await calls.begin(id, { atMost: 5 });
    expect((await calls.batchOf(id)).size).toBe(1);
    await calls.claim((await calls.batchOf(id)).id);
    await calls.answer(id, accept);
    await calls.begin(id, { atMost: 5 }, calls.at() + HOUR);
    expect((await calls.batchOf(id)).size).toBe(5);
  });

  test('rests longer and longer, also where single messages get through and many at once do not', async () => {
    const { id } = await calls.buildGathered(40);
    const say = async (hour: number, isAnswered: boolean) => {
      const now = calls.at() + hour * HOUR;
      await calls.begin(id, { atMost: 5 }, now);
      const { id: batchId, size } = await calls.batchOf(id);
      await calls.claim(batchId);
      if (isAnswered) await calls.answer(id, accept, now);
      else await calls.record(batchId, NO_ANSWER, now);
      return size;
    };
    const sizes: number[] = [];
    for (let hour = 0; (await calls.campaignOf(id)).status === 'running'; hour += 1)
      sizes.push(await say(hour, hour % 2 === 1));
    expect(sizes).toEqual([5, 1, 5, 1, 5, 1, 5, 1, 5]);
    expect(await calls.campaignOf(id)).toMatchObject({ pause_reason: 'provider', accepted: 4, handed: 25 });
  });

  test('counts as silent also where most of its single messages have no answer, until it takes a whole call', async () => {
    const { id } = await calls.buildGathered(40);
    const say = async (hour: number, accepted: number) => {
      const now = calls.at() + hour * HOUR;
      await calls.begin(id, { atMost: 5 }, now);
      await calls.claim((await calls.batchOf(id)).id);
      await calls.answer(id, (reference, place) => (place < accepted ? accept(reference) : undefined), now);
      return calls.campaignOf(id);
    };
    for (let hour = 0; hour < 4; hour += 1) expect(await say(hour, 0)).toMatchObject({ status: 'running' });
    for (const hour of [4, 5]) expect(await say(hour, 5)).toMatchObject({ status: 'running' });
    for (let hour = 6; hour < 10; hour += 1) expect(await say(hour, 2)).toMatchObject({ status: 'running' });
    expect(await say(10, 2)).toMatchObject({ status: 'paused', pause_reason: 'provider' });
  });
});

test('a call that nobody took the right to make is given back and made again, after a rest', async () => {
  const { id } = await calls.buildGathered(3);
  await calls.begin(id);
  const { id: batchId } = await calls.batchOf(id);
  await calls.record(batchId, { kind: 'unknown', message: 'the worker is gone' });
  expect(await calls.batchOf(id)).toMatchObject({ status: 'not_sent', message: 'the worker is gone' });
  const { not_before: rested, ...counts } = await calls.campaignOf(id);
  expect(counts).toMatchObject({ status: 'running', pending: 3, handed: 0, ambiguous: 0 });
  expect(rested!.getTime()).toBeGreaterThan(calls.at() + 10_000);
  // Whoever was only slow must not make it now.
  expect(await calls.claim(batchId)).toEqual({ kind: 'called' });
  await calls.begin(id, {}, calls.at() + HOUR);
  expect((await calls.batchOf(id)).size).toBe(3);
  await calls.claim((await calls.batchOf(id)).id);
  await calls.answer(id, accept);
  expect(await calls.campaignOf(id)).toMatchObject({ accepted: 3, pending: 0 });
});

test('a number that is refused while others are taken is left out of this campaign only, and stops nothing', async () => {
  const { id } = await calls.buildGathered(4);
  const refusal = { kind: 'refused', class: 'config', code: '21612', message: 'no route' } as const;
  await calls.begin(id);
  await calls.claim((await calls.batchOf(id)).id);
  await calls.answer(id, (reference, place) =>
    place === 0 ? { ...refusal, isOfNumber: true, reference } : accept(reference),
  );
  expect(await calls.campaignOf(id)).toMatchObject({ status: 'running', accepted: 3, suppressed: 1 });
  const [first] = await calls.recipientsOf(id);
  expect(first).toMatchObject({ status: 'suppressed', reason: 'refused' });
  expect(
    await calls.run('SELECT FROM campaign_suppressions WHERE account_id = $1', [first!.accountId]),
  ).toEqual([]);
  await calls.begin(id, {}, calls.at() + HOUR);
  expect((await calls.campaignOf(id)).status).toBe('done');
});

test('while a campaign runs for days, deliveries are asked for once a day, and from the beginning after its end', async () => {
  const { id } = await calls.buildGathered(2);
  const note = () =>
    shop.run((transaction) => noteReports(transaction, { campaignId: id, reports: 0 }, [0, HOUR]));
  const asking = async () => {
    const { reports, report_at: next, status } = await calls.campaignOf(id);
    return { status, reports, hours: next && Math.round((next.getTime() - calls.at()) / HOUR) };
  };
  await calls.begin(id, { atMost: 1 });
  expect((await calls.campaignOf(id)).report_at).toBeNull();
  const batchId = await calls.answer(id, accept);
  expect(await asking()).toEqual({ status: 'running', reports: 0, hours: 24 });

  await calls.run(`UPDATE campaigns SET report_at = now() - interval '1 minute' WHERE id = $1`, [id]);
  const [first] = await calls.recipientsOf(id);
  const delivered = { providerMessageId: `m-${first!.number}`, state: 'delivered', code: '1' } as const;
  const said = { campaignId: id, batchId, provider: 'sms-ir', at: new Date(), reports: [delivered] };
  await shop.run((transaction) => recordBulkReports(transaction, { ...said, isLast: false }));
  await note();
  expect(await calls.campaignOf(id)).toMatchObject({ delivered: 1, accepted: 0 });
  expect(await asking()).toEqual({ status: 'running', reports: 0, hours: 24 });

  await calls.begin(id, {}, calls.at() + HOUR);
  await calls.answer(id, accept);
  await calls.begin(id, {}, calls.at() + HOUR);
  expect(await asking()).toEqual({ status: 'done', reports: 0, hours: 1 });
});
