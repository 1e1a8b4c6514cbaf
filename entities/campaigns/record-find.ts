import { uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { BulkCost, BulkFindOutcome } from './bulk-outcome';
import { keepResults } from './keep-results';
import { closeBatch, giveBack, lockBatch, tellProgress, type LockedBatch } from './lock-batch';
import { countRecipients } from './lock-campaign';
import type { FindTerms } from './record-batch';

/** What was found of a call without an answer. */
export interface RecordFind {
  readonly batchId: string;
  readonly at: number;
  readonly outcome: BulkFindOutcome;
}

const LEAVE = statement<{ accountId: string }>(
  `UPDATE campaign_recipients SET status = 'ambiguous' WHERE batch_id = $1 AND status = 'handed'
   RETURNING account_id AS "accountId"`,
  { accountId: uuid },
);

/** Lists of providers go back a day. */
const LONGEST_SEARCH_MS = 86_400_000;
const FIRST_SEARCH_REST_MS = 5_000;
const LONGEST_SEARCH_REST_MS = 5 * 60_000;

async function leave(
  transaction: Transaction,
  batch: LockedBatch,
  end: Omit<Parameters<typeof closeBatch>[2], 'status'>,
): Promise<void> {
  const left = await rows(transaction, LEAVE, [batch.id]);
  await countRecipients(transaction, batch.campaignId, { handed: -left.length, ambiguous: left.length });
  await closeBatch(transaction, batch, { ...end, status: 'ambiguous' });
}

/** A search without a whole answer is no try. It comes again, for a day. */
async function searchLater(
  transaction: Transaction,
  batch: LockedBatch,
  { now, ...kept }: { readonly now: number; readonly message: string; readonly costs?: readonly BulkCost[] },
): Promise<void> {
  const at = new Date(now);
  if (now - batch.calledAt.getTime() >= LONGEST_SEARCH_MS) {
    return leave(transaction, batch, { at, costs: kept.costs ?? [] });
  }
  const restMs = Math.min(FIRST_SEARCH_REST_MS * 2 ** batch.findFailures, LONGEST_SEARCH_REST_MS);
  const findAt = new Date(now + restMs);
  const findFailures = batch.findFailures + 1;
  await closeBatch(transaction, batch, { ...kept, status: 'unknown', at, findAt, findFailures });
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
    await searchLater(transaction, batch, { now, message: outcome.message });
    await tellProgress(transaction, campaign.id);
    return campaign.id;
  }
  const { packId, costs, results, areOthersCertain, isPartial = false } = outcome;
  const kept = { at, costs, ...(packId !== undefined && { packId }) };
  const open = await keepResults(transaction, batch, { results, at });
  const finds = batch.finds + 1;
  if (open === 0) await closeBatch(transaction, batch, { ...kept, status: 'accepted', finds });
  else if (areOthersCertain) {
    const status = (await giveBack(transaction, batch)) === batch.size ? 'not_sent' : 'accepted';
    await closeBatch(transaction, batch, { ...kept, status, finds });
  } else if (isPartial) {
    await searchLater(transaction, batch, { now, costs, message: 'some messages could not be looked for' });
  } else if (finds < findAfterMs.length) {
    // Searches that failed have used up the time, and lists may still be behind.
    const gapMs = Math.max(findAfterMs[finds]! - findAfterMs[finds - 1]!, 1_000);
    const next = Math.max(batch.calledAt.getTime() + findAfterMs[finds]!, now + gapMs);
    await closeBatch(transaction, batch, { ...kept, status: 'unknown', findAt: new Date(next), finds });
  } else await leave(transaction, batch, { ...kept, finds });
  await tellProgress(transaction, campaign.id);
  return campaign.id;
}
