import { afterAll, beforeAll, expect, test } from 'vitest';

import { holdCampaign, resumeCampaign } from '../../entities/campaigns/steer-campaign';
import { newId } from '../../entities/values/uuid';
import { accept, callsOf } from '../support/campaign-calls';
import { guardOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';

let shop: ShopDatabase;
const campaigns = callsOf(() => shop);
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await shop.close();
});

/** Noon in Tehran. */
const START = new Date('2026-06-01T08:30:00Z').getTime();

interface Call {
  readonly campaignId: string;
  readonly at: number;
  readonly messages: number;
}

/** What workflows of these campaigns do by a clock that only they move: each asks as soon as its row lets it. */
async function sendAll(
  ids: readonly string[],
  terms: { readonly provider: string; readonly perSecond: number; readonly atMost: number },
): Promise<{ readonly calls: readonly Call[]; readonly asked: number }> {
  const calls: Call[] = [];
  const nextOf = new Map(ids.map((id) => [id, START]));
  let asked = 0;
  while (nextOf.size > 0) {
    const [campaignId, at] = [...nextOf].reduce((one, other) => (other[1] < one[1] ? other : one));
    const before = (await campaigns.campaignOf(campaignId)).batches;
    await campaigns.begin(campaignId, terms, at);
    asked += 1;
    const { status, batches, not_before: notBefore } = await campaigns.campaignOf(campaignId);
    if (batches > before) {
      calls.push({ campaignId, at, messages: (await campaigns.batchOf(campaignId)).size });
      await campaigns.answer(campaignId, accept);
    }
    if (status === 'running') nextOf.set(campaignId, Math.max(at, notBefore?.getTime() ?? 0));
    else nextOf.delete(campaignId);
  }
  return { calls, asked };
}

/** The most messages that began within any second. */
const mostInASecond = (calls: readonly Call[]) =>
  Math.max(
    ...calls.map((first) =>
      calls
        .filter(({ at }) => at >= first.at && at < first.at + 1_000)
        .reduce((sum, { messages }) => sum + messages, 0),
    ),
  );

test('one campaign sends as many messages a second as it may, and not more', async () => {
  const { id } = await campaigns.buildGathered(40);
  const { calls, asked } = await sendAll([id], { provider: newId(), perSecond: 10, atMost: 5 });
  expect(calls.map(({ at }) => at - START)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((turn) => turn * 500));
  expect(mostInASecond(calls)).toBe(10);
  // A campaign alone does not ask in vain. The last time it ends.
  expect(asked).toBe(calls.length + 1);
});

test('several campaigns at once share what the provider takes a second, by turns', async () => {
  const ids: string[] = [];
  for (const count of [20, 20, 20, 5]) ids.push((await campaigns.buildGathered(count)).id);
  const { calls } = await sendAll(ids, { provider: newId(), perSecond: 10, atMost: 5 });
  expect(calls.reduce((sum, { messages }) => sum + messages, 0)).toBe(65);
  expect(mostInASecond(calls)).toBe(10);
  // Nothing of the pace is left unused: 13 calls of half a second each.
  expect(calls.at(-1)!.at - START).toBe(12 * 500);
  // While all three have something to send, each is served before any other is twice more.
  const served = new Map(ids.slice(0, 3).map((id) => [id, 0]));
  for (const { campaignId } of calls.slice(0, 10)) {
    if (served.has(campaignId)) served.set(campaignId, served.get(campaignId)! + 1);
    expect(Math.max(...served.values()) - Math.min(...served.values())).toBeLessThanOrEqual(2);
  }
});

test('campaigns that ask at the same instant get different turns, and each provider has its own', async () => {
  const provider = newId();
  const ids: string[] = [];
  for (let count = 0; count < 4; count += 1) ids.push((await campaigns.buildGathered(5)).id);
  const terms = { provider, perSecond: 10, atMost: 5 };
  await Promise.all(ids.map((id) => campaigns.begin(id, terms, START)));
  const rows = await Promise.all(ids.map(campaigns.campaignOf));
  expect(rows.filter(({ handed }) => handed === 5)).toHaveLength(1);
  expect(rows.filter(({ handed }) => handed === 0)).toHaveLength(3);
  expect(rows.map((one) => one.not_before!.getTime() - START).toSorted((one, other) => one - other)).toEqual([
    500, 500, 1_000, 1_500,
  ]);
  const { id: elsewhere } = await campaigns.buildGathered(5);
  await campaigns.begin(elsewhere, { ...terms, provider: newId() }, START);
  expect(await campaigns.campaignOf(elsewhere)).toMatchObject({ handed: 5 });
});

