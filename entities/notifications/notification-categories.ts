import { assertThat } from '../errors';

/** By what a person hears of something. In-app is the list in the shop with its badge. */
export const NOTIFICATION_CHANNELS = ['in_app', 'sms'] as const;
export type NotificationChannel = (typeof NOTIFICATION_CHANNELS)[number];

/** What people choose channels for. `desk` and `purchasing` are work of the shop's people. */
export const NOTIFICATION_CATEGORIES = [
  'order',
  'payment',
  'support',
  'stock',
  'security',
  'desk',
  'purchasing',
] as const;
export type NotificationCategory = (typeof NOTIFICATION_CATEGORIES)[number];

interface ChannelRule {
  /** Whether it is on for who has chosen nothing. */
  readonly isOn: boolean;
  /** Nobody can switch it off, and quiet hours and digests do not hold it back. */
  readonly isFixed?: true;
}

/**
 * The channels of each category. Security and payment are fixed: who takes over an account would begin by switching off what tells
 * its owner, and money that moved is told at once. Stock has no SMS here: who wants one subscribes to the goods (stock alerts).
 */
export const CATEGORY_CHANNELS: Readonly<
  Record<NotificationCategory, Readonly<Partial<Record<NotificationChannel, ChannelRule>>>>
> = {
  order: { in_app: { isOn: true }, sms: { isOn: true } },
  payment: { in_app: { isOn: true, isFixed: true }, sms: { isOn: true, isFixed: true } },
  support: { in_app: { isOn: true }, sms: { isOn: true } },
  stock: { in_app: { isOn: true } },
  security: { in_app: { isOn: true, isFixed: true }, sms: { isOn: true, isFixed: true } },
  desk: { in_app: { isOn: true }, sms: { isOn: false } },
  purchasing: { in_app: { isOn: true }, sms: { isOn: false } },
};

/** Categories that only people who work for the shop have. */
export const STAFF_CATEGORIES: readonly NotificationCategory[] = ['desk', 'purchasing'];

/** What somebody has chosen for a channel of a category. */
export interface ChannelChoice {
  readonly category: NotificationCategory;
  readonly channel: NotificationChannel;
  readonly isOn: boolean;
}

/** Whether a channel of a category is on, by these choices and the defaults. A fixed one is on whatever was chosen. */
export function isChannelOn(
  choices: readonly ChannelChoice[],
  category: NotificationCategory,
  channel: NotificationChannel,
): boolean {
  const rule = CATEGORY_CHANNELS[category][channel];
  if (!rule || rule.isFixed) return rule !== undefined;
  return choices.find((it) => it.category === category && it.channel === channel)?.isOn ?? rule.isOn;
}

/** @throws AppError `notification.channel_fixed` for a choice that nobody has */
export function assertCanChoose({ category, channel }: ChannelChoice): void {
  const rule = CATEGORY_CHANNELS[category][channel];
  assertThat(rule !== undefined && !rule.isFixed, 'notification.channel_fixed');
}
