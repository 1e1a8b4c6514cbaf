import type { MessageState, SmsAttemptState } from '../../entities/sms/message-state';
import { nextOnSchedule } from '../shared/ask-schedule';
import type { DueTask } from '../shared/work-until-done';
import type { SmsDeliveryTiming } from './sms-delivery.contract';
import type { ReportSchedules } from './sms-delivery.steps';

interface MessageTask extends DueTask {
  readonly kind:
    | 'choose a provider'
    | 'read reports'
    | 'end the message'
    | 'hear a decision'
    | 'leave it to a person';
}

interface AttemptTask extends DueTask {
  readonly kind: 'send' | 'look for the message' | 'ask for the delivery';
  readonly attempt: SmsAttemptState;
}

/** Something to do for a message, and when. */
export type DeliveryTask = MessageTask | AttemptTask;

/** What a workflow remembers beside the rows. All of it may be forgotten. */
export interface DeliveryMemory {
  readonly timing: SmsDeliveryTiming;
  readonly schedules: ReportSchedules;
  /** When each attempt was last looked for, or asked for its delivery. */
  readonly askedAt: ReadonlyMap<string, number>;
  /** When a provider may be chosen again. */
  readonly chooseAt: number;
  /** Whether a person already knows that the message is ambiguous. */
  readonly isLeftToPerson: boolean;
  /** Whether reports wait that cannot be judged yet. */
  readonly reportsWait: boolean;
}

/** What comes next, by what the rows say; undefined when the message is over. */
export function nextDeliveryTask(message: MessageState, memory: DeliveryMemory): DeliveryTask | undefined {
  const tasks: DeliveryTask[] = [...stageTasks(message, memory)];
  if (message.hasReport && !memory.reportsWait) tasks.push({ at: 0, kind: 'read reports' });
  if (message.finishedAt === null && message.expiresAt !== null) {
    tasks.push({ at: message.expiresAt, kind: 'end the message' });
  }
  return tasks.reduce<DeliveryTask | undefined>(
    (first, task) => (first && first.at <= task.at ? first : task),
    undefined,
  );
}

function stageTasks(message: MessageState, memory: DeliveryMemory): DeliveryTask[] {
  const { timing, schedules, askedAt, chooseAt } = memory;
  switch (message.status) {
    case 'queued':
      return [{ at: chooseAt, kind: 'choose a provider' }];
    case 'sending': {
      const attempt = message.attempts.findLast(
        ({ status }) => status === 'sending' || status === 'unknown',
      )!;
      if (attempt.status === 'sending') return [{ at: 0, kind: 'send', attempt }];
      const at = nextOnSchedule(attempt.answeredAt!, timing.findAfterMs, askedAt.get(attempt.id));
      return at === undefined
        ? [{ at: 0, kind: 'leave it to a person' }]
        : [{ at, kind: 'look for the message', attempt }];
    }
    case 'ambiguous':
      return memory.isLeftToPerson
        ? [{ at: Infinity, kind: 'hear a decision' }]
        : [{ at: 0, kind: 'leave it to a person' }];
    case 'accepted': {
      const asks = message.attempts.filter(isOnItsWay).flatMap((attempt): AttemptTask[] => {
        const from = attempt.answeredAt!;
        const used = askedAt.get(attempt.id) ?? attempt.reportedAt ?? undefined;
        const at = nextOnSchedule(from, schedules[attempt.provider] ?? [], used);
        return at === undefined ? [] : [{ at, kind: 'ask for the delivery', attempt }];
      });
      // A code ends with its lifetime, a notice when nobody is asked any more.
      return asks.length > 0 || message.kind === 'code' ? asks : [{ at: 0, kind: 'end the message' }];
    }
    default:
      return [];
  }
}

function isOnItsWay({ status, delivery }: SmsAttemptState): boolean {
  return status === 'accepted' && delivery !== 'delivered' && delivery !== 'failed';
}
