import type { AccountTable } from '../../kit/accounts';
import type { Call } from '../../kit/call';
import type { Kit } from '../../kit/kit';
import { createCallCounter, type CallCounter } from '../../kit/numbers';
import type { Records } from '../../kit/records';
import { storedValue } from '../../kit/store';
import { createSwitches } from '../../kit/switches';
import { authenticate, createAccounts, type Account, type FirstAccount } from './accounts';
import { createBlacklist, type Blacklist } from './blacklist';
import { Refusal } from './codes';
import { createInbound, type InboundMessage } from './inbound';
import { queryOf, textOf } from './input';
import { createMessages, createPacks } from './life';
import type { Message, Pack } from './message';
import { SWITCHES, type Switches } from './switches';
import { createTemplateTable, type TemplateTable } from './templates';

/** What faults and the journal can name. `to` is E.164. */
export const TARGETS = ['messageId', 'to', 'template'] as const;

/** Everything that this SMS.ir knows; endpoints and controls are functions of it. */
export interface SmsIr {
  readonly kit: Kit;
  readonly accounts: AccountTable<Account>;
  readonly templates: TemplateTable;
  readonly messages: Records<Message>;
  readonly packs: Records<Pack>;
  readonly inbound: Records<InboundMessage>;
  readonly blacklist: Blacklist;
  readonly calls: CallCounter;
  readonly settings: ReturnType<typeof createSwitches<typeof SWITCHES>>;
  switches(): Switches;
  /** An id that was never given before, within the 32 bits that the official clients read. */
  nextId(): string;
}

/** SMS.ir as the last process left it. */
export function openSmsIr(kit: Kit, messageLimit: number, first: FirstAccount): SmsIr {
  const settings = createSwitches(kit.store, SWITCHES);
  return {
    kit,
    settings,
    switches: settings.get,
    accounts: createAccounts(kit.store, first),
    templates: createTemplateTable(kit.store),
    messages: createMessages(kit, messageLimit),
    packs: createPacks(kit, messageLimit),
    inbound: createInbound(kit, messageLimit),
    blacklist: createBlacklist(kit.store),
    calls: createCallCounter(kit.clock.now),
    nextId: createIds(kit),
  };
}

/** The account of a call. Throws what {@link authenticate} throws. */
export function callerOf({ accounts, calls }: SmsIr, { headers, address }: Call): Account {
  const key = headers['x-api-key'];
  return authenticate(accounts, calls, { key: typeof key === 'string' ? key : undefined, address });
}

/** The account of a call with username and key in its query. Throws 10 for another username, too. */
export function callerByUrl({ accounts, calls }: SmsIr, call: Call): Account {
  const query = queryOf(call);
  const account = authenticate(accounts, calls, { key: textOf(query, 'password'), address: call.address });
  const { username } = account;
  if (username !== null && username !== textOf(query, 'username')) throw new Refusal(10);
  return account;
}

/** The kit's numbers are milliseconds of the machine since 2020, so these are quarters of a second since 2026. */
const NUMBERS_AT_FIRST_ID = Date.UTC(2026, 0, 1) - Date.UTC(2020, 0, 1);
const NUMBERS_PER_ID = 250;

function createIds(kit: Kit): () => string {
  const last = storedValue(kit.store, 'id', 0, { survivesReset: true });
  return () => {
    const least = Math.floor((kit.nextNumber() - NUMBERS_AT_FIRST_ID) / NUMBERS_PER_ID);
    last.set(Math.max(last.get() + 1, least));
    return String(last.get());
  };
}
