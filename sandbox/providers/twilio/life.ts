import type { Kit } from '../../kit/kit';
import { createRecords, type Ageing, type Records } from '../../kit/records';
import { fateOf, type RecipientFate } from '../sms/magic-recipients';
import type { Account } from './accounts';
import { isFinal, type Message, type Status, type Step } from './message';
import type { Switches } from './switches';

/** The messages that a restart left, and those to come. Time moves them along their steps. */
export function createMessages(kit: Kit, limit: number): Records<Message> {
  return createRecords<Message>(kit, {
    name: 'messages',
    id: 'messageId',
    limit,
    isOver: isFinal,
    state: ({ status }) => status,
    age: nextStep,
  });
}

/** When a message sets out, from where, and until when it may wait. */
export interface Departure {
  readonly to: string;
  readonly first: 'accepted' | 'queued' | 'scheduled';
  readonly startsAt: number;
  readonly validForMs: number;
  readonly standing: Account['standing'];
}

/** What is to become of a message: accepted or scheduled, queued, sending, sent, delivered; or how it fails. */
export function stepsOf(
  { to, first, startsAt, validForMs, standing }: Departure,
  { deliverAfterMs, reportLateMs }: Pick<Switches, 'deliverAfterMs' | 'reportLateMs'>,
): readonly Step[] {
  const quarter = (count: number) => startsAt + Math.round((deliverAfterMs * count) / 4);
  const queued = first === 'queued' ? [] : [step('queued', first === 'scheduled' ? startsAt : quarter(1))];
  const validUntil = startsAt + validForMs;
  if (quarter(2) > validUntil) {
    return [...queued.filter(({ at }) => at < validUntil), step('failed', validUntil, 30036)];
  }
  const begun = [...queued, step('sending', quarter(2))];
  if (standing === 'suspended') return [...begun, step('failed', quarter(3), 30002)];
  const fate = fateOf(to);
  if (fate === 'failed') return [...begun, step('failed', quarter(3), 30007)];
  const reportedAt = quarter(4) + (fate === 'reported_late' ? reportLateMs : 0);
  return [...begun, step('sent', quarter(3)), lastStep(fate, reportedAt)];
}

function lastStep(fate: RecipientFate | undefined, at: number): Step {
  return fate === 'undelivered' ? step('undelivered', at, 30003) : step('delivered', at);
}

function step(status: Status, at: number, errorCode: number | null = null): Step {
  return { at, status, errorCode };
}

function nextStep(message: Message, now: number): Ageing<Message> | undefined {
  const [next, ...steps] = message.steps;
  if (!next || now < next.at) return undefined;
  const { at, status, errorCode } = next;
  const sentAt = status === 'sent' ? at : message.sentAt;
  return { change: { status, errorCode, updatedAt: at, sentAt, steps }, why: 'time passed' };
}
