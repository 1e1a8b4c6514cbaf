import { integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { BulkFindOutcome, BulkRefused, BulkResult, BulkSendOutcome, NotCalled } from './bulk-outcome';
import { closeBatch, giveBack, lockBatch, tellProgress, type LockedBatch } from './lock-batch';
import { countRecipients, pauseCampaign, type LockedCampaign } from './lock-campaign';

/** When a call without an answer is looked for, in milliseconds after it; after the last time its messages are ambiguous. */
export interface FindTerms {
  readonly findAfterMs: readonly number[];
}

/** What a provider has answered to a call. */
export interface RecordBatch {
  readonly batchId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: BulkSendOutcome | NotCalled;
}

/** What was found of a call without an answer. */
export interface RecordFind {
  readonly batchId: string;
  readonly at: number;
  readonly outcome: BulkFindOutcome;
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
  const taken = (await rows(transaction, ACCEPT, [id, JSON.stringify(accepted)])).length;
  const gone = (await rows(transaction, REFUSE, [id, JSON.stringify(stopped), provider])).length;
  await countRecipients(transaction, campaignId, {
    ...{ handed: -taken - gone, accepted: taken, suppressed: gone },
  });
  await giveBack(transaction, { id, campaignId }, returned);
  return (await row(transaction, STILL_HANDED, [id]))!.handed;
}

const CALM = statement(
  'UPDATE campaigns SET failures = 0, batch_most = least(1000, batch_most * 2) WHERE id = $1',
);

const HALVE = statement('UPDATE campaigns SET batch_most = $2 WHERE id = $1');

const REST = statement('UPDATE campaigns SET failures = failures + 1, not_before = $2 WHERE id = $1');

const FIRST_REST_MS = 15_000;
const LONGEST_REST_MS = 10 * 60_000;
/** So many overloads in a row last three quarters of an hour. */
const MOST_FAILURES = 10;

/** What a refusal of a whole call, or of messages that nothing is wrong with, means for the next ones. An overload that lasts needs a person. */
async function heed(
  transaction: Transaction,
  campaign: LockedCampaign,
  refusal: { readonly class: string; readonly retryAfterMs?: number | undefined },
  at: number,
): Promise<void> {
  const isLasting = campaign.failures + 1 >= MOST_FAILURES;
  if (refusal.class === 'overload' && !isLasting) {
    const own = Math.min(FIRST_REST_MS * 2 ** campaign.failures, LONGEST_REST_MS);
    const restMs = Math.min(Math.max(own, refusal.retryAfterMs ?? 0), LONGEST_REST_MS);
    await rows(transaction, REST, [campaign.id, new Date(at + restMs)]);
  } else await pauseCampaign(transaction, campaign, 'provider');
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
  // Who was not called has closed the call.
  if (batch.status !== 'sending' || outcome.kind === 'not_called') return campaign.id;
  const at = new Date(now);
  const findAt = new Date(now + (findAfterMs[0] ?? 0));
  if (outcome.kind === 'unknown') {
    await closeBatch(transaction, batch, { status: 'unknown', at, message: outcome.message, findAt });
    if (outcome.isFailing === true) await heed(transaction, campaign, { class: 'overload' }, now);
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
    else if (outcome.isFailing === true) await heed(transaction, campaign, { class: 'overload' }, now);
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
    await giveBack(transaction, batch);
  }
  await closeBatch(transaction, batch, {
    ...{ status: 'refused', at: new Date(now), refusal, message: refusal.message },
  });
  if (refusal.class !== 'stop') await heed(transaction, campaign, refusal, now);
  else if (!isOneNumber)
    await rows(transaction, HALVE, [campaign.id, Math.max(1, Math.floor(batch.size / 2))]);
}

/** Lists of providers go back a day. */
const LONGEST_SEARCH_MS = 86_400_000;
const FIRST_SEARCH_REST_MS = 5_000;
const LONGEST_SEARCH_REST_MS = 5 * 60_000;

/** A search without an answer says nothing about the messages, so it is no try. */
async function searchLater(
  transaction: Transaction,
  batch: LockedBatch,
  { now, message }: { readonly now: number; readonly message: string },
): Promise<void> {
  const restMs = Math.min(FIRST_SEARCH_REST_MS * 2 ** batch.findFailures, LONGEST_SEARCH_REST_MS);
  await closeBatch(transaction, batch, {
    ...{ status: 'unknown', at: new Date(now), findAt: new Date(now + restMs), message },
    findFailures: batch.findFailures + 1,
  });
}

async function leave(
  transaction: Transaction,
  batch: LockedBatch,
  end: Omit<Parameters<typeof closeBatch>[2], 'status'>,
): Promise<void> {
  const left = await rows(transaction, LEAVE, [batch.id]);
  await countRecipients(transaction, batch.campaignId, { handed: -left.length, ambiguous: left.length });
  await closeBatch(transaction, batch, { ...end, status: 'ambiguous' });
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
  if (outcome.kind !== 'searched') {
    const isTooLate = now - batch.calledAt.getTime() >= LONGEST_SEARCH_MS;
    if (isTooLate) await leave(transaction, batch, { at });
    else await searchLater(transaction, batch, { now, message: outcome.message });
    await tellProgress(transaction, campaign.id);
    return campaign.id;
  }
  const { packId, costs, results, areOthersCertain } = outcome;
  const kept = { at, costs, ...(packId !== undefined && { packId }) };
  const open = await keepResults(transaction, batch, results);
  const finds = batch.finds + 1;
  if (open === 0) await closeBatch(transaction, batch, { ...kept, status: 'accepted', finds });
  else if (areOthersCertain) {
    const status = (await giveBack(transaction, batch)) === batch.size ? 'not_sent' : 'accepted';
    await closeBatch(transaction, batch, { ...kept, status, finds });
  } else if (finds < findAfterMs.length) {
    const next = Math.max(batch.calledAt.getTime() + findAfterMs[finds]!, now + 1_000);
    await closeBatch(transaction, batch, { ...kept, status: 'unknown', findAt: new Date(next), finds });
  } else await leave(transaction, batch, { ...kept, finds });
  await tellProgress(transaction, campaign.id);
  return campaign.id;
}
