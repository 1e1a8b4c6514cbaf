import { localTime, nextHour, nextQuiet, quietUntil } from './local-time';
import {
  CATEGORY_CHANNELS,
  isChannelOn,
  STAFF_CATEGORIES,
  type ChannelChoice,
  type NotificationCategory,
} from './notification-categories';
import type { DeferralReason, SuppressionReason } from './notification-delivery';
import type { OwnSettings } from './own-settings';

/** After so long a message helps nobody any more. Longer than a digest can wait. */
export const STALE_MS = 3 * 86_400_000;

/** How long a message may wait for a newer version of the code or for its template. */
const DEPLOY_MS = 86_400_000;
const DEPLOY_LOOK_MS = { least: 60_000, most: 600_000 } as const;

/**
 * When to look again at a message of a kind or template that is not known: another worker may know it, or the deploy is unfinished.
 * Null once it has waited for that for a day, so a real mistake ends.
 */
export function lookAfterDeploy(since: Date | null, now: Date): Date | null {
  const waitedMs = since === null ? 0 : now.getTime() - since.getTime();
  const { least, most } = DEPLOY_LOOK_MS;
  return waitedMs < DEPLOY_MS ? new Date(now.getTime() + Math.min(Math.max(waitedMs, least), most)) : null;
}

/** So long the message of an answer waits: the lines that follow until then are the same piece of news. */
export const GATHERED_MS = 300_000;

/** Messages of a day to one recipient, without the fixed ones. */
export const MESSAGES_A_DAY = 20;

/** A message that waits. */
export interface WaitingMessage {
  readonly category: NotificationCategory;
  readonly isRead: boolean;
  readonly createdAt: Date;
  /** Whether it stands for what follows soon. */
  readonly standsForNext?: boolean | undefined;
}

/** What counts for a recipient at the moment of sending. */
export interface Recipient {
  /** Whether there is a number, and an account that is active. */
  readonly isThere: boolean;
  readonly isStaff: boolean;
  readonly choices: readonly ChannelChoice[];
  readonly settings: OwnSettings;
  /** The last day of the recipient that had a digest. */
  readonly lastDigest: string | null;
  /** Messages to the number in the last 24 hours, without the fixed ones. */
  readonly sentToday: number;
}

/** What becomes of a message now. */
export type Decision =
  | { readonly kind: 'send' | 'digest' }
  | { readonly kind: 'wait'; readonly reason: DeferralReason; readonly until: Date }
  | { readonly kind: 'drop'; readonly reason: SuppressionReason };

const drop = (reason: SuppressionReason): Decision => ({ kind: 'drop', reason });

/** Decides about a message that waits, by what holds now. Nothing was promised before. */
export function decideDelivery(message: WaitingMessage, recipient: Recipient, now: Date): Decision {
  const { category, isRead, createdAt, standsForNext } = message;
  const { isThere, isStaff, choices, settings, sentToday } = recipient;
  if (!isThere) return drop('gone');
  if (STAFF_CATEGORIES.includes(category) && !isStaff) return drop('role');
  if (now.getTime() - createdAt.getTime() > STALE_MS) return drop('stale');
  if (CATEGORY_CHANNELS[category].sms?.isFixed) return { kind: 'send' };
  if (!isChannelOn(choices, category, 'sms')) return drop('preference');
  if (isRead) return drop('read');

  const isDaily = settings.digest === 'daily';
  if (isDaily) {
    const until = digestTime(createdAt, recipient, now);
    if (until > now) return { kind: 'wait', reason: 'digest', until };
  }
  const quiet = quietUntil(now, settings);
  if (quiet) return { kind: 'wait', reason: 'quiet', until: quiet };
  const gathered = new Date(createdAt.getTime() + GATHERED_MS);
  if (standsForNext && !isDaily && gathered > now) return { kind: 'wait', reason: 'more', until: gathered };
  if (sentToday >= MESSAGES_A_DAY) return drop('limit');
  return { kind: isDaily ? 'digest' : 'send' };
}

/** Providers get so long, also when quiet hours begin sooner. */
const HANDED_OVER_MS = 30 * 60_000;

/** After which a message that is handed over now must not go out any more, should no provider take it until then. */
export function notAfter({ category, createdAt }: WaitingMessage, settings: OwnSettings, now: Date): Date {
  const stale = new Date(createdAt.getTime() + STALE_MS);
  const quiet = CATEGORY_CHANNELS[category].sms?.isFixed ? null : nextQuiet(now, settings);
  const end = quiet && quiet < stale ? quiet : stale;
  return new Date(Math.max(end.getTime(), now.getTime() + HANDED_OVER_MS));
}

/** When the digest comes that a message of then is part of. A day has one, so after today's it is tomorrow's. */
function digestTime(createdAt: Date, { settings, lastDigest }: Recipient, now: Date): Date {
  const first = nextDigest(createdAt, settings);
  if (first > now || lastDigest === null || localTime(now, settings.zone).day > lastDigest) return first;
  return nextDigest(now, settings);
}

const DAY_MS = 86_400_000;

/** The first time for a digest after an instant. An hour within quiet hours means their end, which may be on the next day. */
function nextDigest(after: Date, settings: OwnSettings): Date {
  const hourAfter = (instant: Date) => {
    const hour = nextHour(instant, settings.digestHour, settings.zone);
    return quietUntil(hour, settings) ?? hour;
  };
  const ofTheDayBefore = hourAfter(new Date(after.getTime() - DAY_MS));
  return ofTheDayBefore > after ? ofTheDayBefore : hourAfter(after);
}
