import type { Kit } from '../../kit/kit';
import { createRecords, type Ageing, type Records } from '../../kit/records';
import { fateOf } from '../sms/magic-recipients';
import type { DeliveryState } from './codes';
import { isOver, type Message, type Pack, type Step } from './message';
import type { Switches } from './switches';

const REPORTED_LATE_MS = 10 * 60_000;

/** The messages that a restart left, and those to come. Time moves them along their steps. */
export function createMessages(kit: Kit, limit: number): Records<Message> {
  return createRecords<Message>(kit, {
    name: 'messages',
    id: 'messageId',
    limit,
    isOver,
    state: stateOf,
    age: nextStep,
  });
}

/** The packs that a restart left, and those to come. */
export function createPacks(kit: Kit, limit: number): Records<Pack> {
  return createRecords<Pack>(kit, {
    name: 'packs',
    id: 'packId',
    limit,
    isOver: ({ sendAt, isCancelled }) => isCancelled || sendAt <= kit.clock.now(),
    state: ({ isCancelled }) => (isCancelled ? 'cancelled' : 'accepted'),
  });
}

/** The state that journal and control API show. */
export function stateOf({ deliveryState, isCancelled }: Message): string {
  return isCancelled ? 'cancelled' : String(deliveryState ?? 'none');
}

/** What is to become of a message, and when the phone has it. */
export function courseOf(
  to: string,
  sendAt: number,
  { handOverMs, deliveryMs }: Pick<Switches, 'handOverMs' | 'deliveryMs'>,
): Pick<Message, 'steps' | 'arrivesAt'> {
  const telecom = step(sendAt + handOverMs, 3);
  const operator = step(telecom.at + handOverMs / 2, 5);
  const arrivesAt = Math.max(sendAt + deliveryMs, operator.at);
  switch (fateOf(to)) {
    case 'failed':
      return { steps: [telecom, step(arrivesAt, 6)], arrivesAt: null };
    case 'undelivered':
      return { steps: [telecom, operator, step(arrivesAt, 2)], arrivesAt: null };
    case 'reported_late':
      return { steps: [telecom, operator, step(arrivesAt + REPORTED_LATE_MS, 1)], arrivesAt };
    default:
      return { steps: [telecom, operator, step(arrivesAt, 1)], arrivesAt };
  }
}

/** The change that a delivery state makes. */
export function reported(deliveryState: DeliveryState, at: number): Partial<Message> {
  return { deliveryState, deliveredAt: deliveryState === 1 ? at : null };
}

function step(at: number, deliveryState: DeliveryState): Step {
  return { at, deliveryState };
}

function nextStep({ steps }: Message, now: number): Ageing<Message> | undefined {
  const [next, ...rest] = steps;
  if (!next || now < next.at) return undefined;
  return { change: { ...reported(next.deliveryState, next.at), steps: rest }, why: 'time passed' };
}
