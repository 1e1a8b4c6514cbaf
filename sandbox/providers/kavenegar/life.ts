import type { Kit } from '../../kit/kit';
import { createRecords, type Ageing, type Records } from '../../kit/records';
import { fateOf } from '../sms/magic-recipients';
import type { MessageStatus } from './codes';
import { isOver, type Message, type Step } from './message';
import type { Switches } from './switches';

const REPORTED_LATE_MS = 10 * 60_000;

/** After these the cost of a message is given back. */
const COST_RETURNED: readonly MessageStatus[] = [13, 14];

/** The messages that a restart left, and those to come. Time moves them along their steps. */
export function createMessages(
  kit: Kit,
  limit: number,
  giveBack: (message: Message) => void,
): Records<Message> {
  return createRecords<Message>(kit, {
    name: 'messages',
    id: 'messageId',
    limit,
    isOver,
    state: ({ status }) => String(status),
    age(message, now) {
      const due = nextStep(message, now);
      if (due && COST_RETURNED.includes(due.change.status!)) giveBack(message);
      return due;
    },
  });
}

/** A message before it sets out. */
export interface Departure {
  readonly to: string;
  /** Templates begin at telecom (5). */
  readonly first: 1 | 2 | 5;
  readonly startsAt: number;
  /** In debug mode nothing is sent. */
  readonly isDebugging: boolean;
  readonly isBlocked: boolean;
}

/** What is to become of a message, and when the phone has it. */
export function courseOf(
  { to, first, startsAt, isDebugging, isBlocked }: Departure,
  { handOverMs, deliveryMs, recheckAfterMs }: Switches,
): Pick<Message, 'steps' | 'arrivesAt'> {
  const queued: readonly Step[] = first === 2 ? [{ at: startsAt, status: 1 }] : [];
  const handedOverAt = startsAt + handOverMs;
  const ending = (status: MessageStatus) => ({
    steps: [...queued, { at: handedOverAt, status }],
    arrivesAt: null,
  });
  const fate = fateOf(to);
  if (isDebugging) return ending(13);
  if (isBlocked || fate === 'blacklisted') return ending(14);
  if (fate === 'failed') return ending(6);
  const arrivesAt = startsAt + Math.max(deliveryMs, handOverMs);
  const seenAt = Math.max(arrivesAt, recheckAfterMs === null ? 0 : handedOverAt + recheckAfterMs);
  const reportedAt = fate === 'reported_late' ? arrivesAt + REPORTED_LATE_MS : seenAt;
  const handedOver: readonly Step[] = first === 5 ? [] : [{ at: handedOverAt, status: 4 }];
  const isLost = fate === 'undelivered';
  return {
    steps: [...queued, ...handedOver, { at: reportedAt, status: isLost ? 11 : 10 }],
    arrivesAt: isLost ? null : arrivesAt,
  };
}

function nextStep({ steps }: Message, now: number): Ageing<Message> | undefined {
  const [next, ...rest] = steps;
  if (!next || now < next.at) return undefined;
  return { change: { status: next.status, steps: rest }, why: 'time passed' };
}
