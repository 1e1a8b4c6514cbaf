import { assertThat } from '../errors';
import { boolean, instant, integer, jsonObject, nullable, text, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import type { CampaignStatus, PauseReason } from './campaign-status';
import type { CampaignCounts } from './campaigns.events';
import { sendableFrom } from './lock-campaign';

/** In SQL: an instant as milliseconds since the epoch. */
const MILLISECONDS = (column: string) => `floor(extract(epoch FROM ${column}) * 1000)::bigint`;

/** The present, and whether messages may go out at night. */
export interface SendingClock {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly isNightAllowed: boolean;
}

/**
 * A campaign as its rows are at one instant: all that its workflow decides on. Instants are milliseconds since the epoch. Every step of
 * the workflow returns it. Nothing in it is personal.
 */
export interface CampaignState {
  readonly id: string;
  readonly status: CampaignStatus;
  readonly pauseReason: PauseReason | null;
  readonly startsAt: number | null;
  readonly isGathered: boolean;
  /** No call begins earlier. */
  readonly sendableFrom: number;
  /** The call that was begun and has no answer yet. */
  readonly sending: string | null;
  /** The call without an answer that is looked for next. */
  readonly lost: { readonly batchId: string; readonly at: number } | null;
  /** Null when nobody asks what was delivered, also as long as the next call is near. */
  readonly reportAt: number | null;
  readonly counts: CampaignCounts;
}

interface StateRow {
  readonly id: string;
  readonly status: CampaignStatus;
  readonly pauseReason: PauseReason | null;
  readonly startsAt: number | null;
  readonly isGathered: boolean;
  readonly notBefore: Date | null;
  readonly sendFrom: number;
  readonly sendUntil: number;
  readonly sending: string | null;
  readonly lost: { batchId: string; at: number } | null;
  readonly reportAt: number | null;
  readonly counts: CampaignCounts;
}

/** In SQL: the counts of a campaign `c` as an object. */
export const COUNTS_OBJECT = `json_build_object('recipients', c.recipients, 'pending', c.pending, 'handed', c.handed,
  'accepted', c.accepted, 'delivered', c.delivered, 'failed', c.failed, 'ambiguous', c.ambiguous,
  'suppressed', c.suppressed)`;

/** The column of {@link COUNTS_OBJECT}. */
export const COUNTS_COLUMN = jsonObject<CampaignCounts>({
  ...{ recipients: integer, pending: integer, handed: integer, accepted: integer },
  ...{ delivered: integer, failed: integer, ambiguous: integer, suppressed: integer },
});

const READ = statement<StateRow>(
  `SELECT c.id, c.status, c.pause_reason AS "pauseReason", ${MILLISECONDS('c.starts_at')} AS "startsAt",
     c.is_gathered AS "isGathered", c.not_before AS "notBefore", c.send_from AS "sendFrom", c.send_until AS "sendUntil",
     (SELECT b.id FROM campaign_batches b WHERE b.campaign_id = c.id AND b.status = 'sending') AS sending,
     (SELECT json_build_object('batchId', b.id, 'at', ${MILLISECONDS('b.find_at')}) FROM campaign_batches b
      WHERE b.campaign_id = c.id AND b.status = 'unknown' ORDER BY b.find_at LIMIT 1) AS lost,
     ${MILLISECONDS('c.report_at')} AS "reportAt", ${COUNTS_OBJECT} AS counts
   FROM campaigns c WHERE c.id = $1`,
  {
    ...{
      id: uuid,
      status: text,
      pauseReason: nullable(text),
      startsAt: nullable(integer),
      isGathered: boolean,
    },
    ...{ notBefore: nullable(instant), sendFrom: integer, sendUntil: integer, sending: nullable(uuid) },
    lost: nullable(jsonObject<{ batchId: string; at: number }>({ batchId: uuid, at: integer })),
    ...{ reportAt: nullable(integer), counts: COUNTS_COLUMN },
  },
);

/**
 * A running campaign asks what was delivered only while it may not send for so long: its workflow does one thing at a time. Its nights and
 * the hours in which it may not send are longer, the rests of a provider are shorter.
 */
const REPORTS_TAKE_MS = 30 * 60_000;

/** Reads a campaign; undefined when there is none. */
export async function readCampaignState(
  transaction: Transaction,
  campaignId: string,
  { at, isNightAllowed }: SendingClock,
): Promise<CampaignState | undefined> {
  const found = await row(transaction, READ, [campaignId]);
  if (!found) return undefined;
  const { notBefore, sendFrom, sendUntil, ...state } = found;
  const from = sendableFrom({ notBefore, sendFrom, sendUntil }, new Date(at), isNightAllowed);
  const isSending = state.status === 'running' && from.getTime() - at < REPORTS_TAKE_MS;
  return { ...state, sendableFrom: from.getTime(), reportAt: isSending ? null : state.reportAt };
}

/** @throws AppError `campaigns.not_found` */
export async function requireCampaignState(
  transaction: Transaction,
  campaignId: string,
  clock: SendingClock,
): Promise<CampaignState> {
  const state = await readCampaignState(transaction, campaignId, clock);
  assertThat(state, 'campaigns.not_found');
  return state;
}
