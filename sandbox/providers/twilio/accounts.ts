import type { Call } from '../../kit/call';
import { fallbacksOf, oneOf, orNull, text, texts, wholeNumber, type Values } from '../../kit/fields';
import { storedMap, type Store } from '../../kit/store';
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

/** The accounts that Twilio knows. */
export interface AccountTable {
  find(sid: string): Account | undefined;
  /** Adds or changes one. */
  put(sid: string, change: Partial<Account>): Account;
  all(): Account[];
}

/** The table with what a restart left. Its first account is always there, with what the options say unless it was changed. */
export function createAccountTable(store: Store, first: Partial<Account>): AccountTable {
  const changes = storedMap<Partial<Account>>(store, 'accounts');
  const firstSid = first.sid ?? FIRST_ACCOUNT_SID;
  const find = (sid: string): Account | undefined => {
    const change = changes.get(sid);
    if (!change && sid !== firstSid) return undefined;
    return { ...fallbacksOf(ACCOUNT), ...(sid === firstSid ? first : {}), ...change, sid };
  };
  return {
    find,
    put(sid, change) {
      changes.set(sid, { ...changes.get(sid), ...change, sid });
      return find(sid)!;
    },
    all: () =>
      [...new Set([firstSid, ...Array.from(changes.values(), ({ sid = '' }) => sid)])].map((sid) =>
        find(sid)!,
      ),
  };
}

/** The account of the path and the SID that the caller used, when the token or secret is right. Throws 20003 and 20005. */
export function authenticate(
  accounts: AccountTable,
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
