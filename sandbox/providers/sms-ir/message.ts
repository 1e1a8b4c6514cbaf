import type { DeliveryState } from './codes';

/** What becomes of a message at an instant of the sandbox's clock. */
export interface Step {
  readonly at: number;
  readonly deliveryState: DeliveryState;
}

/** One outgoing message. Times are milliseconds of the sandbox's clock. */
export interface Message {
  readonly messageId: string;
  readonly packId: string | null;
  readonly apiKey: string;
  /** As the caller wrote it. */
  readonly mobileAsSent: string;
  /** Ten digits. */
  readonly mobile: string;
  readonly text: string;
  /** The id of the template that it was sent by. */
  readonly template: string | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly line: string;
  readonly parts: number;
  readonly costTenths: number;
  readonly createdAt: number;
  /** When it sets out; later than its creation for a scheduled one. */
  readonly sendAt: number;
  /** When the phone has it, which SMS.ir may learn later; null for never. */
  readonly arrivesAt: number | null;

  readonly deliveryState: DeliveryState | null;
  readonly deliveredAt: number | null;
  /** What is still to come, in order. */
  readonly steps: readonly Step[];
  /** Cancelled before its time: nothing was sent, and no report has it. */
  readonly isCancelled: boolean;
}

/** A call of `bulk` or `likeToLike`. */
export interface Pack {
  readonly packId: string;
  readonly apiKey: string;
  readonly recipientCount: number;
  readonly createdAt: number;
  readonly sendAt: number;
  readonly isCancelled: boolean;
}

const FINAL = new Set<DeliveryState | null>([1, 2, 4, 6, 7]);

/** Whether nothing more happens to the message. */
export function isOver({ deliveryState, isCancelled }: Message): boolean {
  return isCancelled || FINAL.has(deliveryState);
}

/** The recipient in E.164. */
export function e164({ mobile }: Pick<Message, 'mobile'>): string {
  return `+98${mobile}`;
}

/** The report object of the API. */
export function report(message: Message): unknown {
  const { messageId, mobile, text, sendAt, line, costTenths, deliveryState, deliveredAt } = message;
  return {
    messageId: Number(messageId),
    mobile: Number(mobile),
    messageText: text,
    sendDateTime: seconds(sendAt),
    lineNumber: Number(line),
    cost: costTenths / 10,
    deliveryState,
    deliveryDateTime: deliveredAt === null ? null : seconds(deliveredAt),
  };
}

/** Unix seconds, as all times of the API. */
export function seconds(at: number): number {
  return Math.floor(at / 1_000);
}
