import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { instant, integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { BulkFindOutcome, BulkRefused, BulkResult, BulkSendOutcome } from './bulk-outcome';
import type { BatchStatus } from './campaign-status';
import { CAMPAIGN } from './campaigns.events';
import { countRecipients, lockCampaign, pauseCampaign, type LockedCampaign } from './lock-campaign';

/** When a call without an answer is looked for, in milliseconds after it; after the last time its messages are ambiguous. */
export interface FindTerms {
  readonly findAfterMs: readonly number[];
}

/** What a provider has answered to a call. */
export interface RecordBatch {
  readonly batchId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: BulkSendOutcome;
}

/** What was found of a call without an answer. */
export interface RecordFind {
  readonly batchId: string;
  readonly at: number;
  readonly outcome: BulkFindOutcome;
}

interface LockedBatch {
  readonly id: string;
  readonly campaignId: string;
  readonly status: BatchStatus;
  readonly provider: string;
  readonly size: number;
  readonly finds: number;
  readonly calledAt: Date;
}

const CAMPAIGN_OF = statement<{ campaignId: string }>(
  'SELECT campaign_id AS "campaignId" FROM campaign_batches WHERE id = $1',
  { campaignId: uuid },
);

const LOCK = statement<LockedBatch>(
  `SELECT id, campaign_id AS "campaignId", status, provider, size, finds, coalesce(called_at, started_at) AS "calledAt"
   FROM campaign_batches WHERE id = $1 FOR NO KEY UPDATE`,
  {
    id: uuid,
    campaignId: uuid,
    status: text,
    provider: text,
    size: integer,
    finds: integer,
    calledAt: instant,
  },
);

async function lockBatch(
  transaction: Transaction,
  batchId: string,
): Promise<{ readonly campaign: LockedCampaign; readonly batch: LockedBatch }> {
  const of = await row(transaction, CAMPAIGN_OF, [batchId]);
  assertThat(of, 'campaigns.not_found');
  const campaign = await lockCampaign(transaction, of.campaignId);
  const batch = await row(transaction, LOCK, [batchId]);
  return { campaign, batch: batch! };
}

/** An erasure holds the account and wants the recipient, so whoever wants both takes the account first. */
const LOCK_REFUSED = statement(
  `SELECT FROM accounts WHERE id IN (SELECT account_id FROM campaign_recipients WHERE batch_id = $1 AND number = ANY ($2))
   ORDER BY id FOR KEY SHARE`,
);

const ACCEPT = statement<{ accountId: string }>(
  `UPDATE campaign_recipients r SET status = 'accepted', provider_message_id = w.id
   FROM jsonb_to_recordset($2::jsonb) AS w(number bigint, id text)
   WHERE r.batch_id = $1 AND r.number = w.number AND r.status = 'handed' RETURNING r.account_id AS "accountId"`,
  { accountId: uuid },
);

const REFUSE = statement<{ accountId: string }>(
  `WITH refused AS (
     UPDATE campaign_recipients r SET status = 'suppressed', reason = 'refused'
     FROM jsonb_to_recordset($2::jsonb) AS w(number bigint, code text)
     WHERE r.batch_id = $1 AND r.number = w.number AND r.status = 'handed' RETURNING r.account_id, r.recipient, w.code
   ), kept AS (
     INSERT INTO campaign_suppressions AS s (account_id, recipient, provider, code)
     SELECT account_id, recipient, $3, left(code, 40) FROM refused WHERE recipient IS NOT NULL ORDER BY account_id
     ON CONFLICT (account_id) DO UPDATE SET recipient = excluded.recipient, provider = excluded.provider, code = excluded.code,
       created_at = now()
   ) SELECT account_id AS "accountId" FROM refused`,
  { accountId: uuid },
);

const GIVE_BACK = statement<{ accountId: string }>(
  `UPDATE campaign_recipients SET status = 'pending', batch_id = NULL, handed_at = NULL
   WHERE batch_id = $1 AND status = 'handed' AND ($2::bigint[] IS NULL OR number = ANY ($2))
   RETURNING account_id AS "accountId"`,
  { accountId: uuid },
);

const LEAVE = statement<{ accountId: string }>(
  `UPDATE campaign_recipients SET status = 'ambiguous' WHERE batch_id = $1 AND status = 'handed'
   RETURNING account_id AS "accountId"`,
  { accountId: uuid },
);

const STILL_HANDED = statement<{ handed: number }>(
  `SELECT count(*) AS handed FROM campaign_recipients WHERE batch_id = $1 AND status = 'handed'`,
  { handed: integer },
);

const NUMBERS = statement<{ number: number }>(
  `SELECT number FROM campaign_recipients WHERE batch_id = $1 AND status = 'handed'`,
  { number: integer },
);

/** Keeps what single messages came to. Returns how many are without an outcome. */
async function keepResults(
  transaction: Transaction,
  { id, campaignId, provider }: LockedBatch,
  results: readonly BulkResult[],
): Promise<number> {
  const accepted = results.flatMap((one) =>
    one.kind === 'accepted' ? [{ number: Number(one.reference), id: one.providerMessageId }] : [],
  );
  const refused = results.filter((one) => one.kind === 'refused');
  const stopped = refused
    .filter((one) => one.class === 'stop')
    .map(({ reference, code }) => ({ number: Number(reference), code }));
  const returned = refused.filter((one) => one.class !== 'stop').map(({ reference }) => Number(reference));
  await rows(transaction, LOCK_REFUSED, [id, stopped.map(({ number }) => number)]);
  const [taken, gone, back] = [
    await rows(transaction, ACCEPT, [id, JSON.stringify(accepted)]),
    await rows(transaction, REFUSE, [id, JSON.stringify(stopped), provider]),
    await rows(transaction, GIVE_BACK, [id, returned]),
  ].map(({ length }) => length) as [number, number, number];
  await countRecipients(transaction, campaignId, {
    ...{ handed: -taken - gone - back, accepted: taken, suppressed: gone, pending: back },
  });
  return (await row(transaction, STILL_HANDED, [id]))!.handed;
}

/** The sum is Postgres's, which counts decimals exactly. */
const CLOSE = statement(
  `UPDATE campaign_batches SET status = $2, outcome_class = $3, code = $4, message = $5, find_at = $6, finds = $7,
     pack_id = coalesce($8, pack_id), answered_at = coalesce(answered_at, $9),
     cost = coalesce((SELECT sum(amount::numeric) FROM unnest($10::text[]) AS amount), cost), cost_unit = coalesce($11, cost_unit)
   WHERE id = $1`,
);

interface BatchEnd {
  readonly status: BatchStatus;
  readonly at: Date;
  readonly refusal?: { readonly class: string; readonly code: string };
  readonly message?: string;
  readonly findAt?: Date;
  readonly finds?: number;
  readonly packId?: string;
  readonly costs?: readonly { readonly amount: string; readonly unit: string }[];
}

async function closeBatch(
  transaction: Transaction,
  { id, finds }: LockedBatch,
  end: BatchEnd,
): Promise<void> {
  const { refusal, message, findAt, packId, costs = [] } = end;
  await rows(transaction, CLOSE, [
    ...[id, end.status, refusal?.class ?? null, refusal?.code.slice(0, 40) ?? null],
    ...[message?.slice(0, 300) ?? null, findAt ?? null, end.finds ?? finds, packId ?? null, end.at],
    ...[costs.map(({ amount }) => amount), costs[0]?.unit ?? null],
  ]);
}

const CALM = statement(
  'UPDATE campaigns SET failures = 0, batch_most = least(1000, batch_most * 2) WHERE id = $1',
);

const HALVE = statement('UPDATE campaigns SET batch_most = $2 WHERE id = $1');

const REST = statement('UPDATE campaigns SET failures = failures + 1, not_before = $2 WHERE id = $1');

const FIRST_REST_MS = 15_000;
const LONGEST_REST_MS = 10 * 60_000;

/** What a refusal of a whole call, or of messages that nothing is wrong with, means for the next ones. */
async function heed(
  transaction: Transaction,
  campaign: LockedCampaign,
  refusal: { readonly class: string; readonly retryAfterMs?: number | undefined },
  at: number,
): Promise<void> {
  if (refusal.class === 'overload') {
    const own = Math.min(FIRST_REST_MS * 2 ** campaign.failures, LONGEST_REST_MS);
    const restMs = Math.min(Math.max(own, refusal.retryAfterMs ?? 0), LONGEST_REST_MS);
    await rows(transaction, REST, [campaign.id, new Date(at + restMs)]);
  } else await pauseCampaign(transaction, campaign, 'provider');
}

async function tellProgress(transaction: Transaction, campaignId: string): Promise<void> {
  const payload = await countRecipients(transaction, campaignId, {});
  await recordEvents(transaction, CAMPAIGN, campaignId, { type: 'campaign.progressed', payload });
}

/**
 * Records what a provider has answered to a call. What it surely has not got is sent in a later one; what got no answer is looked for.
 * A repetition changes nothing.
 *
 * @returns the campaign
 */
export async function recordBatch(
  transaction: Transaction,
  { batchId, at: now, outcome }: RecordBatch,
  { findAfterMs }: FindTerms,
): Promise<string> {
  const { campaign, batch } = await lockBatch(transaction, batchId);
  if (batch.status !== 'sending') return campaign.id;
  const at = new Date(now);
  const findAt = new Date(now + (findAfterMs[0] ?? 0));
  if (outcome.kind === 'unknown') {
    await closeBatch(transaction, batch, { status: 'unknown', at, message: outcome.message, findAt });
  } else if (outcome.kind === 'refused') {
    await refuseBatch(transaction, { campaign, batch }, outcome, now);
  } else {
    const { results, packId, costs } = outcome;
    const open = await keepResults(transaction, batch, results);
    const status = open > 0 ? 'unknown' : 'accepted';
    await closeBatch(transaction, batch, {
      ...{ status, at, costs },
      ...(packId !== undefined && { packId }),
      ...(open > 0 && { findAt }),
    });
    const unlucky = results.find((one) => one.kind === 'refused' && one.class !== 'stop');
    if (unlucky?.kind === 'refused') await heed(transaction, campaign, unlucky, now);
    else await rows(transaction, CALM, [campaign.id]);
  }
  await tellProgress(transaction, campaign.id);
  return campaign.id;
}

/** A call that was refused because of one number is cut in halves until the number stands alone. */
async function refuseBatch(
  transaction: Transaction,
  { campaign, batch }: { readonly campaign: LockedCampaign; readonly batch: LockedBatch },
  refusal: BulkRefused,
  now: number,
): Promise<void> {
  const isOneNumber = refusal.class === 'stop' && batch.size === 1;
  if (isOneNumber) {
    const [only] = await rows(transaction, NUMBERS, [batch.id]);
    await keepResults(transaction, batch, [{ ...refusal, reference: String(only!.number) }]);
  } else {
    const back = await rows(transaction, GIVE_BACK, [batch.id, null]);
    await countRecipients(transaction, campaign.id, { handed: -back.length, pending: back.length });
  }
  await closeBatch(transaction, batch, {
    ...{ status: 'refused', at: new Date(now), refusal, message: refusal.message },
  });
  if (refusal.class !== 'stop') await heed(transaction, campaign, refusal, now);
  else if (!isOneNumber)
    await rows(transaction, HALVE, [campaign.id, Math.max(1, Math.floor(batch.size / 2))]);
}

/**
 * Records what was found of a call without an answer. What is missing for certain is sent in a later call. What was looked for in vain is
 * ambiguous, and never sent again. A repetition changes nothing.
 *
 * @returns the campaign
 */
export async function recordFind(
  transaction: Transaction,
  { batchId, at: now, outcome }: RecordFind,
  { findAfterMs }: FindTerms,
): Promise<string> {
  const { campaign, batch } = await lockBatch(transaction, batchId);
  if (batch.status !== 'unknown') return campaign.id;
  const at = new Date(now);
  const found = outcome.kind === 'searched' ? outcome : undefined;
  const kept = {
    at,
    ...(found?.packId !== undefined && { packId: found.packId }),
    ...(found && { costs: found.costs }),
  };
  const open = found ? await keepResults(transaction, batch, found.results) : batch.size;
  const finds = batch.finds + 1;
  if (open === 0) await closeBatch(transaction, batch, { ...kept, status: 'accepted', finds });
  else if (found?.areOthersCertain === true) {
    const back = await rows(transaction, GIVE_BACK, [batchId, null]);
    await countRecipients(transaction, campaign.id, { handed: -back.length, pending: back.length });
    const status = back.length === batch.size ? 'not_sent' : 'accepted';
    await closeBatch(transaction, batch, { ...kept, status, finds });
  } else if (finds < findAfterMs.length) {
    const next = Math.max(batch.calledAt.getTime() + findAfterMs[finds]!, now + 1_000);
    await closeBatch(transaction, batch, { ...kept, status: 'unknown', findAt: new Date(next), finds });
  } else {
    const left = await rows(transaction, LEAVE, [batchId]);
    await countRecipients(transaction, campaign.id, { handed: -left.length, ambiguous: left.length });
    await closeBatch(transaction, batch, { ...kept, status: 'ambiguous', finds });
  }
  await tellProgress(transaction, campaign.id);
  return campaign.id;
}
