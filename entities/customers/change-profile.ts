import { ACCOUNT } from '../auth/auth.events';
import { recordEvents } from '../events/record-events';
import { rows, statement, type Transaction } from '../sql';
import { lockOwnAccount } from './lock-own-account';
import type { Language } from './profile';
import { readProfile, type OwnProfile } from './read-profile';

/** What is to be different. A field that is not there stays, and null removes. */
export interface ChangeProfile {
  readonly accountId: string;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly language?: Language | undefined;
  readonly marketing?: boolean | undefined;
}

/** The row that is offered has to hold its own checks, also where there is one already. */
const STORE = statement(
  `INSERT INTO profiles (account_id, name, email, language, marketing, marketing_at)
   VALUES ($1, $2, $3, $4, $5,
     CASE WHEN $6::boolean THEN now() ELSE (SELECT marketing_at FROM profiles WHERE account_id = $1) END)
   ON CONFLICT (account_id) DO UPDATE SET name = excluded.name, email = excluded.email, language = excluded.language,
     marketing = excluded.marketing, marketing_at = excluded.marketing_at`,
);

/** Changes what a person says of themselves. The journal tells when they consent to marketing or withdraw, and no more. */
export async function changeProfile(
  transaction: Transaction,
  { accountId, ...change }: ChangeProfile,
): Promise<OwnProfile> {
  await lockOwnAccount(transaction, accountId);
  const known = await readProfile(transaction, accountId);
  const { name = known.name, email = known.email, language = known.language } = change;
  const marketing = change.marketing ?? known.marketing;
  const isOther = marketing !== known.marketing;
  await rows(transaction, STORE, [accountId, name, email, language, marketing, isOther]);
  if (isOther) {
    const type = marketing ? 'account.marketing_accepted' : 'account.marketing_withdrawn';
    await recordEvents(transaction, ACCOUNT, accountId, { type, payload: {} });
  }
  return readProfile(transaction, accountId);
}