test('a turn is lost with a pause, and when it has passed', async () => {
  const terms = { provider: newId(), perSecond: 10, atMost: 5 };
  const [first, second] = [await campaigns.buildGathered(5), await campaigns.buildGathered(5)];
  await campaigns.begin(first.id, terms, START);
  await campaigns.begin(second.id, terms, START);
  const input = { campaignId: second.id, at: START };
  await shop.run((transaction) => holdCampaign(transaction, input));
  await shop.run((transaction) => resumeCampaign(transaction, input));
  await campaigns.begin(second.id, terms, START + 100);
  expect(await campaigns.campaignOf(second.id)).toMatchObject({
    ...{ handed: 0, not_before: new Date(START + 1_000) },
  });

  // Another one has the present when the first comes a minute late.
  const third = await campaigns.buildGathered(5);
  await campaigns.begin(third.id, terms, START + 60_000);
  await campaigns.begin(second.id, terms, START + 60_000);
  expect(await campaigns.campaignOf(third.id)).toMatchObject({ handed: 5 });
  expect(await campaigns.campaignOf(second.id)).toMatchObject({
    ...{ handed: 0, not_before: new Date(START + 60_500) },
  });
  expect(
    await guardOf(campaigns.run('UPDATE campaigns SET turn_messages = NULL WHERE id = $1', [second.id])),
  ).toBe('ck_campaigns_turn');
  const free = await row<{ free_at: Date }>(
    shop.database.manager,
    'SELECT free_at FROM campaign_paces WHERE provider = $1',
    [terms.provider],
  );
  expect(free!.free_at).toEqual(new Date(START + 61_000));
});

test('a worker whose clock is a day ahead stops nobody else, and its campaigns go on once they are resumed', async () => {
  const terms = { provider: newId(), perSecond: 10, atMost: 5 };
  const [begun, waiting] = [await campaigns.buildGathered(10), await campaigns.buildGathered(5)];
  const tomorrow = START + 86_400_000;
  for (const { id } of [begun, waiting]) await campaigns.begin(id, terms, tomorrow);
  await campaigns.answer(begun.id, accept);

  // Its clock is right again. A hundred turns of half a second are the most that others wait.
  const { id: other } = await campaigns.buildGathered(5);
  await campaigns.begin(other, terms, START);
  expect((await campaigns.campaignOf(other)).not_before).toEqual(new Date(START + 50_000));
  await campaigns.begin(other, terms, START + 50_000);
  expect(await campaigns.campaignOf(other)).toMatchObject({ handed: 5 });

  const now = START + 60_000;
  for (const { id } of [begun, waiting]) {
    await shop.run((transaction) => holdCampaign(transaction, { campaignId: id, at: now }));
    await shop.run((transaction) => resumeCampaign(transaction, { campaignId: id, at: now }));
    await campaigns.begin(id, terms, now);
  }
  expect(await campaigns.campaignOf(begun.id)).toMatchObject({ accepted: 5, handed: 5 });
  expect((await campaigns.campaignOf(waiting.id)).not_before).toEqual(new Date(now + 500));
  await campaigns.begin(waiting.id, terms, now + 500);
  expect(await campaigns.campaignOf(waiting.id)).toMatchObject({ handed: 5 });
});

test('workers whose clocks differ by seconds send no faster than the one that is ahead', async () => {
  const terms = { provider: newId(), perSecond: 10, atMost: 5 };
  const [one, other] = [await campaigns.buildGathered(5), await campaigns.buildGathered(5)];
  await campaigns.begin(one.id, terms, START + 3_000);
  for (const at of [START, START + 3_400]) {
    await campaigns.begin(other.id, terms, at);
    expect(await campaigns.campaignOf(other.id)).toMatchObject({
      ...{ handed: 0, not_before: new Date(START + 3_500) },
    });
  }
  await campaigns.begin(other.id, terms, START + 3_500);
  expect(await campaigns.campaignOf(other.id)).toMatchObject({ handed: 5 });
});
