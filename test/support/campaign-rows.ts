import { beginBatch, type BatchTerms } from '../../entities/campaigns/begin-batch';
import type { BulkResult } from '../../entities/campaigns/bulk-outcome';
import { claimBatch } from '../../entities/campaigns/claim-batch';
import { gatherAudience, startCampaign } from '../../entities/campaigns/gather-audience';
import { recordBatch } from '../../entities/campaigns/record-batch';
import { scheduleCampaign } from '../../entities/campaigns/schedule-campaign';
import { takeNumbers } from '../../entities/campaigns/take-numbers';
import { buildDraft, buildWilling, CAMPAIGN_PRICES } from './factories/campaigns';
import type { ShopDatabase } from './shop-database';
import { row, rows } from './sql';

/** When calls without an answer are looked for. */
export const FINDS = { findAfterMs: [0, 5_000] };

/** A message that the provider took. */
export const accept = (reference: string): BulkResult => ({
  kind: 'accepted',
  reference,
  providerMessageId: `m-${reference}`,
});

/** Operations on the campaigns of a shop, and what their rows say. */
export function campaignRows(shop: ShopDatabase) {
  const at = () => Date.now();
  const run = <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    rows<Row>(shop.database.manager, sql, values);

  /** The calls of a campaign. Each has a provider of its own, because all that one has share its pace. */
  const termsOf = (campaignId: string): BatchTerms => ({
    ...{ provider: campaignId, atMost: 100, perSecond: 10_000, isNightAllowed: true },
    reportAfterMs: [300_000],
  });

  const begin = (campaignId: string, terms: Partial<BatchTerms> = {}, now = at()) =>
    shop.run((transaction) =>
      beginBatch(transaction, { campaignId, at: now }, { ...termsOf(campaignId), ...terms }),
    );

  const claim = (batchId: string, clock: { at?: number; isNightAllowed?: boolean } = {}) =>
    shop.run((transaction) => claimBatch(transaction, batchId, { at: at(), isNightAllowed: true, ...clock }));

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
      batches: number;
      not_before: Date | null;
      report_at: Date | null;
      starts_at: Date | null;
      approved_by: string | null;
      version: number;
    }>(shop.database.manager, 'SELECT * FROM campaigns WHERE id = $1', [id]))!;

  const batchOf = async (campaignId: string) =>
    (await row<{ id: string; size: number; status: string; cost: string | null }>(
      shop.database.manager,
      'SELECT id, size, status, cost FROM campaign_batches WHERE campaign_id = $1 ORDER BY ordinal DESC LIMIT 1',
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
    const people = await buildWilling(shop.database, count);
    const numbers = people.map(({ phone }) => phone);
    const { id, authorId } = await buildDraft(shop.database, { audience: 'csv', filter: null, ...overrides });
    await shop.run((transaction) =>
      takeNumbers(transaction, {
        ...{ campaignId: id, accountId: authorId, version: 1, numbers },
        ...{ lines: count, invalid: 0, repeated: 0 },
      }),
    );
    return { id, authorId, people };
  }

  /** Starts a draft and gives its recipients their rows. */
  async function startAndGather(
    campaignId: string,
    { approvalAbove = 100_000, now = at() }: { approvalAbove?: number; now?: number } = {},
  ) {
    const { version } = await campaignOf(campaignId);
    const asked = { campaignId, version, startsAt: null, at: now };
    await shop.run((transaction) =>
      scheduleCampaign(transaction, asked, { ...CAMPAIGN_PRICES, approvalAbove }),
    );
    await shop.run((transaction) => startCampaign(transaction, { campaignId, at: now }));
    await shop.run((transaction) => gatherAudience(transaction, { campaignId, at: now }));
  }

  /** A campaign for so many people, of whom each has a row. */
  async function buildGathered(count: number, overrides: Parameters<typeof buildDraft>[1] = {}) {
    const built = await buildTable(count, overrides);
    await startAndGather(built.id);
    return built;
  }

  /** Answers the newest call of a campaign, message by message. */
  async function answer(
    campaignId: string,
    resultOf: (reference: string, place: number) => BulkResult | undefined,
  ) {
    const { id: batchId } = await batchOf(campaignId);
    const handed = await run<{ number: string }>(
      `SELECT number::text AS number FROM campaign_recipients WHERE batch_id = $1 AND status = 'handed' ORDER BY number`,
      [batchId],
    );
    const results = handed.flatMap(({ number }, place) => resultOf(number, place) ?? []);
    const messages = results.filter((one) => one.kind === 'accepted').length;
    const costs = [{ amount: '0.5', unit: 'credit', messages }];
    const outcome = { kind: 'answered', results, costs } as const;
    await shop.run((transaction) => recordBatch(transaction, { batchId, at: at(), outcome }, FINDS));
    return batchId;
  }

  return {
    ...{ run, termsOf, begin, claim, campaignOf, batchOf, recipientsOf },
    ...{ buildTable, startAndGather, buildGathered, answer },
  };
}
