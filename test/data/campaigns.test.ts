import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { CampaignFilter } from '../../entities/campaigns/campaign-filter';
import {
  BATCH_TRANSITIONS,
  CAMPAIGN_TRANSITIONS,
  RECIPIENT_TRANSITIONS,
} from '../../entities/campaigns/campaign-status';
import { claimBatch } from '../../entities/campaigns/claim-batch';
import { endMessages } from '../../entities/campaigns/end-messages';
import { findLostCampaigns } from '../../entities/campaigns/find-lost-campaigns';
import { gatherAudience, startCampaign } from '../../entities/campaigns/gather-audience';
import { lockCampaign } from '../../entities/campaigns/lock-campaign';
import { noteReports } from '../../entities/campaigns/note-reports';
import { estimateCampaign } from '../../entities/campaigns/price-campaign';
import { scheduleCampaign } from '../../entities/campaigns/schedule-campaign';
import { cancelCampaign, holdCampaign } from '../../entities/campaigns/steer-campaign';
import { takeNumbers } from '../../entities/campaigns/take-numbers';
import { type CampaignContent, createCampaign } from '../../entities/campaigns/write-campaign';
import { changeProfile } from '../../entities/customers/change-profile';
import { eraseAccount } from '../../entities/customers/erase-account';
import { exportAccount } from '../../entities/customers/export-account';
import { cancelPausedCampaigns } from '../../entities/retention/cancel-paused-campaigns';
import { removeCampaignRecipients } from '../../entities/retention/remove-old-rows';
import { accept, callsOf, STOP } from '../support/campaign-calls';
import { buildAccount } from '../support/factories/accounts';
import { buildDraft, buildStarted, buildWilling, CAMPAIGN_PRICES } from '../support/factories/campaigns';
import { guardOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await shop.close();
});

const { at, run, begin, campaignOf, batchOf, recipientsOf, buildGathered, answer } = callsOf(() => shop);

describe('whom a campaign reaches', () => {
  const estimate = async (filter: CampaignFilter) => {
    const { id } = await buildDraft(shop.database, { filter });
    return shop.run(async (transaction) =>
      estimateCampaign(transaction, await lockCampaign(transaction, id), CAMPAIGN_PRICES),
    );
  };

  test('an estimate counts the willing, the parts of the Persian text and what they cost', async () => {
    const { recipients: before } = await estimate({});
    const [willing, unwilling] = await buildWilling(shop.database, 2);
    await shop.run((transaction) =>
      changeProfile(transaction, { accountId: unwilling!.id, marketing: false }),
    );
    const { recipients, segments, text, cost } = await estimate({});
    expect(recipients).toBe(before + 1);
    expect(text).toBe(`حراج نوروزی\nلغو: ${CAMPAIGN_PRICES.link}`);
    expect({ segments, cost }).toEqual({ segments: 1, cost: recipients * 2_000 });
    expect(willing).toBeDefined();
  });

  test('a filter finds who has bought, spent and lives where it says, and nobody else', async () => {
    const people = await buildWilling(shop.database, 2);
    const [buyer, other] = [people[0]!, people[1]!];
    await run(
      `INSERT INTO addresses (id, account_id, label, is_default, name, phone, province, city, postal_code, lines)
       SELECT gen_random_uuid(), $1, 'home', true, 'A B', '+989121234567', 'IR-23', '2301', '1234567890', '{street}'`,
      [buyer.id],
    );
    const found = async (filter: CampaignFilter) => {
      const { id } = await buildStarted(shop.database, { filter });
      await shop.run((transaction) => startCampaign(transaction, { campaignId: id, at: at() }));
      await shop.run((transaction) => gatherAudience(transaction, { campaignId: id, at: at() }));
      const ids = (await recipientsOf(id)).map(({ accountId }) => accountId);
      return { buyer: ids.includes(buyer.id), other: ids.includes(other.id) };
    };
    expect(await found({ province: 'IR-23' })).toEqual({ buyer: true, other: false });
    expect(await found({ city: '2301' })).toEqual({ buyer: true, other: false });
    expect(await found({ notOrderedSince: '2026-01-01T00:00:00Z' })).toEqual({ buyer: true, other: true });
    for (const nobody of [
      { spentAtLeast: 1 },
      { orderedSince: '2020-01-01T00:00:00Z' },
      { productId: buyer.id },
      { categoryId: buyer.id },
    ]) {
      const draft = await buildDraft(shop.database, { filter: nobody });
      const asked = { campaignId: draft.id, version: 1, startsAt: null, at: at() };
      const start = shop.run((transaction) => scheduleCampaign(transaction, asked, CAMPAIGN_PRICES));
      expect((await refusalOf(start)).code).toBe('campaigns.nobody');
    }
  });

  test('of a table only numbers of the willing are taken, and no other is kept', async () => {
    const [willing] = await buildWilling(shop.database, 1);
    const unwilling = await buildAccount(shop.database);
    const { id, authorId } = await buildDraft(shop.database, { audience: 'csv' });
    const numbers = [willing!.phone, unwilling.phone, '+989999999999'];
    const table = { campaignId: id, accountId: authorId, numbers, lines: 5, invalid: 1, repeated: 1 };
    const take = (version: number) =>
      shop.run((transaction) => takeNumbers(transaction, { ...table, version }));

    expect(await take(1)).toEqual({ lines: 5, invalid: 1, repeated: 1, notWanted: 2, taken: 1 });
    expect((await recipientsOf(id)).map(({ accountId }) => accountId)).toEqual([willing!.id]);
    expect((await refusalOf(take(1))).code).toBe('campaigns.version_moved');
    // In place of the first.
    expect(await take(2)).toMatchObject({ taken: 1 });
    expect(await campaignOf(id)).toMatchObject({ recipients: 1, pending: 1 });
  });

  test('pages of a filter repeat without doubling anybody', async () => {
    const people = await buildWilling(shop.database, 3);
    const { id } = await buildStarted(shop.database);
    const input = { campaignId: id, at: at() };
    await shop.run((transaction) => startCampaign(transaction, input));
    await Promise.all([1, 2, 3].map(() => shop.run((transaction) => gatherAudience(transaction, input))));
    const ids = (await recipientsOf(id)).map(({ accountId }) => accountId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(people.map((one) => one.id)));
  });
});

