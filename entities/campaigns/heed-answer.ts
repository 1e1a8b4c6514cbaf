import { rows, statement, type Transaction } from '../sql';
import type { BulkRefused, BulkSendOutcome } from './bulk-outcome';
import { isSilent } from './lock-batch';
import { pauseCampaign, type LockedCampaign } from './lock-campaign';

const CALM = statement(
  `UPDATE campaigns SET failures = CASE WHEN $2 THEN failures ELSE 0 END, batch_most = least(1000, batch_most * 2) WHERE id = $1`,
);

const REST = statement('UPDATE campaigns SET failures = failures + 1, not_before = $2 WHERE id = $1');

const FIRST_REST_MS = 15_000;
const LONGEST_REST_MS = 10 * 60_000;
/** Nothing is lost by them. So many in a row last three quarters of an hour. */
const MOST_OVERLOADS = 10;
/** Their messages may be lost. So many in a row last four minutes. */
const MOST_UNANSWERED = 5;

/** Lets the provider of a locked campaign rest after a failure. One that lasts for so many calls needs a person. */
async function rest(
  transaction: Transaction,
  { id, status, failures }: LockedCampaign,
  { now, most, atLeastMs = 0 }: { readonly now: number; readonly most: number; readonly atLeastMs?: number },
): Promise<void> {
  if (failures + 1 >= most) return pauseCampaign(transaction, { id, status }, 'provider');
  const restMs = Math.min(Math.max(FIRST_REST_MS * 2 ** failures, atLeastMs), LONGEST_REST_MS);
  await rows(transaction, REST, [id, new Date(now + restMs)]);
}

/** A call of a locked campaign has got no answer: its messages may have gone out. */
export function heedSilence(transaction: Transaction, campaign: LockedCampaign, now: number): Promise<void> {
  return rest(transaction, campaign, { now, most: MOST_UNANSWERED });
}

/** A call of a locked campaign, or messages that nothing is wrong with, were not taken. Only an overload passes by waiting. */
export async function heedRefusal(
  transaction: Transaction,
  campaign: LockedCampaign,
  { class: refusalClass, retryAfterMs = 0 }: Pick<BulkRefused, 'class' | 'retryAfterMs'>,
  now: number,
): Promise<void> {
  if (refusalClass !== 'overload') return pauseCampaign(transaction, campaign, 'provider');
  await rest(transaction, campaign, { now, most: MOST_OVERLOADS, atLeastMs: retryAfterMs });
}

/**
 * A call of a locked campaign was answered.
 *
 * @param open how many of its messages have no answer
 */
export async function heedAnswer(
  transaction: Transaction,
  campaign: LockedCampaign,
  { results, isFailing = false }: Extract<BulkSendOutcome, { readonly kind: 'answered' }>,
  { open, now }: { readonly open: number; readonly now: number },
): Promise<void> {
  const refusals = results.flatMap((one) =>
    one.kind === 'refused' && one.class !== 'stop' && !one.isOfNumber ? [one] : [],
  );
  const wrong = refusals.find((one) => one.class !== 'overload');
  if (wrong) return heedRefusal(transaction, campaign, wrong, now);
  const accepted = results.filter(({ kind }) => kind === 'accepted').length;
  if (open > accepted) return heedSilence(transaction, campaign, now);
  const [overload] = refusals;
  if (overload) return heedRefusal(transaction, campaign, overload, now);
  if (isFailing) return heedRefusal(transaction, campaign, { class: 'overload' }, now);
  // A provider that answers to one message may still not answer to many.
  const wasTrial = await isSilent(transaction, campaign.id, campaign.batches - 1);
  await rows(transaction, CALM, [campaign.id, wasTrial]);
}
