import { ACCOUNT } from '../auth/auth.events';
import { lockAccount } from '../auth/lock-account';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { boolean, text, uuid } from '../row-shape';
import type { SmsLanguage } from '../sms/sms-status';
import { row, statement, type Transaction } from '../sql';

/** Whom a link in a message belongs to. */
export interface LinkOwner {
  readonly accountId: string;
  /** That of the message. */
  readonly language: SmsLanguage;
  /** Whether this person still wants to hear of offers. */
  readonly isWilling: boolean;
}

const READ = statement<LinkOwner>(
  `SELECT r.account_id AS "accountId", c.language, coalesce(p.marketing, false) AS "isWilling"
   FROM campaign_recipients r JOIN campaigns c ON c.id = r.campaign_id
     LEFT JOIN profiles p ON p.account_id = r.account_id
   WHERE r.number = $1`,
  { accountId: uuid, language: text, isWilling: boolean },
);

/** @throws AppError `campaigns.link_unknown` for one whose campaign is long forgotten */
export async function readLinkOwner(transaction: Transaction, number: number): Promise<LinkOwner> {
  const owner = await row(transaction, READ, [number]);
  assertThat(owner, 'campaigns.link_unknown');
  return owner;
}

const WITHDRAW = statement<{ accountId: string }>(
  `UPDATE profiles SET marketing = false, marketing_at = now() WHERE account_id = $1 AND marketing
   RETURNING account_id AS "accountId"`,
  { accountId: uuid },
);

/**
 * Withdraws the consent of the person whom a link belongs to, as the profile does, and also of somebody who is blocked: no block keeps a consent
 * alive. A repetition changes nothing.
 *
 * @throws AppError `campaigns.link_unknown`
 */
export async function endMessages(transaction: Transaction, number: number): Promise<LinkOwner> {
  const owner = await readLinkOwner(transaction, number);
  const { accountId } = owner;
  await lockAccount(transaction, accountId);
  if (await row(transaction, WITHDRAW, [accountId])) {
    await recordEvents(transaction, ACCOUNT, accountId, { type: 'account.marketing_withdrawn', payload: {} });
  }
  return { ...owner, isWilling: false };
}
