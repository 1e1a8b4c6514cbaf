import { integer } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { BulkRefused, BulkSendOutcome, NotCalled } from './bulk-outcome';
import { heedAnswer, heedRefusal, heedSilence } from './heed-answer';
import { keepResults } from './keep-results';
import { closeBatch, giveBack, lockBatch, tellProgress, type LockedBatch } from './lock-batch';
import type { LockedCampaign } from './lock-campaign';

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

const NUMBERS = statement<{ number: number }>(
  `SELECT number FROM campaign_recipients WHERE batch_id = $1 AND status = 'handed'`,
  { number: integer },
);

const HALVE = statement('UPDATE campaigns SET batch_most = $2 WHERE id = $1');

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
  if (outcome.kind === 'unknown' && batch.claimedAt === null) {
    // Nobody has made the call, and nobody may make it now.
    await giveBack(transaction, batch);
    await closeBatch(transaction, batch, { status: 'not_sent', at, message: outcome.message });
    await heedRefusal(transaction, campaign, { class: 'overload' }, now);
  } else if (outcome.kind === 'unknown') {
    await closeBatch(transaction, batch, { status: 'unknown', at, message: outcome.message, findAt });
    await heedSilence(transaction, campaign, now);
  } else if (outcome.kind === 'refused') {
    await refuseBatch(transaction, { campaign, batch }, outcome, now);
  } else {
    const { results, packId, costs } = outcome;
    const open = await keepResults(transaction, batch, { results, at });
    await closeBatch(transaction, batch, {
      ...{ status: open > 0 ? 'unknown' : 'accepted', at, costs },
      ...(packId !== undefined && { packId }),
      ...(open > 0 && { findAt }),
    });
    await heedAnswer(transaction, campaign, outcome, { open, now });
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
  const at = new Date(now);
  const isOneNumber = refusal.class === 'stop' && batch.size === 1;
  if (isOneNumber) {
    const [only] = await rows(transaction, NUMBERS, [batch.id]);
    const results = [{ ...refusal, reference: String(only!.number) }];
    await keepResults(transaction, batch, { results, at });
  } else {
    await giveBack(transaction, batch);
  }
  await closeBatch(transaction, batch, {
    ...{ status: 'refused', at, refusal, message: refusal.message },
  });
  if (refusal.class !== 'stop') await heedRefusal(transaction, campaign, refusal, now);
  else if (!isOneNumber)
    await rows(transaction, HALVE, [campaign.id, Math.max(1, Math.floor(batch.size / 2))]);
}
