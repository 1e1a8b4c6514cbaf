import { integer, nullable, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { SendingClock } from './campaign-state';
import type { SuppressionReason } from './campaign-status';
import { closeBatch, giveBack, lockBatch, tellProgress } from './lock-batch';
import { countRecipients, sendableFrom } from './lock-campaign';
import { lockPeople } from './lock-people';
import { readBatch, type OutgoingBatch } from './read-batch';

/** `claimed`: the caller must call. `called`: somebody has called before. `closed`: nothing of it may go out. */
export type ClaimedBatch =
  | { readonly kind: 'claimed'; readonly batch: OutgoingBatch }
  | { readonly kind: 'called' }
  | { readonly kind: 'closed' };

const HANDED = statement<{ accountId: string; number: number; recipient: string | null }>(
  `SELECT account_id AS "accountId", number, recipient FROM campaign_recipients WHERE batch_id = $1 AND status = 'handed'`,
  { accountId: uuid, number: integer, recipient: nullable(text) },
);

/** Nothing went to the number, so another account may have it in this campaign. */
const SUPPRESS = statement(
  `UPDATE campaign_recipients SET status = 'suppressed', reason = $3, recipient = NULL
   WHERE batch_id = $1 AND number = ANY ($2::bigint[]) AND status = 'handed'`,
);

const CLAIM = statement('UPDATE campaign_batches SET called_at = now(), size = $2 WHERE id = $1');

/**
 * Takes the right to call the provider for a call that was begun. It is given once: whoever comes later, after a reset or a lost answer,
 * must not call. Much time may have passed since the call was begun, so all is asked again: whether the campaign runs, whether it is a time to
 * send, and who still wants it. A call of which nobody is left is closed.
 */
export async function claimBatch(
  transaction: Transaction,
  batchId: string,
  { at: now, isNightAllowed }: SendingClock,
): Promise<ClaimedBatch> {
  const { campaign, batch } = await lockBatch(transaction, batchId);
  if (batch.status !== 'sending' || batch.claimedAt !== null) return { kind: 'called' };
  const at = new Date(now);
  const isTime = sendableFrom({ ...campaign, notBefore: null }, at, isNightAllowed) <= at;
  const left =
    campaign.status === 'running' && isTime ? await leaveOutUnwilling(transaction, batch) : undefined;
  if (left) {
    await rows(transaction, CLAIM, [batchId, left]);
    return { kind: 'claimed', batch: (await readBatch(transaction, batchId))! };
  }
  await giveBack(transaction, batch);
  await closeBatch(transaction, batch, { status: 'not_sent', at });
  await tellProgress(transaction, campaign.id);
  return { kind: 'closed' };
}

/** Somebody with another number goes into a later call. Returns how many are left in this one. */
async function leaveOutUnwilling(
  transaction: Transaction,
  batch: { readonly id: string; readonly campaignId: string },
): Promise<number> {
  const handed = await rows(transaction, HANDED, [batch.id]);
  const { people, refused } = await lockPeople(
    transaction,
    handed.map(({ accountId }) => accountId),
  );
  const phones = new Map(people.map(({ accountId, phone }) => [accountId, phone]));
  const numbersOf = (isIt: (one: (typeof handed)[number]) => boolean) =>
    handed.filter(isIt).map(({ number }) => number);
  const unwilling = numbersOf(({ accountId }) => !phones.has(accountId));
  const blacklisted = numbersOf(({ accountId }) => refused.has(accountId));
  const moved = numbersOf(
    ({ accountId, recipient }) =>
      phones.has(accountId) && !refused.has(accountId) && phones.get(accountId) !== recipient,
  );
  const suppress = (numbers: readonly number[], reason: SuppressionReason) =>
    rows(transaction, SUPPRESS, [batch.id, numbers, reason]);
  await suppress(unwilling, 'not_wanted');
  await suppress(blacklisted, 'blacklisted');
  const suppressed = unwilling.length + blacklisted.length;
  await countRecipients(transaction, batch.campaignId, { handed: -suppressed, suppressed });
  await giveBack(transaction, batch, moved);
  return handed.length - suppressed - moved.length;
}
