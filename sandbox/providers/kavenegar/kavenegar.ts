import type { AccountTable } from '../../kit/accounts';
import type { Call } from '../../kit/call';
import { createCallbacks, type Callbacks } from '../../kit/callbacks';
import type { Kit } from '../../kit/kit';
import { createCallCounter, type CallCounter } from '../../kit/numbers';
import type { Records } from '../../kit/records';
import { createSwitches } from '../../kit/switches';
import { authenticate, createAccounts, type Account, type FirstAccount } from './accounts';
import { createBlockedList, type BlockedList } from './blocked-list';
import { createInbound, type InboundMessage } from './inbound';
import { createMessages } from './life';
import { createLocalIds, type LocalIds } from './local-ids';
import type { Message } from './message';
import { createStatusPush } from './status-push';
import { SWITCHES, type Switches } from './switches';
import { createTemplateTable, type TemplateTable } from './templates';

/** What faults, rules and the journal can name. `to` is E.164. */
export const TARGETS = ['messageId', 'to', 'template'] as const;

/** Everything that this Kavenegar knows; methods and controls are functions of it. */
export interface Kavenegar {
  readonly kit: Kit;
  readonly accounts: AccountTable<Account>;
  readonly templates: TemplateTable;
  readonly messages: Records<Message>;
  readonly localIds: LocalIds;
  readonly inbound: Records<InboundMessage>;
  readonly blocked: BlockedList;
  readonly calls: CallCounter;
  readonly callbacks: Callbacks;
  readonly settings: ReturnType<typeof createSwitches<typeof SWITCHES>>;
  switches(): Switches;
  /** Pushes every change of a new message to the status callback URL, if there is one. */
  planPushes(message: Message): void;
}

/** Kavenegar as the last process left it. */
export function openKavenegar(kit: Kit, messageLimit: number, first: FirstAccount): Kavenegar {
  const settings = createSwitches(kit.store, SWITCHES);
  const switches = settings.get;
  const accounts = createAccounts(kit.store, first);
  const messages = createMessages(kit, messageLimit, ({ apiKey, cost }) => {
    const account = accounts.find(apiKey);
    if (account) accounts.put(apiKey, { credit: account.credit + cost });
  });
  const callbacks = createCallbacks(kit, { targets: TARGETS });
  return {
    kit,
    settings,
    switches,
    accounts,
    messages,
    callbacks,
    templates: createTemplateTable(kit.store),
    localIds: createLocalIds(kit.store, messageLimit),
    inbound: createInbound(kit, messageLimit),
    blocked: createBlockedList(kit.store),
    calls: createCallCounter(kit.clock.now),
    planPushes: createStatusPush(kit, messages, callbacks, switches),
  };
}

/** The account of a call. Throws what {@link authenticate} throws. */
export function callerOf({ accounts, calls, switches }: Kavenegar, call: Call): Account {
  return authenticate(accounts, calls, call, switches());
}
