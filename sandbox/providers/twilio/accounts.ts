import { createAccountTable, type AccountTable } from '../../kit/accounts';
import type { Call } from '../../kit/call';
import { fallbacksOf, oneOf, orNull, text, texts, wholeNumber, type Values } from '../../kit/fields';
import type { Store } from '../../kit/store';
import { TwilioError } from './errors';

/** An account as Twilio's console would describe it. The first values make one without restrictions. */
export const ACCOUNT = {
  authToken: text('00000000000000000000000000000001'),
  /** API keys, each as `SK…:secret`. */
  apiKeys: texts(),
  /** `trial` sends to verified numbers only (21608). `test` knows the magic numbers, sends nothing and answers 20008 elsewhere. */
  kind: oneOf('full', 'trial', 'test'),
  /** `closed` is refused (20005). `suspended` is accepted, and then every message fails (30002). */
  standing: oneOf('active', 'closed', 'suspended'),
  /** Numbers and names that it may send from; `null` is any. */
  senders: orNull(texts()),
  /** Messaging Services, by SID. They send from the first of the senders. */
  messagingServices: texts(),
  verifiedNumbers: texts(),
  /** How numbers begin that it may send to, such as `+98`; `null` is any. Others answer 21408. */
  countries: orNull(texts()),
  /** Further calls in the same minute answer 20429; `null` is no limit. */
  callsPerMinute: orNull(wholeNumber(0)),
  /** In hundred-thousandths of a dollar. Accepted messages lower it. */
  balance: wholeNumber(10_000_000, { least: Number.MIN_SAFE_INTEGER }),
};

export type Account = { readonly sid: string } & Values<typeof ACCOUNT>;

/** The account that the table begins with, unless another is named. */
export const FIRST_ACCOUNT_SID = `AC${'0'.repeat(31)}1`;

export const ACCOUNT_SID = /^AC[0-9a-f]{32}$/;

/** The accounts that Twilio knows. The first one is what the options say, unless it was changed. */
export function createAccounts(store: Store, first: Partial<Account>): AccountTable<Account> {
  return createAccountTable<Account, 'sid'>(store, {
    id: 'sid',
    usual: fallbacksOf(ACCOUNT),
    firstId: first.sid ?? FIRST_ACCOUNT_SID,
    first,
  });
}

/** The account of the path and the SID that the caller used, when the token or secret is right. Throws 20003 and 20005. */
export function authenticate(
  accounts: AccountTable<Account>,
  { headers, params }: Call,
): { readonly account: Account; readonly keySid: string } {
  const account = accounts.find(params.account ?? '');
  const [, encoded = ''] = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const given = Buffer.from(encoded, 'base64').toString();
  const accepted = account ? [`${account.sid}:${account.authToken}`, ...account.apiKeys] : [];
  if (!account || !accepted.includes(given)) throw new TwilioError(20003);
  if (account.standing === 'closed') throw new TwilioError(20005);
  return { account, keySid: given.split(':')[0]! };
}