describe('writing', () => {
  test('a template without a link, of a code, or with other variables is refused', async () => {
    const refused = async (template: string, variables: Record<string, string>) =>
      (await refusalOf(buildDraft(shop.database, { template, variables }))).code;
    expect(await refused('order_paid', { number: '1' })).toBe('campaigns.no_link');
    expect(await refused('sign_in_code', { code: '1' })).toBe('campaigns.code_template');
    expect(await refused('nothing', {})).toBe('sms.template_unknown');
    expect(await refused('campaign_offer', { text: 'two\nlines' })).toBe('sms.variables_invalid');
    expect((await refusalOf(buildDraft(shop.database, { sendFrom: 12, sendUntil: 12 }))).code).toBe(
      'campaigns.hours_empty',
    );
  });

  test('what was scheduled is sent, whatever becomes of the template', async () => {
    const { id } = await buildGathered(1);
    await begin(id);
    const { id: batchId } = await batchOf(id);
    const { text } = await shop.run(async (transaction) => {
      await rows(
        transaction,
        "UPDATE sms_templates SET text = 'Else {link}' WHERE key = 'campaign_offer' AND language = 'fa'",
      );
      const claimed = await claimBatch(transaction, batchId, { at: at(), isNightAllowed: true });
      const batch = claimed.kind === 'claimed' ? claimed.batch : undefined;
      await rows(
        transaction,
        "UPDATE sms_templates SET text = $1 WHERE key = 'campaign_offer' AND language = 'fa'",
        [batch!.text],
      );
      return batch!;
    });
    expect(text).toBe('{text}\nلغو: {link}');
    await answer(id, accept);
  });

  test('the same key with another body is refused', async () => {
    const { id, authorId } = await buildDraft(shop.database);
    const content = {
      ...{ name: 'Else', template: 'campaign_offer', language: 'fa', variables: { text: 'x' } },
      ...{ audience: 'filter', filter: {}, sendFrom: 8, sendUntil: 21, maxCost: null },
    } satisfies CampaignContent;
    const again = shop.run((transaction) =>
      createCampaign(transaction, { campaignId: id, accountId: authorId, content }),
    );
    expect((await refusalOf(again)).code).toBe('request.idempotency_key_reused');
  });
});

