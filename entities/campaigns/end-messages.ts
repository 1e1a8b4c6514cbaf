import { changeProfile } from '../customers/change-profile';
import { assertThat } from '../errors';
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
  `SELECT r.account_id AS "accountId", c.language, coalesce(p.marketing AND a.status = 'active', false) AS "isWilling"
   FROM campaign_recipients r JOIN campaigns c ON c.id = r.campaign_id JOIN accounts a ON a.id = r.account_id
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

/**
 * Withdraws the consent of the person whom a link belongs to. It does what the profile does. A repetition changes nothing.
 *
 * @throws AppError `campaigns.link_unknown`
 */
export async function endMessages(transaction: Transaction, number: number): Promise<LinkOwner> {
  const owner = await readLinkOwner(transaction, number);
  if (owner.isWilling) await changeProfile(transaction, { accountId: owner.accountId, marketing: false });
  return { ...owner, isWilling: false };
}
