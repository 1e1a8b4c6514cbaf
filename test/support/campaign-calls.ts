import { beginBatch } from '../../entities/campaigns/begin-batch';
import type { BulkResult, BulkSendOutcome } from '../../entities/campaigns/bulk-outcome';
import { claimBatch } from '../../entities/campaigns/claim-batch';
import { gatherAudience, startCampaign } from '../../entities/campaigns/gather-audience';
import { recordBatch } from '../../entities/campaigns/record-batch';
import { scheduleCampaign } from '../../entities/campaigns/schedule-campaign';
import { takeNumbers } from '../../entities/campaigns/take-numbers';
import { buildDraft, buildWilling, CAMPAIGN_PRICES } from './factories/campaigns';
import type { ShopDatabase } from './shop-database';
import { row, rows } from './sql';

/** How calls of tests are cut, and when they are looked for. */
export const TERMS = {
  ...{ provider: 'sms-ir', atMost: 100, perSecond: 10_000, isNightAllowed: true },
  reportAfterMs: [300_000],
};
export const FINDS = { findAfterMs: [0, 5_000] };

/** A provider has taken the message. */
export const accept = (reference: string): BulkResult => ({
  kind: 'accepted',
  reference,
  providerMessageId: `m-${reference}`,
});
export const STOP = { kind: 'refused', class: 'stop', code: '115', message: 'blacklisted' } as const;
export const NO_ANSWER = { kind: 'unknown', message: 'no answer (timeout)' } as const;

/** Campaigns of a shop, and what their workflows do to their rows. The shop may be opened later. */
export function callsOf(opened: () => ShopDatabase) {
  const at = () => Date.now();
  const run = <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    rows<Row>(opened().database.manager, sql, values);

  /** Each campaign has a provider of its own unless told, because all that one has share its pace. */
  const begin = (campaignId: string, terms: Partial<typeof TERMS> = {}, now = at()) =>
    opened().run((transaction) =>
      beginBatch(transaction, { campaignId, at: now }, { ...TERMS, provider: campaignId, ...terms }),
    );

  const claim = (batchId: string, clock: { at?: number; isNightAllowed?: boolean } = {}) =>
    opened().run((transaction) =>
      claimBatch(transaction, batchId, { at: at(), isNightAllowed: true, ...clock }),
    );

  const record = (batchId: string, outcome: BulkSendOutcome, now = at()) =>
    opened().run((transaction) => recordBatch(transaction, { batchId, at: now, outcome }, FINDS));

  const campaignOf = async (id: string) =>
    (await row<{
      status: string;
      pause_reason: string | null;
      recipients: number;
      pending: number;
      handed: number;
      accepted: number;
      delivered: number;
      failed: number;
      ambiguous: number;
      suppressed: number;
      not_before: Date | null;
      report_at: Date | null;
      reports: number;
      batches: number;
      starts_at: Date | null;
      approved_by: string | null;
      version: number;
    }>(opened().database.manager, 'SELECT * FROM campaigns WHERE id = $1', [id]))!;

  /** The newest call. */
  const batchOf = async (campaignId: string) =>
    (await row<{ id: string; size: number; status: string; cost: string | null; message: string | null }>(
      opened().database.manager,
      'SELECT id, size, status, cost, message FROM campaign_batches WHERE campaign_id = $1 ORDER BY ordinal DESC LIMIT 1',
      [campaignId],
    ))!;

  const recipientsOf = (campaignId: string) =>
    run<{
      number: string;
      accountId: string;
      status: string;
      reason: string | null;
      recipient: string | null;
    }>(
      `SELECT number::text AS number, account_id AS "accountId", status, reason, recipient FROM campaign_recipients
       WHERE campaign_id = $1 ORDER BY number`,
      [campaignId],
    );

  /** A draft with a table of the numbers of so many people. */
  async function buildTable(count: number, overrides: Parameters<typeof buildDraft>[1] = {}) {
    const people = await buildWilling(opened().database, count);
    const numbers = people.map(({ phone }) => phone);
    const { id, authorId } = await buildDraft(opened().database, {
      ...{ audience: 'csv', filter: null },
      ...overrides,
    });
    await opened().run((transaction) =>
      takeNumbers(transaction, {
        ...{ campaignId: id, accountId: authorId, version: 1, numbers },
        ...{ lines: count, invalid: 0, repeated: 0 },
      }),
    );
    return { id, authorId, people };
  }

  /** A campaign for so many people, of whom each has a row. */
  async function buildGathered(count: number, overrides: Parameters<typeof buildDraft>[1] = {}) {
    const built = await buildTable(count, overrides);
    const { id: campaignId } = built;
    const asked = { campaignId, version: 2, startsAt: null, at: at() };
    await opened().run((transaction) =>
      scheduleCampaign(transaction, asked, { ...CAMPAIGN_PRICES, approvalAbove: 100_000 }),
    );
    await opened().run((transaction) => startCampaign(transaction, { campaignId, at: at() }));
    await opened().run((transaction) => gatherAudience(transaction, { campaignId, at: at() }));
    return built;
  }

  /** The provider answers to the newest call. Messages without a result have no answer. Returns the call. */
  async function answer(
    campaignId: string,
    resultOf: (reference: string, at: number) => BulkResult | undefined,
    now = at(),
  ) {
    const { id: batchId } = await batchOf(campaignId);
    const handed = await run<{ number: string }>(
      `SELECT number::text AS number FROM campaign_recipients WHERE batch_id = $1 AND status = 'handed' ORDER BY number`,
      [batchId],
    );
    const results = handed.flatMap(({ number }, place) => resultOf(number, place) ?? []);
    const messages = results.filter((one) => one.kind === 'accepted').length;
    const costs = [{ amount: '0.5', unit: 'credit', messages }];
    await record(batchId, { kind: 'answered', results, costs }, now);
    return batchId;
  }

  return {
    ...{ at, run, begin, claim, record, campaignOf, batchOf, recipientsOf },
    ...{ buildTable, buildGathered, answer },
  };
}