test('a link ends the messages of its owner, once, and nobody else hears of it', async () => {
  const { id, people } = await buildGathered(1);
  const [{ number } = { number: '' }] = await recipientsOf(id);
  const end = () => shop.run((transaction) => endMessages(transaction, Number(number)));
  expect(await end()).toMatchObject({ accountId: people[0]!.id, isWilling: false });
  await end();
  const withdrawn = await run(
    `SELECT type, payload FROM events WHERE aggregate_id = $1 AND type = 'account.marketing_withdrawn'`,
    [people[0]!.id],
  );
  expect(withdrawn).toEqual([{ type: 'account.marketing_withdrawn', payload: {} }]);
  await begin(id);
  expect(await campaignOf(id)).toMatchObject({ suppressed: 1, handed: 0 });
});

test('a link also ends the messages of somebody who is blocked', async () => {
  const { id, people } = await buildGathered(1);
  const [{ number } = { number: '' }] = await recipientsOf(id);
  const accountId = people[0]!.id;
  await run(`UPDATE accounts SET status = 'blocked' WHERE id = $1`, [accountId]);
  await shop.run((transaction) => endMessages(transaction, Number(number)));
  expect(await run('SELECT marketing FROM profiles WHERE account_id = $1', [accountId])).toEqual([
    { marketing: false },
  ]);
});

test('an erasure removes the numbers and keeps the counts; an export shows them', async () => {
  const { id, people } = await buildGathered(2);
  await begin(id);
  await answer(id, (reference, place) => (place === 0 ? { ...STOP, reference } : accept(reference)));
  const shown = await shop.run((transaction) => exportAccount(transaction, people[0]!.id));
  expect(shown['campaignRecipients']).toMatchObject([{ recipient: people[0]!.phone }]);
  for (const { id: accountId } of people)
    await shop.run((transaction) => eraseAccount(transaction, accountId));
  expect((await recipientsOf(id)).map(({ recipient }) => recipient)).toEqual([null, null]);
  expect(
    await run('SELECT 1 FROM campaign_suppressions WHERE account_id = ANY ($1)', [
      people.map((one) => one.id),
    ]),
  ).toEqual([]);
  expect(await campaignOf(id)).toMatchObject({ recipients: 2, accepted: 1, suppressed: 1 });
});

test('nothing personal stands in the events of a campaign', async () => {
  const { id, people } = await buildGathered(2);
  await begin(id);
  await answer(id, accept);
  const told = JSON.stringify(await run('SELECT type, payload FROM events WHERE aggregate_id = $1', [id]));
  expect(told).toContain('campaign.progressed');
  for (const one of people) {
    expect(told).not.toContain(one.phone.slice(3));
    expect(told).not.toContain(one.id);
  }
});

test('old recipients go, and the campaign keeps what it came to', async () => {
  const { id } = await buildGathered(2);
  await begin(id);
  await answer(id, accept);
  await begin(id);
  await run(
    `UPDATE campaigns SET finished_at = now() - interval '200 days', report_at = NULL WHERE id = $1`,
    [id],
  );
  await shop.run((transaction) => removeCampaignRecipients(transaction, 180));
  expect(await recipientsOf(id)).toEqual([]);
  expect(await campaignOf(id)).toMatchObject({ recipients: 2, accepted: 2 });
});

