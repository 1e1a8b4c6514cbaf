import type { AccountTable } from '../../kit/accounts';
import type { Kit } from '../../kit/kit';
import { createCallCounter, type CallCounter } from '../../kit/numbers';
import type { Records } from '../../kit/records';
import { storedMap, type StoredMap } from '../../kit/store';
import { createSwitches } from '../../kit/switches';
import { createAccounts, type Account } from './accounts';
import { createStatusCallbacks, type StatusCallbacks } from './callbacks';
import { createMessages } from './life';
import type { Message } from './message';
import { SWITCHES, type Switches } from './switches';

/** Everything that this Twilio knows; endpoints and controls are functions of it. */
export interface Twilio {
  readonly kit: Kit;
  readonly accounts: AccountTable<Account>;
  readonly messages: Records<Message>;
  /** Texts of content templates by their SID; `{{1}}` is a variable. */
  readonly contents: StoredMap<string>;
  readonly callbacks: StatusCallbacks;
  readonly calls: CallCounter;
  readonly settings: ReturnType<typeof createSwitches<typeof SWITCHES>>;
  switches(): Switches;
}

/** Twilio as the last process left it. */
export function openTwilio(kit: Kit, first: Partial<Account>, messageLimit: number): Twilio {
  const settings = createSwitches(kit.store, SWITCHES);
  const switches = settings.get;
  const accounts = createAccounts(kit.store, first);
  const messages = createMessages(kit, messageLimit);
  return {
    kit,
    settings,
    switches,
    accounts,
    messages,
    contents: storedMap<string>(kit.store, 'contents'),
    callbacks: createStatusCallbacks(kit, { accounts, messages, switches }),
    calls: createCallCounter(kit.clock.now),
  };
}
