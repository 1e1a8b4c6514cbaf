import type { DataSource } from 'typeorm';

import { beginBatch } from '../../../entities/campaigns/begin-batch';
import { gatherAudience, startCampaign } from '../../../entities/campaigns/gather-audience';
import { scheduleCampaign } from '../../../entities/campaigns/schedule-campaign';
import { createCampaign, type CampaignContent } from '../../../entities/campaigns/write-campaign';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';
import { rows } from '../sql';
import { buildAccount } from './accounts';
import { buildPhone } from './phone';

/** What the estimates of tests are made of: everybody may send to five. */
export const CAMPAIGN_PRICES = {
  segmentPrice: 2_000,
  approvalAbove: 5,
  host: 'shop.example',
  link: 'https://shop.example/u/000000-AAAAAAAAAAAA',
};

/** A person whom a campaign may reach. */
export interface WillingCustomer {
  readonly id: string;
  readonly phone: string;
}

/** Customers who want to hear of offers, in the order of their ids. */
export async function buildWilling(database: DataSource, count: number): Promise<WillingCustomer[]> {
  const people = Array.from({ length: count }, () => ({ id: newId(), phone: buildPhone() }));
  const json = JSON.stringify(people);
  await rows(
    database.manager,
    'INSERT INTO accounts (id, phone) SELECT id, phone FROM jsonb_to_recordset($1::jsonb) AS p(id uuid, phone text)',
    [json],
  );
  await rows(
    database.manager,
    `INSERT INTO profiles (account_id, marketing, marketing_at)
     SELECT id, true, now() FROM jsonb_to_recordset($1::jsonb) AS p(id uuid)`,
    [json],
  );
  return people;
}

/** A draft, for all who want to hear of offers unless told. */
export async function buildDraft(
  database: DataSource,
  overrides: Partial<CampaignContent> = {},
): Promise<{ readonly id: string; readonly authorId: string }> {
  const { id: authorId } = await buildAccount(database);
  const id = newId();
  const audience = overrides.audience ?? 'filter';
  const content: CampaignContent = {
    ...{ name: 'Norooz', template: 'campaign_offer', language: 'fa', variables: { text: 'حراج نوروزی' } },
    ...{ audience, filter: audience === 'filter' ? {} : null, sendFrom: 8, sendUntil: 21, maxCost: null },
    ...overrides,
  };
  await withTransaction(database, (transaction) =>
    createCampaign(transaction, { campaignId: id, accountId: authorId, content }),
  );
  return { id, authorId };
}

/** A campaign that was started, and that everybody may send. */
export async function buildStarted(
  database: DataSource,
  overrides: Partial<CampaignContent> = {},
  { startsAt = null, approvalAbove = 100_000 }: { startsAt?: Date | null; approvalAbove?: number } = {},
): Promise<{ readonly id: string; readonly authorId: string }> {
  const draft = await buildDraft(database, overrides);
  const asked = { campaignId: draft.id, version: 1, startsAt, at: Date.now() };
  await withTransaction(database, (transaction) =>
    scheduleCampaign(transaction, asked, { ...CAMPAIGN_PRICES, approvalAbove }),
  );
  return draft;
}

/** A campaign whose first recipients are in a call that nobody has made yet. */
export async function buildHandedOver(
  database: DataSource,
): Promise<{ readonly id: string; readonly authorId: string }> {
  const campaign = await buildStarted(database);
  const input = { campaignId: campaign.id, at: Date.now() };
  const terms = { provider: 'sms-ir', atMost: 2, perSecond: 100, isNightAllowed: true, reportAfterMs: [0] };
  await withTransaction(database, (transaction) => startCampaign(transaction, input));
  await withTransaction(database, (transaction) => gatherAudience(transaction, input));
  await withTransaction(database, (transaction) => beginBatch(transaction, input, terms));
  return campaign;
}
