import { randomUUID } from 'node:crypto';

import { iranianMobile } from '../sms/iranian-mobile';
import { partsOf } from '../sms/parts';
import type { Account } from './accounts';
import { Refusal } from './codes';
import { courseOf } from './life';
import type { Message } from './message';
import type { SmsIr } from './sms-ir';

/** What a call wants sent to one recipient, from a line of the account. */
export interface Draft {
  readonly mobileAsSent: string;
  readonly text: string;
  readonly line: string;
  readonly template?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A message that can be sent, or why it cannot. */
export type Planned = Message | 'wrong' | 'blacklisted';

const HOUR_MS = 3_600_000;
const SOONEST_MS = HOUR_MS;
const LATEST_MS = 365 * 24 * HOUR_MS;
const LINK = /https?:\/\/|www\.|\b[\w-]+\.(?:ir|com|net|org|app|io)\b/i;

/** When a call wants its messages sent: null is now. Throws 109, also for milliseconds. */
export function readSendAt({ kit }: SmsIr, given: unknown): number | null {
  if (given === undefined || given === null || given === '') return null;
  const isSeconds = typeof given === 'number' || (typeof given === 'string' && /^\d+$/.test(given));
  const now = kit.clock.now();
  const inMs = isSeconds ? Number(given) * 1_000 - now : NaN;
  // A second is lost where the caller cut its own clock to whole seconds.
  if (!(inMs > SOONEST_MS - 1_000 && inMs <= LATEST_MS)) throw new Refusal(109);
  return now + inMs;
}

/** Throws 103, and 117 for a link that the account may not send. */
export function demandTexts({ mayLink }: Account, texts: readonly string[]): void {
  if (texts.length === 0 || texts.some((text) => text.trim() === '')) throw new Refusal(103);
  if (!mayLink && texts.some((text) => LINK.test(text))) throw new Refusal(117);
}

/** What becomes of a text of `bulk` or `likeToLike`. */
export function planText(smsIr: SmsIr, account: Account, draft: Draft, sendAt: number | null): Planned {
  const mobile = iranianMobile(draft.mobileAsSent);
  const { mostParts } = smsIr.switches();
  if (mobile === undefined || partsOf(draft.text) > mostParts) return 'wrong';
  const isServiceLine = account.serviceLines.includes(draft.line);
  if (smsIr.blacklist.blocksTexts(mobile, isServiceLine)) return 'blacklisted';
  return newMessage(smsIr, account, { ...draft, mobile }, sendAt);
}

/** A message to one recipient of a call that has only one. Throws 104. */
export function planSingle(smsIr: SmsIr, account: Account, draft: Draft): Message {
  const mobile = iranianMobile(draft.mobileAsSent);
  if (mobile === undefined) throw new Refusal(104);
  return newMessage(smsIr, account, { ...draft, mobile }, null);
}

/**
 * Sends all messages as one pack, or each for itself, and answers what they cost, in credits. Nothing is sent when the credit is
 * not enough (102). With a key of the sandbox type nothing is sent, paid or kept.
 */
export function dispatch(
  smsIr: SmsIr,
  { key, keyType, creditTenths }: Account,
  messages: readonly Message[],
  isPack: boolean,
): { readonly packId: string | null; readonly cost: number } {
  const packId = isPack ? randomUUID() : null;
  const costTenths = messages.reduce((sum, message) => sum + message.costTenths, 0);
  const sent = { packId, cost: costTenths / 10 };
  if (keyType === 'sandbox') return sent;
  if (costTenths > creditTenths) throw new Refusal(102);
  if (costTenths > 0) smsIr.accounts.put(key, { creditTenths: creditTenths - costTenths });
  for (const message of messages) smsIr.messages.add({ ...message, packId }, 'accepted');
  const [first] = messages;
  if (packId !== null && first) {
    const { createdAt, sendAt } = first;
    const recipientCount = messages.length;
    smsIr.packs.add(
      { packId, apiKey: key, recipientCount, createdAt, sendAt, isCancelled: false },
      'accepted',
    );
  }
  return sent;
}

function newMessage(
  smsIr: SmsIr,
  { key }: Account,
  draft: Draft & { readonly mobile: string },
  scheduledFor: number | null,
): Message {
  const { template = null, parameters = {} } = draft;
  const createdAt = smsIr.kit.clock.now();
  const sendAt = scheduledFor ?? createdAt;
  const parts = partsOf(draft.text);
  const switches = smsIr.switches();
  return {
    ...draft,
    ...{ template, parameters, parts, createdAt, sendAt },
    messageId: smsIr.nextId(),
    packId: null,
    apiKey: key,
    costTenths: parts * switches.tenthsPerPart,
    deliveryState: null,
    deliveredAt: null,
    isCancelled: false,
    ...courseOf(`+98${draft.mobile}`, sendAt, switches),
  };
}
