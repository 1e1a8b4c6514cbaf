import { readParked } from '../../../entities/relay/handle-parked';
import { parkSignals } from '../../../entities/relay/park-signals';
import { newId } from '../../../entities/values/uuid';
import { buildPhone } from '../../support/factories/phone';
import type { StaffCalls, StaffWorld } from './staff-call';

/** Messages, schedules, and signals that the relay could not deliver. */
export function operationsCalls({ shop }: StaffWorld): StaffCalls {
  const schedule = (verb: string, times = {}) =>
    Promise.resolve({
      path: `/operations/schedules/payment-sweep/${verb}`,
      body: { reason: 'a test', ...times },
      needsTemporal: true as const,
    });
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
    'POST /operations/schedules/:id/pause': () => schedule('pause'),
    'POST /operations/schedules/:id/resume': () => schedule('resume'),
    'POST /operations/schedules/:id/trigger': () => schedule('trigger'),
    'POST /operations/schedules/:id/backfill': () =>
      schedule('backfill', { from: '2026-01-01T00:00:00Z', until: '2026-01-01T00:10:00Z' }),
    'POST /operations/parked-signals/:id/retry': async () => ({ path: `${await parkedSignal()}/retry` }),
    'DELETE /operations/parked-signals/:id': async () => ({ path: await parkedSignal() }),
  };
}
