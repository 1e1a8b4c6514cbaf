import { integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { NOT_CALLED, type BulkResult } from './bulk-outcome';
import { giveBack, type LockedBatch } from './lock-batch';
import { countRecipients } from './lock-campaign';

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

/** The fault is the number's with this sender. Another campaign may have another one. */
const LEAVE_OUT = statement<{ accountId: string }>(
  `UPDATE campaign_recipients SET status = 'suppressed', reason = 'refused'
   WHERE batch_id = $1 AND number = ANY ($2::bigint[]) AND status = 'handed' RETURNING account_id AS "accountId"`,
  { accountId: uuid },
);

const STILL_HANDED = statement<{ handed: number }>(
  `SELECT count(*) AS handed FROM campaign_recipients WHERE batch_id = $1 AND status = 'handed'`,
  { handed: integer },
);

const SHRINK = statement('UPDATE campaign_batches SET size = size - $2 WHERE id = $1');

const ASK_MEANWHILE = statement(
  `UPDATE campaigns SET report_at = $2 WHERE id = $1 AND status = 'running' AND report_at IS NULL`,
);

/** Providers know for two days what they have delivered, and a campaign may run for longer. */
export const REPORT_MEANWHILE_MS = 86_400_000;

/** Keeps what single messages came to. Returns how many are without an outcome. */
export async function keepResults(
  transaction: Transaction,
  { id, campaignId, provider }: LockedBatch,
  { results, at }: { readonly results: readonly BulkResult[]; readonly at: Date },
): Promise<number> {
  const accepted = results.flatMap((one) =>
    one.kind === 'accepted' ? [{ number: Number(one.reference), id: one.providerMessageId }] : [],
  );
  const refused = results.filter((one) => one.kind === 'refused');
  const stopped = refused
    .filter((one) => one.class === 'stop')
    .map(({ reference, code }) => ({ number: Number(reference), code }));
  const leftOut = refused.filter((one) => one.isOfNumber).map(({ reference }) => Number(reference));
  const returned = refused
    .filter((one) => one.class !== 'stop' && !one.isOfNumber && one.code !== NOT_CALLED)
    .map(({ reference }) => Number(reference));
  const notCalled = refused
    .filter((one) => one.code === NOT_CALLED)
    .map(({ reference }) => Number(reference));
  await rows(transaction, LOCK_REFUSED, [id, stopped.map(({ number }) => number)]);
  const taken = (await rows(transaction, ACCEPT, [id, JSON.stringify(accepted)])).length;
  const stoppedNow = await rows(transaction, REFUSE, [id, JSON.stringify(stopped), provider]);
  const leftOutNow = await rows(transaction, LEAVE_OUT, [id, leftOut]);
  const gone = stoppedNow.length + leftOutNow.length;
  await countRecipients(transaction, campaignId, {
    ...{ handed: -taken - gone, accepted: taken, suppressed: gone },
  });
  await giveBack(transaction, { id, campaignId }, returned);
  // Nobody has given them to the provider, so they are no part of the call.
  await rows(transaction, SHRINK, [id, await giveBack(transaction, { id, campaignId }, notCalled)]);
  if (taken > 0)
    await rows(transaction, ASK_MEANWHILE, [campaignId, new Date(at.getTime() + REPORT_MEANWHILE_MS)]);
  return (await row(transaction, STILL_HANDED, [id]))!.handed;
}
