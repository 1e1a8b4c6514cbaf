import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { approveCampaign } from '../../entities/campaigns/approve-campaign';
import { gatherAudience, startCampaign } from '../../entities/campaigns/gather-audience';
import { lockCampaign } from '../../entities/campaigns/lock-campaign';
import { needsApproval } from '../../entities/campaigns/needs-approval';
import { estimateCampaign } from '../../entities/campaigns/price-campaign';
import { previewCampaign, scheduleCampaign } from '../../entities/campaigns/schedule-campaign';
import {
  cancelCampaign,
  holdCampaign,
  resumeCampaign,
  steerByHand,
} from '../../entities/campaigns/steer-campaign';
import { takeNumbers } from '../../entities/campaigns/take-numbers';
import { changeCampaign } from '../../entities/campaigns/write-campaign';
import { changeProfile } from '../../entities/customers/change-profile';
import { accept, callsOf } from '../support/campaign-calls';
import { buildAccount } from '../support/factories/accounts';
import { buildDraft, buildWilling, CAMPAIGN_PRICES } from '../support/factories/campaigns';
import { guardOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row } from '../support/sql';

/** One person may send to so many within a day. */
const ALONE = CAMPAIGN_PRICES.approvalAbove;
const DAY_MS = 86_400_000;

let shop: ShopDatabase;
const campaigns = callsOf(() => shop);
beforeAll(async () => {
  shop = await openShopDatabase();
});
beforeEach(() => endAll());
afterAll(async () => {
  await shop.assertInvariantsHold();
  await shop.close();
});

const at = () => Date.now();
const start = async (campaignId: string, startsAt: Date | null = null) => {
  const { version } = await campaigns.campaignOf(campaignId);
  const asked = { campaignId, version, startsAt, at: at() };
  return shop.run((transaction) => scheduleCampaign(transaction, asked, CAMPAIGN_PRICES));
};
const resume = (campaignId: string, now = at()) =>
  shop.run((transaction) => resumeCampaign(transaction, { campaignId, at: now }));
const hold = (campaignId: string) =>
  shop.run((transaction) => holdCampaign(transaction, { campaignId, at: at() }));
const goOut = async (campaignId: string) => {
  const input = { campaignId, at: at() };
  await shop.run((transaction) => startCampaign(transaction, input));
  await shop.run((transaction) => gatherAudience(transaction, input));
};
const approve = async (campaignId: string, accountId: string) => {
  const { version } = await campaigns.campaignOf(campaignId);
  return shop.run((transaction) =>
    approveCampaign(transaction, { campaignId, accountId, version }, CAMPAIGN_PRICES),
  );
};
const change = async (
  campaignId: string,
  accountId: string,
  what: Parameters<typeof changeCampaign>[1]['change'],
) => {
  const { version } = await campaigns.campaignOf(campaignId);
  const asked = { campaignId, accountId, version, change: what };
  await shop.run((transaction) => changeCampaign(transaction, asked));
};
const codeOf = async (refused: Promise<unknown>) => (await refusalOf(refused)).code;
const withdraw = (accountId: string) =>
  shop.run((transaction) => changeProfile(transaction, { accountId, marketing: false }));

/** Lets all campaigns so far be of another day, and over. */
async function endAll() {
  const going = await campaigns.run<{ id: string }>(
    `SELECT id FROM campaigns WHERE status IN ('scheduled', 'running', 'paused')`,
  );
  for (const { id } of going)
    await shop.run((transaction) => cancelCampaign(transaction, { campaignId: id, at: at() }));
  await passDays(3);
}

/** Lets so many days pass, while what is paused or waits stays so. */
async function passDays(days: number) {
  await campaigns.run(
    `UPDATE campaigns SET starts_at = starts_at - $1 * interval '1 day', started_at = started_at - $1 * interval '1 day',
       finished_at = finished_at - $1 * interval '1 day'`,
    [days],
  );
  await campaigns.run(`UPDATE campaign_recipients SET handed_at = handed_at - $1 * interval '1 day'`, [days]);
  await campaigns.run(`UPDATE campaign_batches SET started_at = started_at - $1 * interval '1 day'`, [days]);
}

