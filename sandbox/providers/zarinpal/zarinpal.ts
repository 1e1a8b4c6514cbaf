import type { Kit } from '../../kit/kit';
import { createCallCounter, type CallCounter } from '../../kit/numbers';
import type { Records } from '../../kit/records';
import { createSwitches } from '../../kit/switches';
import { createBuyerCallbacks, type BuyerCallbacks } from './callbacks';
import { createMerchantTable, type MerchantTable } from './merchants';
import type { Session } from './session';
import { createSessions } from './sessions';
import { SWITCHES, type Switches } from './switches';

/** Everything that this Zarinpal knows; endpoints, pages and controls are functions of it. */
export interface Zarinpal {
  readonly kit: Kit;
  readonly sessions: Records<Session>;
  readonly merchants: MerchantTable;
  readonly callbacks: BuyerCallbacks;
  readonly calls: CallCounter;
  readonly settings: ReturnType<typeof createSwitches<typeof SWITCHES>>;
  switches(): Switches;
}

/** Zarinpal as the last process left it. */
export function openZarinpal(kit: Kit, sessionLimit: number): Zarinpal {
  const settings = createSwitches(kit.store, SWITCHES);
  const switches = settings.get;
  return {
    kit,
    settings,
    switches,
    sessions: createSessions(kit, switches, sessionLimit),
    merchants: createMerchantTable(kit.store),
    callbacks: createBuyerCallbacks(kit),
    calls: createCallCounter(kit.clock.now),
  };
}
