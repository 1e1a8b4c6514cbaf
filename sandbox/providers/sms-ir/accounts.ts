import { createAccountTable, type AccountTable } from '../../kit/accounts';
import { fallbacksOf, flag, oneOf, orNull, text, texts, wholeNumber, type Values } from '../../kit/fields';
import type { CallCounter } from '../../kit/numbers';
import type { Store } from '../../kit/store';
import { Refusal } from './codes';

/** A key and its account, as SMS.ir's panel would describe them. The first values make one without restrictions. */
export const ACCOUNT = {
  /** `sandbox`: the key type of that name. Nothing is sent, paid or kept, and template 123456 is the only one. */
  keyType: oneOf('live', 'sandbox'),
  /** Answers 11. */
  isKeyDisabled: flag(),
  /** Calls from elsewhere answer 12; `null` is anywhere. */
  addresses: orNull(texts()),
  /** `disabled` 13, `suspended` 14. */
  standing: oneOf('active', 'disabled', 'suspended'),
  /** Every call answers 15 without it. */
  hasWebService: flag(true),
  /** Templates answer 119 without it. */
  hasOwnTemplates: flag(true),
  /** What `GET /send` must name; `null` is any. */
  username: orNull(text()),
  /** Lines that it may send from; others answer 101. */
  lines: texts(['30007732000000']),
  /** Lines of it that need activation: 123. */
  inactiveLines: texts(),
  /** Lines of it from which texts reach those who block advertising. */
  serviceLines: texts(),
  /** In tenths of a credit. Every message lowers it; below its cost the answer is 102. */
  creditTenths: wholeNumber(100_000),
  /** Further calls in the same minute answer 20; `null` is no limit. */
  callsPerMinute: orNull(wholeNumber(0)),
  /** Texts with a link answer 117 without it. */
  mayLink: flag(true),
};

export type Account = { readonly key: string } & Values<typeof ACCOUNT>;

/** The key of the account that the table begins with, unless another is named. */
export const FIRST_API_KEY = 'development-only-api-key-of-sms-ir';

/** What the first account is, where it does not go by the first values. */
export interface FirstAccount {
  readonly apiKey?: string | undefined;
  readonly line?: string | undefined;
}

/** The accounts that SMS.ir knows. */
export function createAccounts(
  store: Store,
  { apiKey = FIRST_API_KEY, line }: FirstAccount,
): AccountTable<Account> {
  return createAccountTable<Account, 'key'>(store, {
    id: 'key',
    usual: fallbacksOf(ACCOUNT),
    firstId: apiKey,
    first: line === undefined ? {} : { lines: [line] },
  });
}

/** The account of a key. Throws 10, 20, 11, 12, 13, 14 and 15. */
export function authenticate(
  accounts: AccountTable<Account>,
  calls: CallCounter,
  { key, address }: { readonly key: string | undefined; readonly address: string },
): Account {
  const account = accounts.find(key ?? '');
  if (!account) throw new Refusal(10);
  if (!calls.admits(account.key, account.callsPerMinute)) throw new Refusal(20);
  if (account.isKeyDisabled) throw new Refusal(11);
  if (account.addresses !== null && !account.addresses.includes(address)) throw new Refusal(12);
  if (account.standing !== 'active') throw new Refusal(account.standing === 'disabled' ? 13 : 14);
  if (!account.hasWebService) throw new Refusal(15);
  return account;
}

/** A line of the account. Throws 101 and 123. */
export function lineOf({ lines, inactiveLines }: Account, given: unknown): string {
  const line = typeof given === 'number' || typeof given === 'string' ? String(given).trim() : '';
  if (!/^\d+$/.test(line) || !lines.includes(line)) throw new Refusal(101);
  if (inactiveLines.includes(line)) throw new Refusal(123);
  return line;
}
