import { createAccountTable, type AccountTable } from '../../kit/accounts';
import type { Call } from '../../kit/call';
import { fallbacksOf, flag, oneOf, orNull, text, texts, wholeNumber, type Values } from '../../kit/fields';
import type { CallCounter } from '../../kit/numbers';
import type { Store } from '../../kit/store';
import { Refusal } from './codes';
import type { Switches } from './switches';

const EXPIRY_SECONDS = Date.UTC(2099, 11, 31) / 1_000;

/** An account as Kavenegar's panel would describe it. The first values make one without restrictions. */
export const ACCOUNT = {
  /** Answers 401. */
  isDisabled: flag(),
  type: oneOf('master', 'child'),
  expiresAtSeconds: wholeNumber(EXPIRY_SECONDS),
  /** Lines that it may send from; others answer 412. The first one is the default sender unless `defaultSender` names one. */
  lines: texts(['10000000']),
  defaultSender: orNull(text()),
  /** Lines of it that need an access level: 427. */
  closedLines: texts(),
  /** The panel's allow-list. Without the caller's address in it the methods that show messages answer 407. */
  addresses: texts(),
  /** Answers 416 to every call from elsewhere. */
  isBoundToAddresses: flag(),
  /** In rials. Every message lowers it; below its cost the answer is 418. */
  credit: wholeNumber(10_000_000),
  /** Further calls in the same minute answer 451; `null` is no limit. */
  callsPerMinute: orNull(wholeNumber(0)),
  /** A test account's owner, to whom alone it may send (501); `null` is an ordinary account. */
  testOwner: orNull(text()),
  /** Templates and calls answer 426 without it. */
  hasAdvancedService: flag(true),
  /** Texts with a link answer 420 without it. */
  mayLink: flag(true),
  /** Tags of the panel; others answer 607. */
  tags: texts(),
  apilogs: oneOf('justfaults', 'enabled', 'disabled'),
  dailyreport: oneOf('enabled', 'disabled'),
  /** Nothing is sent, and every message ends cancelled. */
  debugmode: oneOf('disabled', 'enabled'),
  mincreditalarm: wholeNumber(500),
  resendfailed: oneOf('disabled', 'enabled'),
};

export type Account = { readonly key: string } & Values<typeof ACCOUNT>;

/** The key of the account that the table begins with, unless another is named. */
export const FIRST_API_KEY = '303030303030303030303030303030303030303030303030303030303030303031';

/** What the first account is, where it does not go by the first values. */
export interface FirstAccount {
  readonly apiKey?: string | undefined;
  readonly sender?: string | undefined;
}

/** The accounts that Kavenegar knows. */
export function createAccounts(
  store: Store,
  { apiKey = FIRST_API_KEY, sender }: FirstAccount,
): AccountTable<Account> {
  return createAccountTable<Account, 'key'>(store, {
    id: 'key',
    usual: fallbacksOf(ACCOUNT),
    firstId: apiKey,
    first: sender === undefined ? {} : { lines: [sender] },
  });
}

/** The account of the path. Throws 403, 451, 401 and 416. */
export function authenticate(
  accounts: AccountTable<Account>,
  calls: CallCounter,
  { params: { key = '' }, address }: Pick<Call, 'params' | 'address'>,
  { invalidKeyCode }: Switches,
): Account {
  const account = accounts.find(key);
  if (!account) throw new Refusal(invalidKeyCode);
  if (!calls.admits(`${key} ${address}`, account.callsPerMinute)) throw new Refusal(451);
  if (account.isDisabled) throw new Refusal(401);
  if (account.isBoundToAddresses && !account.addresses.includes(address)) throw new Refusal(416);
  return account;
}

/** The line that an account sends from when a call names none. */
export function defaultSender({ defaultSender: chosen, lines }: Account): string {
  return chosen ?? lines[0] ?? '';
}

/** A line in the spelling of the account. Throws 412 for one that is not its own, and 427. */
export function lineOf({ lines, closedLines }: Account, given: string): string {
  const [, bare = given] = /^(?:\+98|0098)(\d+)$/.exec(given) ?? [];
  if (!lines.includes(bare)) throw new Refusal(412);
  if (closedLines.includes(bare)) throw new Refusal(427);
  return bare;
}
