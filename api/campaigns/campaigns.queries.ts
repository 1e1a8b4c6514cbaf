import type { EntityManager } from 'typeorm';

import { COUNTS_COLUMN, COUNTS_OBJECT } from '../../entities/campaigns/campaign-state';
import { assertThat } from '../../entities/errors';
import { array, integer, json, nullable, text, uuid } from '../../entities/row-shape';
import { row, rows, rowsPlannedAnew, statement } from '../../entities/sql';
import { maskedPhone } from '../../entities/values/phone-number';
import type { CampaignsQuery, RecipientsQuery } from './campaigns.input';
import type { CampaignsView, CampaignSummaryView, CampaignView } from './campaigns.view';
import type { CampaignRecipientsView, CampaignRecipientView, CampaignReportView } from './report.view';

/** In SQL: an instant as its text in JSON. */
const ISO = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const SUMMARY = `c.id, c.name, c.status, c.pause_reason AS "pauseReason", ${ISO('c.created_at')} AS "createdAt",
  ${ISO('c.starts_at')} AS "startsAt", ${ISO('c.finished_at')} AS "finishedAt", ${COUNTS_OBJECT} AS counts`;

const SUMMARY_SHAPE = {
  ...{ id: uuid, name: text, status: text, pauseReason: nullable(text), createdAt: text },
  ...{ startsAt: nullable(text), finishedAt: nullable(text), counts: COUNTS_COLUMN },
};

const LIST = statement<CampaignSummaryView>(
  `SELECT ${SUMMARY} FROM campaigns c
   WHERE ($1::varchar IS NULL OR c.status = $1)
     AND ($2::uuid IS NULL OR (c.created_at, c.id) < (SELECT b.created_at, b.id FROM campaigns b WHERE b.id = $2))
   ORDER BY c.created_at DESC, c.id DESC LIMIT $3`,
  SUMMARY_SHAPE,
);

/** A part of the campaigns, the newest first. */
export async function listCampaigns(
  manager: EntityManager,
  { status, before, limit }: CampaignsQuery,
): Promise<CampaignsView> {
  const found = await rowsPlannedAnew(manager, LIST, [status ?? null, before ?? null, limit + 1]);
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? items.at(-1)!.id : null };
}

const READ = statement<CampaignView>(
  `SELECT ${SUMMARY}, c.version, c.template, c.language, c.variables, c.audience, c.filter, c.upload, c.created_by AS "createdBy", c.authors,
     c.approved_by AS "approvedBy", c.send_from AS "sendFrom", c.send_until AS "sendUntil", c.max_cost AS "maxCost", c.segments,
     c.segment_price AS "segmentPrice",
     c.segments * c.segment_price * (c.handed + c.accepted + c.delivered + c.failed + c.ambiguous) AS cost,
     ${ISO('c.started_at')} AS "startedAt", c.operator_moves AS "operatorMoves"
   FROM campaigns c WHERE c.id = $1`,
  {
    ...SUMMARY_SHAPE,
    ...{ version: integer, template: text, language: text, variables: json<Record<string, string>>() },
    ...{ audience: text, filter: nullable(json<NonNullable<CampaignView['filter']>>()) },
    ...{
      upload: nullable(json<NonNullable<CampaignView['upload']>>()),
      createdBy: uuid,
      authors: array(uuid),
    },
    ...{ approvedBy: nullable(uuid), sendFrom: integer, sendUntil: integer, maxCost: nullable(integer) },
    ...{ segments: nullable(integer), segmentPrice: nullable(integer), cost: nullable(integer) },
    startedAt: nullable(text),
    operatorMoves: json<CampaignView['operatorMoves']>(),
  },
);

/** @throws AppError `campaigns.not_found` */
export async function readCampaign(manager: EntityManager, campaignId: string): Promise<CampaignView> {
  const found = await row(manager, READ, [campaignId]);
  assertThat(found, 'campaigns.not_found');
  return found;
}

const RECIPIENTS = statement<CampaignRecipientView & { readonly number: number }>(
  `SELECT r.account_id AS "accountId", r.number, r.recipient, r.status, r.reason, ${ISO('r.handed_at')} AS "handedAt"
   FROM campaign_recipients r
   WHERE r.campaign_id = $1 AND ($2::varchar IS NULL OR r.status = $2) AND r.number > $3::bigint
   ORDER BY r.number LIMIT $4`,
  {
    ...{ accountId: uuid, number: integer, recipient: nullable(text), status: text, reason: nullable(text) },
    handedAt: nullable(text),
  },
);

/** A part of the recipients, in the order in which they are sent to. Numbers are without their middle. */
export async function listRecipients(
  manager: EntityManager,
  campaignId: string,
  { status, after, limit }: RecipientsQuery,
): Promise<CampaignRecipientsView> {
  await readCampaign(manager, campaignId);
  const asked = [campaignId, status ?? null, after ?? 0, limit + 1];
  const found = await rowsPlannedAnew(manager, RECIPIENTS, asked);
  const shown = found.slice(0, limit);
  const items = shown.map(({ number: _number, recipient, ...rest }) => ({
    ...rest,
    recipient: recipient === null ? null : maskedPhone(recipient),
  }));
  return { items, next: found.length > limit ? shown.at(-1)!.number : null };
}

const SUPPRESSED = statement<{ suppressed: CampaignReportView['suppressed'] }>(
  `SELECT coalesce(json_object_agg(reason, times), '{}') AS suppressed FROM (
     SELECT reason, count(*) AS times FROM campaign_recipients WHERE campaign_id = $1 AND status = 'suppressed' GROUP BY reason
   ) AS by_reason`,
  { suppressed: json<CampaignReportView['suppressed']>() },
);

const COSTS = statement<{ amount: string; unit: string }>(
  `SELECT sum(cost)::text AS amount, cost_unit AS unit FROM campaign_batches
   WHERE campaign_id = $1 AND cost IS NOT NULL GROUP BY cost_unit ORDER BY cost_unit`,
  { amount: text, unit: text },
);

/** Calls stay when the rows of recipients are removed. */
const PRICED = statement<{ priced: number }>(
  'SELECT coalesce(sum(priced), 0) AS priced FROM campaign_batches WHERE campaign_id = $1',
  { priced: integer },
);

const TROUBLED = statement<CampaignReportView['troubledCalls'][number]>(
  `SELECT id, ordinal, provider, status, size, code, message, ${ISO('called_at')} AS "calledAt" FROM campaign_batches
   WHERE campaign_id = $1 AND status IN ('unknown', 'refused', 'ambiguous') ORDER BY ordinal DESC LIMIT 100`,
  {
    ...{ id: uuid, ordinal: integer, provider: text, status: text, size: integer, code: nullable(text) },
    ...{ message: nullable(text), calledAt: nullable(text) },
  },
);

/** @throws AppError `campaigns.not_found` */
export async function reportCampaign(
  manager: EntityManager,
  campaignId: string,
): Promise<CampaignReportView> {
  const { counts } = await readCampaign(manager, campaignId);
  const { suppressed } = (await row(manager, SUPPRESSED, [campaignId]))!;
  const costs = await rows(manager, COSTS, [campaignId]);
  const { priced } = (await row(manager, PRICED, [campaignId]))!;
  const withoutPrice = Math.max(0, counts.accepted + counts.delivered + counts.failed - priced);
  const troubledCalls = await rows(manager, TROUBLED, [campaignId]);
  return { counts, suppressed, costs, withoutPrice, troubledCalls };
}