test('old recipients go also of the twenty-first campaign, and of drafts, which wait for another table', async () => {
  const [person] = await buildWilling(shop.database, 1);
  const buildTable = async () => {
    const { id, authorId } = await buildDraft(shop.database, { audience: 'csv' });
    const table = { campaignId: id, accountId: authorId, numbers: [person!.phone] };
    await shop.run((transaction) =>
      takeNumbers(transaction, { ...table, version: 1, lines: 1, invalid: 0, repeated: 0 }),
    );
    return { id, table };
  };
  const ended: string[] = [];
  for (let count = 0; count < 21; count += 1) {
    const { id } = await buildTable();
    await shop.run((transaction) => cancelCampaign(transaction, { campaignId: id, at: at() }));
    ended.push(id);
  }
  const { id: draft, table } = await buildTable();
  const { id: fresh } = await buildTable();
  await run(`UPDATE campaigns SET finished_at = now() - interval '200 days' WHERE id = ANY ($1)`, [ended]);
  await run(`UPDATE campaigns SET created_at = now() - interval '200 days' WHERE id = $1`, [draft]);
  const remove = () => shop.run((transaction) => removeCampaignRecipients(transaction, 180));
  expect(await remove()).toEqual({ removed: 20, next: '' });
  expect(await remove()).toEqual({ removed: 2, next: '' });
  expect(await remove()).toEqual({ removed: 0, next: null });
  expect(await recipientsOf(fresh)).toHaveLength(1);
  expect(await campaignOf(draft)).toMatchObject({ recipients: 0, pending: 0 });
  const start = { campaignId: draft, version: 2, startsAt: null, at: at() };
  const refusal = await refusalOf(
    shop.run((transaction) => scheduleCampaign(transaction, start, CAMPAIGN_PRICES)),
  );
  expect(refusal.code).toBe('campaigns.no_table');
  await shop.run((transaction) =>
    takeNumbers(transaction, { ...table, version: 2, lines: 1, invalid: 0, repeated: 0 }),
  );
  expect(await campaignOf(draft)).toMatchObject({ recipients: 1, pending: 1 });
});

test('a campaign that was paused for too long is cancelled, and its recipients go', async () => {
  const { id } = await buildGathered(2);
  const { id: other } = await buildGathered(1);
  await begin(id, { atMost: 1 });
  await answer(id, accept);
  for (const campaignId of [id, other])
    await shop.run((transaction) => holdCampaign(transaction, { campaignId, at: at() }));
  await run(`UPDATE campaigns SET paused_at = now() - interval '200 days' WHERE id = $1`, [id]);
  const retain = async () => {
    const cancelled = await shop.run((transaction) => cancelPausedCampaigns(transaction, 180));
    await shop.run((transaction) => removeCampaignRecipients(transaction, 180));
    return cancelled;
  };
  expect(await retain()).toEqual({ removed: 1, next: null });
  expect(await campaignOf(id)).toMatchObject({ status: 'cancelled', accepted: 1, pending: 1 });
  expect((await campaignOf(other)).status).toBe('paused');
  // What was delivered is asked for before.
  expect(await recipientsOf(id)).toHaveLength(2);
  await shop.run((transaction) => noteReports(transaction, { campaignId: id, reports: 0 }, [0]));
  expect(await retain()).toEqual({ removed: 0, next: null });
  expect(await recipientsOf(id)).toEqual([]);
  expect(await recipientsOf(other)).toHaveLength(1);
});

test('a campaign without a workflow is found, and less often while nothing changes', async () => {
  const { id } = await buildGathered(1);
  const find = () =>
    shop.run((transaction) => findLostCampaigns(transaction, { overdueByMs: 0, limit: 1_000 }));
  expect(await find()).toContain(id);
  const overdue = await shop.run((transaction) =>
    findLostCampaigns(transaction, { overdueByMs: 60_000, limit: 1_000 }),
  );
  expect(overdue).not.toContain(id);
});

test.each([
  ['campaigns', CAMPAIGN_TRANSITIONS],
  ['campaign_recipients', RECIPIENT_TRANSITIONS],
  ['campaign_batches', BATCH_TRANSITIONS],
])('the database lets rows of %s move as their table says, and not otherwise', async (table, transitions) => {
  const trigger = await row<{ definition: string }>(
    shop.database.manager,
    'SELECT pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE tgname = $1',
    [`${table}_move_along_their_table`],
  );
  const pairs = [...trigger!.definition.matchAll(/old\.status[^']*'(\w+)'[^']*new\.status[^']*'(\w+)'/gi)];
  const moves = Object.entries<readonly string[]>(transitions).flatMap(([from, all]) =>
    all.map((to) => `${from} ${to}`),
  );
  expect(pairs.map(([, from, to]) => `${from} ${to}`).toSorted()).toEqual(moves.toSorted());
  const { id } = await buildGathered(1);
  expect(await guardOf(run(`UPDATE campaigns SET status = 'draft' WHERE id = $1`, [id]))).toMatch(
    /campaigns/,
  );
});
