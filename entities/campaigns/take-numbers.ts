import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import type { UploadCounts } from './campaign';
import { WILLING_ACCOUNTS } from './campaign-filter';
import { CAMPAIGN } from './campaigns.events';
import { countRecipients, lockCampaign } from './lock-campaign';
import { withAuthor } from './write-campaign';

/** What a table of numbers held. */
export interface TakeNumbers {
  readonly campaignId: string;
  readonly accountId: string;
  /** The version that the caller has seen. */
  readonly version: number;
  /** E.164, each once. */
  readonly numbers: readonly string[];
  readonly lines: number;
  readonly invalid: number;
  readonly repeated: number;
}

const FORGET = statement<{ removed: number }>(
  `WITH gone AS (DELETE FROM campaign_recipients WHERE campaign_id = $1 RETURNING 1) SELECT count(*) AS removed FROM gone`,
  { removed: integer },
);

const TAKE = statement<{ accountId: string }>(
  `INSERT INTO campaign_recipients (campaign_id, account_id)
   SELECT $1, a.id FROM ${WILLING_ACCOUNTS} AND a.phone = ANY ($2::varchar[]) ORDER BY a.id
   RETURNING account_id AS "accountId"`,
  { accountId: uuid },
);

const KEEP = statement(
  `UPDATE campaigns SET upload = $2::jsonb, authors = ${withAuthor('$3')}, approved_by = NULL WHERE id = $1`,
);

/** The time-out of a statement is short. */
const NUMBERS_AT_ONCE = 5_000;

/**
 * Takes those numbers of a table that belong to people who want to hear of offers, in place of an earlier table. The others are counted and
 * not kept: the shop knows nobody by them.
 *
 * @throws AppError `campaigns.not_found`, `campaigns.version_moved`, `campaigns.not_draft`, `campaigns.takes_no_table`
 */
export async function takeNumbers(
  transaction: Transaction,
  { campaignId, accountId, version, numbers, lines, invalid, repeated }: TakeNumbers,
): Promise<UploadCounts> {
  const { status, audience } = await lockCampaign(transaction, campaignId, version);
  assertThat(status === 'draft', 'campaigns.not_draft');
  assertThat(audience === 'csv', 'campaigns.takes_no_table');
  const { removed } = (await row(transaction, FORGET, [campaignId]))!;
  let taken = 0;
  for (let at = 0; at < numbers.length; at += NUMBERS_AT_ONCE) {
    const found = await rows(transaction, TAKE, [campaignId, numbers.slice(at, at + NUMBERS_AT_ONCE)]);
    taken += found.length;
  }
  await countRecipients(transaction, campaignId, { pending: taken - removed });
  const counts = { lines, invalid, repeated, notWanted: numbers.length - taken, taken };
  await rows(transaction, KEEP, [campaignId, JSON.stringify(counts), accountId]);
  await recordEvents(transaction, CAMPAIGN, campaignId, {
    type: 'campaign.table_taken',
    payload: { taken },
  });
  return counts;
}