/** Whether a draft would be refused for want of an approval, if it began now. */
const previewNeedsApproval = (campaignId: string) =>
  shop.run(async (transaction) => {
    const draft = await lockCampaign(transaction, campaignId);
    return (await previewCampaign(transaction, draft, new Date(), CAMPAIGN_PRICES)).needsApproval;
  });

describe('an approval', () => {
  test('too many recipients need somebody else, and a change takes the approval away', async () => {
    await buildWilling(shop.database, 6);
    const { id, authorId } = await buildDraft(shop.database);
    const { id: other } = await buildAccount(shop.database);
    const start = (version: number) =>
      shop.run((transaction) =>
        scheduleCampaign(transaction, { campaignId: id, version, startsAt: null, at: at() }, CAMPAIGN_PRICES),
      );
    const approve = (accountId: string, version: number) =>
      shop.run((transaction) =>
        approveCampaign(transaction, { campaignId: id, accountId, version }, CAMPAIGN_PRICES),
      );

    expect((await refusalOf(start(1))).code).toBe('campaigns.approval_needed');
    expect((await refusalOf(approve(authorId, 1))).code).toBe('campaigns.own_approval');
    expect(await approve(other, 1)).toBe(true);
    expect(await approve(other, 1)).toBe(false);
    await shop.run((transaction) =>
      changeCampaign(transaction, {
        ...{ campaignId: id, accountId: authorId, version: 2, change: { name: 'Other' } },
      }),
    );
    expect((await refusalOf(start(3))).code).toBe('campaigns.approval_needed');
    await approve(other, 3);
    expect(await start(4)).toBe(true);
    expect(await start(4)).toBe(false);
    const change = { campaignId: id, accountId: authorId, version: 5, change: { name: 'Late' } };
    expect((await refusalOf(shop.run((transaction) => changeCampaign(transaction, change)))).code).toBe(
      'campaigns.not_draft',
    );
  });

  test('a large audience that is split into small campaigns needs an approval, whoever starts them', async () => {
    const people = await buildWilling(shop.database, 6);
    const buildTable = async (from: number, until: number) => {
      const { id, authorId } = await buildDraft(shop.database, { audience: 'csv' });
      const numbers = people.slice(from, until).map(({ phone }) => phone);
      const table = { campaignId: id, accountId: authorId, version: 1, numbers };
      await shop.run((transaction) =>
        takeNumbers(transaction, { ...table, lines: 3, invalid: 0, repeated: 0 }),
      );
      return id;
    };
    const start = (campaignId: string, startsAt: Date | null = null) =>
      shop.run((transaction) =>
        scheduleCampaign(transaction, { campaignId, version: 2, startsAt, at: at() }, CAMPAIGN_PRICES),
      );
    const [first, second] = [await buildTable(0, 3), await buildTable(3, 6)];
    expect(await Promise.all([first, second].map(previewNeedsApproval))).toEqual([false, false]);
    const outcomes = await Promise.allSettled([start(first), start(second)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes[0].status === 'rejected' ? first : second;
    expect((await refusalOf(start(refused))).code).toBe('campaigns.approval_needed');
    expect(await previewNeedsApproval(refused)).toBe(true);
    expect(await start(refused, new Date(at() + 2 * 86_400_000))).toBe(true);
  });

  test('an audience that has grown beyond one person waits for a second one', async () => {
    await buildWilling(shop.database, 3);
    const { id } = await buildDraft(shop.database);
    const { recipients } = await shop.run(async (transaction) =>
      estimateCampaign(transaction, await lockCampaign(transaction, id), CAMPAIGN_PRICES),
    );
    const prices = { ...CAMPAIGN_PRICES, approvalAbove: recipients };
    await shop.run((transaction) =>
      scheduleCampaign(transaction, { campaignId: id, version: 1, startsAt: null, at: at() }, prices),
    );
    await buildWilling(shop.database, 1);
    const input = { campaignId: id, at: at() };
    await shop.run((transaction) => startCampaign(transaction, input));
    await shop.run((transaction) => gatherAudience(transaction, input));
    expect(await campaigns.campaignOf(id)).toMatchObject({ status: 'paused', pause_reason: 'approval' });
    expect((await refusalOf(shop.run((transaction) => resumeCampaign(transaction, input)))).code).toBe(
      'campaigns.approval_needed',
    );
    const { version } = await campaigns.campaignOf(id);
    const { id: accountId } = await buildAccount(shop.database);
    await shop.run((transaction) =>
      approveCampaign(transaction, { campaignId: id, accountId, version }, CAMPAIGN_PRICES),
    );
    expect(await shop.run((transaction) => resumeCampaign(transaction, input))).toBe(true);
  });

  test('an approval is for so many recipients, one text and one cost, and for nothing beyond', async () => {
    await buildWilling(shop.database, 6);
    const { id: accountId } = await buildAccount(shop.database);
    const { id, authorId } = await buildDraft(shop.database, { maxCost: 100_000_000 });
    const input = { campaignId: id, at: at() };
    const approve = async () => {
      const { version } = await campaigns.campaignOf(id);
      await shop.run((transaction) =>
        approveCampaign(transaction, { campaignId: id, accountId, version }, CAMPAIGN_PRICES),
      );
    };
    const start = async () => {
      const { version } = await campaigns.campaignOf(id);
      return shop.run((transaction) =>
        scheduleCampaign(transaction, { ...input, version, startsAt: null }, CAMPAIGN_PRICES),
      );
    };
    const setMaxCost = async (maxCost: number | null) => {
      const { version } = await campaigns.campaignOf(id);
      const change = { campaignId: id, accountId: authorId, version, change: { maxCost } };
      await shop.run((transaction) => changeCampaign(transaction, change));
    };
    const setText = (text: string) =>
      campaigns.run(`UPDATE sms_templates SET text = $1 WHERE key = 'campaign_offer' AND language = 'fa'`, [
        text,
      ]);

    await approve();
    await buildWilling(shop.database, 1);
    expect((await refusalOf(start())).code).toBe('campaigns.approval_needed');
    expect(await previewNeedsApproval(id)).toBe(true);
    await approve();
    expect(await previewNeedsApproval(id)).toBe(false);
    await setText('{text}! {link}');
    expect((await refusalOf(start())).code).toBe('campaigns.approval_needed');
    expect(await previewNeedsApproval(id)).toBe(true);
    await setText('{text}\nلغو: {link}');
    expect(await start()).toBe(true);

    // It grows after the start.
    await buildWilling(shop.database, 1);
    await shop.run((transaction) => startCampaign(transaction, input));
    await shop.run((transaction) => gatherAudience(transaction, input));
    expect(await campaigns.campaignOf(id)).toMatchObject({ status: 'paused', pause_reason: 'approval' });
    await approve();
    expect(await shop.run((transaction) => resumeCampaign(transaction, input))).toBe(true);
    // What was agreed to may be lowered and raised again.
    for (const within of [90_000_000, 95_000_000, 100_000_000]) {
      await setMaxCost(within);
      expect(await campaigns.campaignOf(id)).toMatchObject({ status: 'running', approved_by: accountId });
    }
    for (const raised of [100_000_001, null]) {
      await setMaxCost(raised);
      expect(await campaigns.campaignOf(id)).toMatchObject({ status: 'paused', pause_reason: 'approval' });
      const resume = () => shop.run((transaction) => resumeCampaign(transaction, input));
      expect((await refusalOf(resume())).code).toBe('campaigns.approval_needed');
      await approve();
      expect(await resume()).toBe(true);
    }
    await shop.run((transaction) => cancelCampaign(transaction, input));
  });
});

describe('what goes out within a day without an approval', () => {
  test('counts also when a start is asked for in the past', async () => {
    const { id: first } = await campaigns.buildTable(3);
    const { id: second } = await campaigns.buildTable(3);
    const past = new Date('2001-01-01T00:00:00Z');
    expect(await start(first, past)).toBe(true);
    expect((await campaigns.campaignOf(first)).starts_at!.getTime()).toBeGreaterThan(at() - 60_000);
    expect(await codeOf(start(second, past))).toBe('campaigns.approval_needed');
  });

  test('counts what many paused campaigns have left, when they are resumed together', async () => {
    const ids: string[] = [];
    for (let day = 0; day < 3; day += 1) {
      const { id } = await campaigns.buildTable(3);
      await start(id);
      await goOut(id);
      await hold(id);
      ids.push(id);
      await passDays(2);
    }
    const [first, second, third] = ids as [string, string, string];
    expect(await resume(first)).toBe(true);
    expect(await codeOf(resume(second))).toBe('campaigns.approval_needed');
    await campaigns.begin(first);
    await campaigns.answer(first, accept);
    await campaigns.begin(first);
    expect(await campaigns.campaignOf(first)).toMatchObject({ status: 'done', accepted: 3 });
    expect(await codeOf(resume(second))).toBe('campaigns.approval_needed');

    // Somebody else may agree to one that is paused.
    const { id: other } = await buildAccount(shop.database);
    expect(await approve(second, other)).toBe(true);
    expect(await resume(second)).toBe(true);
    expect(await codeOf(resume(third))).toBe('campaigns.approval_needed');
    await passDays(2);
    expect(await resume(third)).toBe(true);
  });

  test('two who resume at once do not miss each other', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 2; count += 1) {
      const { id } = await campaigns.buildTable(3);
      await start(id);
      await goOut(id);
      await hold(id);
      ids.push(id);
    }
    const outcomes = await Promise.allSettled(ids.map((id) => resume(id)));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('counts a campaign itself once, with what it has sent and has left', async () => {
    const { id } = await campaigns.buildTable(ALONE);
    await start(id);
    await goOut(id);
    await campaigns.begin(id, { atMost: 2 });
    await campaigns.answer(id, accept);
    await hold(id);
    expect(await resume(id)).toBe(true);
    const { id: next } = await campaigns.buildTable(1);
    expect(await codeOf(start(next))).toBe('campaigns.approval_needed');
    await hold(id);
    // While the first is paused, only the two that it has sent count. Then the other counts, too.
    expect(await start(next)).toBe(true);
    expect(await codeOf(resume(id))).toBe('campaigns.approval_needed');
  });

  test('counts one that grows at its start together with the others', async () => {
    const { id: first } = await campaigns.buildTable(3);
    await start(first);
    await goOut(first);
    const { id: second } = await buildDraft(shop.database, { filter: { province: 'IR-23' } });
    const live = async (count: number) => {
      const { people } = await campaigns.buildTable(count);
      for (const { id } of people)
        await campaigns.run(
          `INSERT INTO addresses (id, account_id, label, is_default, name, phone, province, city, postal_code, lines)
           SELECT gen_random_uuid(), $1, 'home', true, 'A B', '+989121234567', 'IR-23', '2301', '1234567890', '{street}'`,
          [id],
        );
    };
    await live(2);
    expect(await start(second)).toBe(true);
    await live(1);
    await goOut(second);
    expect(await campaigns.campaignOf(second)).toMatchObject({
      ...{ status: 'paused', pause_reason: 'approval', recipients: 3 },
    });
    const { id: other } = await buildAccount(shop.database);
    await approve(second, other);
    expect(await resume(second)).toBe(true);
  });

  test('counts one whose approval is taken away because it may cost more', async () => {
    const { id: first } = await campaigns.buildTable(3);
    const { id: second, authorId } = await campaigns.buildTable(3, { maxCost: 1_000_000 });
    const { id: other } = await buildAccount(shop.database);
    await start(first);
    await approve(second, other);
    expect(await start(second)).toBe(true);
    await goOut(second);
    expect(await campaigns.campaignOf(second)).toMatchObject({ status: 'running' });
    await change(second, authorId, { maxCost: null });
    expect(await campaigns.campaignOf(second)).toMatchObject({ status: 'paused', pause_reason: 'approval' });
  });

  test('is not asked when the cost of one changes that has no approval to lose', async () => {
    const { id: sent } = await campaigns.buildTable(3);
    await start(sent);
    await goOut(sent);
    await campaigns.begin(sent);
    await campaigns.answer(sent, accept);
    await passDays(20 / 24);
    const { id: running, authorId } = await campaigns.buildTable(1, { maxCost: 1_000_000 });
    await start(running);
    await goOut(running);
    const { id: planned } = await campaigns.buildTable(3);
    expect(await start(planned, new Date(at() + 23 * 3_600_000))).toBe(true);
    // The first and the planned one are 43 hours apart, and this one is in the middle.
    for (const maxCost of [900_000, 1_000_000, null]) {
      await change(running, authorId, { maxCost });
      expect(await campaigns.campaignOf(running)).toMatchObject({ status: 'running' });
    }
  });

  test('reads no recipients of campaigns that have made no call', async () => {
    const { id } = await campaigns.buildTable(1);
    await start(id);
    await goOut(id);
    const { id: large } = await campaigns.buildTable(200);
    const { id: other } = await buildAccount(shop.database);
    await approve(large, other);
    await start(large);
    await goOut(large);
    await campaigns.run('UPDATE campaigns SET approved_by = NULL WHERE id = $1', [large]);
    await shop.run(async (transaction) => {
      const read = async () =>
        (await row<{ tuples: number }>(
          transaction,
          `SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer AS tuples
           FROM pg_stat_xact_user_tables WHERE relname = 'campaign_recipients'`,
        ))!.tuples;
      const campaign = await lockCampaign(transaction, id);
      const before = await read();
      expect(await needsApproval(transaction, campaign, new Date())).toBe(true);
      expect((await read()) - before).toBeLessThan(200);
    });
  });
});

describe('a table whose audience has shrunk since it was sent', () => {
  test('starts without an approval when few enough are left, and leaves out the others', async () => {
    const { id, people } = await campaigns.buildTable(ALONE + 2);
    await withdraw(people[0]!.id);
    await campaigns.run(
      `INSERT INTO campaign_suppressions (account_id, recipient, provider, code) VALUES ($1, $2, 'sms-ir', '1')`,
      [people[1]!.id, people[1]!.phone],
    );
    expect(await start(id)).toBe(true);
    await goOut(id);
    expect(await campaigns.campaignOf(id)).toMatchObject({
      ...{ status: 'running', recipients: ALONE + 2, pending: ALONE, suppressed: 2 },
    });
    const left = (await campaigns.recipientsOf(id)).flatMap(({ reason }) => reason ?? []);
    expect(left.toSorted()).toEqual(['blacklisted', 'not_wanted']);
    await campaigns.begin(id);
    await campaigns.answer(id, accept);
    await campaigns.begin(id);
    expect(await campaigns.campaignOf(id)).toMatchObject({ status: 'done', accepted: ALONE });
  });

  test('keeps its approval', async () => {
    const { id, people } = await campaigns.buildTable(ALONE + 3);
    await withdraw(people[0]!.id);
    const { id: other } = await buildAccount(shop.database);
    await approve(id, other);
    expect(await start(id)).toBe(true);
    await withdraw(people[1]!.id);
    await goOut(id);
    expect(await campaigns.campaignOf(id)).toMatchObject({
      ...{ status: 'running', pending: ALONE + 1, suppressed: 2 },
    });
  });

  test('ends at once when nobody is left', async () => {
    const { id, people } = await campaigns.buildTable(1);
    await start(id);
    await withdraw(people[0]!.id);
    await goOut(id);
    await campaigns.begin(id);
    expect(await campaigns.campaignOf(id)).toMatchObject({ status: 'done', suppressed: 1 });
  });
});

describe('who may approve', () => {
  test('nobody who wrote any part since the last approval', async () => {
    const [second, third, fourth] = await Promise.all([1, 2, 3].map(() => buildAccount(shop.database)));
    const { id, authorId, people } = await campaigns.buildTable(ALONE + 1);
    const { version } = await campaigns.campaignOf(id);
    const numbers = people.map(({ phone }) => phone);
    await shop.run((transaction) =>
      takeNumbers(transaction, {
        ...{ campaignId: id, accountId: second!.id, version, numbers, lines: 1, invalid: 0, repeated: 0 },
      }),
    );
    await change(id, authorId, { name: 'Other' });
    for (const author of [authorId, second!.id])
      expect(await codeOf(approve(id, author))).toBe('campaigns.own_approval');
    expect(await approve(id, third!.id)).toBe(true);

    // The approval covers what the second has written. The fourth changes it after that.
    await change(id, fourth!.id, { name: 'Third' });
    expect(await codeOf(approve(id, fourth!.id))).toBe('campaigns.own_approval');
    expect(await approve(id, second!.id)).toBe(true);
    const forged = campaigns.run('UPDATE campaigns SET approved_by = $2 WHERE id = $1', [id, fourth!.id]);
    expect(await guardOf(forged)).toBe('ck_campaigns_approved');
  });

  test('nobody who raised what it may cost', async () => {
    const [second, third] = await Promise.all([1, 2].map(() => buildAccount(shop.database)));
    const { id } = await campaigns.buildTable(ALONE + 1, { maxCost: 1_000_000 });
    await approve(id, second!.id);
    await start(id);
    await goOut(id);
    // Within the approval nothing is left to approve.
    await change(id, second!.id, { maxCost: 900_000 });
    expect((await campaigns.campaignOf(id)).approved_by).toBe(second!.id);
    await change(id, third!.id, { maxCost: 2_000_000 });
    expect(await campaigns.campaignOf(id)).toMatchObject({ status: 'paused', pause_reason: 'approval' });
    expect(await codeOf(approve(id, third!.id))).toBe('campaigns.own_approval');
    expect(await approve(id, second!.id)).toBe(true);
    expect(await resume(id)).toBe(true);
  });

  test('an approval of another text does not outlive the start', async () => {
    const { id } = await campaigns.buildTable(ALONE);
    const { id: other } = await buildAccount(shop.database);
    await approve(id, other);
    const setText = (text: string) =>
      campaigns.run(`UPDATE sms_templates SET text = $1 WHERE key = 'campaign_offer' AND language = 'fa'`, [
        text,
      ]);
    await setText('{text}! {link}');
    await start(id);
    await setText('{text}\nلغو: {link}');
    expect((await campaigns.campaignOf(id)).approved_by).toBeNull();
    const { id: next } = await campaigns.buildTable(1);
    expect(await codeOf(start(next))).toBe('campaigns.approval_needed');
  });

  test('a scheduled campaign may be approved for what was estimated', async () => {
    const { id } = await campaigns.buildTable(3);
    await start(id, new Date(at() + DAY_MS));
    const { id: other } = await buildAccount(shop.database);
    expect(await approve(id, other)).toBe(true);
    expect(await approve(id, other)).toBe(false);
    const draft = await campaigns.buildTable(3);
    const needsApproval = await shop.run(async (transaction) => {
      const content = await lockCampaign(transaction, draft.id);
      return (await previewCampaign(transaction, content, new Date(at() + DAY_MS), CAMPAIGN_PRICES))
        .needsApproval;
    });
    expect(needsApproval).toBe(false);
  });
});

test('of the notes of operators the newest are kept', async () => {
  const { id } = await campaigns.buildGathered(1);
  for (let count = 0; count < 22; count += 1) {
    const move = count % 2 === 0 ? 'pause' : 'resume';
    const steered = { campaignId: id, at: at(), move, note: `note ${count}` } as const;
    expect(await shop.run((transaction) => steerByHand(transaction, steered))).toBe(true);
  }
  const kept = await campaigns.run<{ note: string }>(
    `SELECT m->>'note' AS note FROM campaigns, jsonb_array_elements(operator_moves) AS m WHERE id = $1`,
    [id],
  );
  expect(kept.map(({ note }) => note)).toEqual(Array.from({ length: 20 }, (_, place) => `note ${place + 2}`));
});
