import type { FindOutcome, SmsCost } from '../../workflows/sms/sms-provider.steps';
import type { LostSms } from './sms-provider';

/** A message to the same number that the provider lists. */
export interface ListedSms {
  readonly providerMessageId: string;
  readonly text: string;
  readonly sentAtMs: number;
  readonly cost?: SmsCost;
}

/** How far the provider's time of a message may be from ours: its clock may differ, and it may have taken its time. */
const EARLIER_MS = 60_000;
const LATER_MS = 5 * 60_000;

/** The instants between which the provider would have taken a lost message, in milliseconds. */
export function windowOf({ sentAt }: LostSms): { readonly fromMs: number; readonly toMs: number } {
  return { fromMs: sentAt.getTime() - EARLIER_MS, toMs: sentAt.getTime() + LATER_MS };
}

/** Whether an id belongs to another attempt. */
export function isTaken(providerMessageId: string, { otherMessageIds = [] }: LostSms): boolean {
  return otherMessageIds.includes(providerMessageId);
}

/** Looks for a lost message among those that a provider lists to its number: same text, about the same time. */
export function matchLost(listed: readonly ListedSms[], lost: LostSms): FindOutcome {
  const { fromMs, toMs } = windowOf(lost);
  const distance = ({ sentAtMs }: ListedSms) => Math.abs(sentAtMs - lost.sentAt.getTime());
  const [nearest] = listed
    .filter(({ sentAtMs }) => sentAtMs >= fromMs && sentAtMs <= toMs)
    .filter(({ providerMessageId }) => !isTaken(providerMessageId, lost))
    .filter(({ text }) => isSameText(text, lost.text))
    .toSorted((a, b) => distance(a) - distance(b));
  return nearest === undefined ? NOT_LISTED : found(nearest.providerMessageId, nearest.cost);
}

/** What a list can say at most: it may be behind. */
export const NOT_LISTED: FindOutcome = { kind: 'not_found', isCertain: false };

export function found(providerMessageId: string, cost?: SmsCost): FindOutcome {
  return { kind: 'found', providerMessageId, ...(cost === undefined ? {} : { cost }) };
}

/** Lines for advertising append how to unsubscribe («لغو11»). */
const UNSUBSCRIBE = /\s*لغو\s*[\d۰-۹]{1,5}$/;

/** Whether two texts are the same but for white space and for what a line appends. */
function isSameText(listed: string, sent: string): boolean {
  const [theirs, ours] = [plain(listed), plain(sent)];
  return theirs === ours || theirs.replace(UNSUBSCRIBE, '') === ours;
}

function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}
