import { readParked } from '../../../entities/relay/handle-parked';
import { parkSignals } from '../../../entities/relay/park-signals';
import { newId } from '../../../entities/values/uuid';
import { buildPhone } from '../../support/factories/phone';
import type { StaffCalls, StaffWorld } from './staff-call';

/** Messages, and signals that the relay could not deliver. */
export function operationsCalls({ shop }: StaffWorld): StaffCalls {
  const parkedSignal = async () => {
    const refused = { eventId: 1, workflow: 'parcel', target: newId(), reason: 'too many signals' };
    await shop.run((transaction) => parkSignals(transaction, [refused]));
    const parked = await readParked(shop.database.manager, { after: null, limit: 100 });
    return `/operations/parked-signals/${parked.at(-1)!.id}`;
  };
  return {
    'POST /sms/messages': () => ({
      body: { to: buildPhone(), template: 'order_paid', variables: { number: '1' } },
    }),
    'POST /operations/parked-signals/:id/retry': async () => ({ path: `${await parkedSignal()}/retry` }),
    'DELETE /operations/parked-signals/:id': async () => ({ path: await parkedSignal() }),
  };
}
