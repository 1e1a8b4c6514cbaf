import { nextTellingTime } from '../calendar/telling-hours';
import { AppError, assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { array, boolean, instant, integer, json, nullable, text, uuid } from '../row-shape';
import type { SmsLanguage } from '../sms/sms-status';
import { row, rows, statement, type Transaction } from '../sql';
import type { CampaignFilter } from './campaign-filter';
import type { CampaignAudience, CampaignStatus, PauseReason, RecipientStatus } from './campaign-status';
import { CAMPAIGN, type CampaignCounts } from './campaigns.events';

/** A campaign that nobody else can change now. */
export interface LockedCampaign extends CampaignCounts {
  readonly id: string;
  readonly name: string;
  readonly status: CampaignStatus;
  readonly pauseReason: PauseReason | null;
  readonly template: string;
  readonly language: SmsLanguage;
  readonly variables: Readonly<Record<string, string>>;
  readonly audience: CampaignAudience;
  readonly filter: CampaignFilter | null;
  readonly hasUpload: boolean;
  readonly createdBy: string;
  /** Who wrote parts of it since its last approval. */
  readonly authors: readonly string[];
  readonly approvedBy: string | null;
  readonly approvedRecipients: number | null;
  readonly approvedText: string | null;
  readonly approvedMaxCost: number | null;
  readonly text: string | null;
  readonly sendFrom: number;
  readonly sendUntil: number;
  readonly maxCost: number | null;
  readonly segments: number | null;
  readonly segmentPrice: number | null;
  readonly approvalAbove: number | null;
  readonly startsAt: Date | null;
  readonly gatheredAfter: string | null;
  readonly isGathered: boolean;
  /** How many people it reaches, see {@link REACH}. */
  readonly reach: number;
  readonly batches: number;
  readonly batchMost: number;
  readonly failures: number;
  readonly notBefore: Date | null;
  /** From when on the pace of its provider lets it call, and for how many messages. */
  readonly turnAt: Date | null;
  readonly turnMessages: number | null;
  readonly reports: number;
  readonly version: number;
}

const COUNTS_SHAPE = {
  ...{ recipients: integer, pending: integer, handed: integer, accepted: integer },
  ...{ delivered: integer, failed: integer, ambiguous: integer, suppressed: integer },
};

/**
 * In SQL: how many people a campaign `c` reaches, or has reached. Who was left out does not count. Before all have their rows it is what was
 * estimated, and of a filter at least those that have one.
 */
export const REACH = `CASE WHEN c.is_gathered THEN c.recipients - c.suppressed WHEN c.audience = 'csv' THEN c.estimated_recipients
  ELSE greatest(c.recipients, c.estimated_recipients) END`;

const LOCK = statement<LockedCampaign>(
  `SELECT id, name, status, pause_reason AS "pauseReason", template, language, variables, audience, filter,
     upload IS NOT NULL AS "hasUpload", created_by AS "createdBy", authors, approved_by AS "approvedBy",
     approved_recipients AS "approvedRecipients", approved_text AS "approvedText",
     approved_max_cost AS "approvedMaxCost", text,
     send_from AS "sendFrom", send_until AS "sendUntil", max_cost AS "maxCost", segments, segment_price AS "segmentPrice",
     approval_above AS "approvalAbove", starts_at AS "startsAt", gathered_after AS "gatheredAfter",
     is_gathered AS "isGathered", batches, batch_most AS "batchMost", failures, not_before AS "notBefore", turn_at AS "turnAt",
     turn_messages AS "turnMessages", reports, version, ${REACH} AS reach,
     recipients, pending, handed, accepted, delivered, failed, ambiguous, suppressed
   FROM campaigns c WHERE id = $1 FOR NO KEY UPDATE`,
  {
    ...{ id: uuid, name: text, status: text, pauseReason: nullable(text), template: text, language: text },
    ...{
      variables: json<Record<string, string>>(),
      audience: text,
      filter: nullable(json<CampaignFilter>()),
    },
    ...{ hasUpload: boolean, createdBy: uuid, authors: array(uuid), approvedBy: nullable(uuid) },
    ...{
      approvedRecipients: nullable(integer),
      approvedText: nullable(text),
      approvedMaxCost: nullable(integer),
      text: nullable(text),
    },
    ...{ sendFrom: integer, sendUntil: integer, maxCost: nullable(integer), segments: nullable(integer) },
    ...{ segmentPrice: nullable(integer), approvalAbove: nullable(integer), startsAt: nullable(instant) },
    ...{ gatheredAfter: nullable(uuid), isGathered: boolean, batches: integer, batchMost: integer },
    ...{ failures: integer, notBefore: nullable(instant), reports: integer, version: integer },
    ...{ turnAt: nullable(instant), turnMessages: nullable(integer), reach: integer },
    ...COUNTS_SHAPE,
  },
);

/**
 * Locks a campaign. Every operation locks it first, then the pace of its provider, then accounts in the order of their ids, then
 * recipients. Only `lockApprovals` comes before it.
 *
 * @param version the version that the caller has seen
 * @throws AppError `campaigns.not_found`, `campaigns.version_moved`
 */
export async function lockCampaign(
  transaction: Transaction,
  campaignId: string,
  version?: number,
): Promise<LockedCampaign> {
  const campaign = await row(transaction, LOCK, [campaignId]);
  assertThat(campaign, 'campaigns.not_found');
  const hasMoved = version !== undefined && version !== campaign.version;
  if (hasMoved) throw new AppError('campaigns.version_moved', { version: campaign.version });
  return campaign;
}

const MOVE = statement(
  `UPDATE campaigns SET status = $2::varchar, pause_reason = $3, paused_at = CASE WHEN $3::varchar IS NOT NULL THEN now() END,
     finished_at = $4, reports = 0, report_after = 0,
     report_at = CASE WHEN handed + accepted > 0 THEN $5::timestamptz END
   WHERE id = $1`,
);

/** Moves a locked campaign. Deliveries are asked for from the beginning. The caller records the event of the move. */
export async function moveCampaign(
  transaction: Transaction,
  campaignId: string,
  move: {
    readonly to: CampaignStatus;
    readonly reason?: PauseReason;
    /** When it ended. */
    readonly endedAt?: Date;
    /** When it is first asked what was delivered, if anything may have been. Nobody asks without it. */
    readonly reportAt?: Date;
  },
): Promise<void> {
  const { to, reason = null, endedAt = null, reportAt = null } = move;
  await rows(transaction, MOVE, [campaignId, to, reason, endedAt, reportAt]);
}

/**
 * Pauses a locked campaign that is running. It is asked at once what was delivered so far: a pause may last longer than providers know. One
 * that does not run stays as it is.
 */
export async function pauseCampaign(
  transaction: Transaction,
  { id, status }: Pick<LockedCampaign, 'id' | 'status'>,
  reason: PauseReason,
): Promise<void> {
  if (status !== 'running') return;
  await moveCampaign(transaction, id, { to: 'paused', reason, reportAt: new Date() });
  await recordEvents(transaction, CAMPAIGN, id, { type: 'campaign.paused', payload: { reason } });
}

/** How many recipients came to a status, or left it. */
export type CountChanges = Readonly<Partial<Record<RecipientStatus, number>>>;

const COUNT = statement<CampaignCounts>(
  `UPDATE campaigns SET recipients = recipients + $2, pending = pending + $3, handed = handed + $4, accepted = accepted + $5,
     delivered = delivered + $6, failed = failed + $7, ambiguous = ambiguous + $8, suppressed = suppressed + $9
   WHERE id = $1
   RETURNING recipients, pending, handed, accepted, delivered, failed, ambiguous, suppressed`,
  COUNTS_SHAPE,
);

/** Counts what became of recipients of a locked campaign, in the transaction that changes their rows. */
export async function countRecipients(
  transaction: Transaction,
  campaignId: string,
  changes: CountChanges,
): Promise<CampaignCounts> {
  const { pending = 0, handed = 0, accepted = 0, delivered = 0, failed = 0 } = changes;
  const { ambiguous = 0, suppressed = 0 } = changes;
  const recipients = pending + handed + accepted + delivered + failed + ambiguous + suppressed;
  const counted = await row(transaction, COUNT, [
    ...[campaignId, recipients, pending, handed, accepted],
    ...[delivered, failed, ambiguous, suppressed],
  ]);
  return counted!;
}

/** How many messages a campaign has handed over, and pays for unless they were refused. */
function handedOver(campaign: CampaignCounts): number {
  return campaign.handed + campaign.accepted + campaign.delivered + campaign.failed + campaign.ambiguous;
}

/** For how many more messages there is money. */
export function budgetRoom(
  campaign: CampaignCounts & Pick<LockedCampaign, 'maxCost' | 'segments' | 'segmentPrice'>,
): number {
  const { maxCost, segments, segmentPrice } = campaign;
  const each = (segments ?? 0) * (segmentPrice ?? 0);
  if (maxCost === null || each === 0) return Infinity;
  return Math.floor(maxCost / each) - handedOver(campaign);
}

/** When the next call may begin: within the hours of the campaign, and not before its provider has had a rest. */
export function sendableFrom(
  campaign: Pick<LockedCampaign, 'notBefore' | 'sendFrom' | 'sendUntil'>,
  at: Date,
  isNightAllowed: boolean,
): Date {
  const { notBefore, sendFrom: from, sendUntil: until } = campaign;
  const rested = notBefore !== null && notBefore > at ? notBefore : at;
  return isNightAllowed ? rested : nextTellingTime(rested, { from, until });
}
