import { MESSAGE_STATUS, type MessageStatus } from './codes';
import type { Receptor } from './receptor';

/** A change that time will bring. */
export interface Step {
  readonly at: number;
  readonly status: MessageStatus;
}

/** One message to one receptor, or one call. Times are milliseconds of the sandbox's clock. */
export interface Message {
  readonly messageId: string;
  readonly apiKey: string;
  readonly kind: 'sms' | 'call';
  readonly receptor: Receptor;
  readonly receptorAsSent: string;
  readonly sender: string;
  readonly text: string;
  readonly template: string | null;
  readonly tokens: Readonly<Record<string, string>>;
  readonly localId: string | null;
  readonly tag: string | null;
  readonly parts: number;
  readonly cost: number;
  /** When it sets out: at once, or at its `date`. */
  readonly startsAt: number;
  /** When the phone has it; null for never. */
  readonly arrivesAt: number | null;
  readonly status: MessageStatus;
  readonly steps: readonly Step[];
}

/** Whether nothing will change any more. */
export function isOver({ steps }: Message): boolean {
  return steps.length === 0;
}

/** The record that sending and selecting answer. */
export function sendRecord(message: Message): Readonly<Record<string, unknown>> {
  const { text, sender, receptor, startsAt, cost } = message;
  const { messageid, status, statustext } = statusRecord(message);
  const date = Math.floor(startsAt / 1_000);
  return { messageid, message: text, status, statustext, sender, receptor: receptor.local, date, cost };
}

/** What the methods about states answer for each message. */
export function statusRecord({ messageId, status }: Pick<Message, 'messageId' | 'status'>) {
  return { messageid: Number(messageId), status, statustext: MESSAGE_STATUS[status] };
}
