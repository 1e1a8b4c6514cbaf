import type { EntityManager } from 'typeorm';

import { lockOwnAccount } from '../customers/lock-own-account';
import { rows, statement, type Transaction } from '../sql';
import { lockBoxes, readChoices } from './notification-boxes';
import {
  assertCanChoose,
  CATEGORY_CHANNELS,
  isChannelOn,
  NOTIFICATION_CATEGORIES,
  NOTIFICATION_CHANNELS,
  STAFF_CATEGORIES,
  type ChannelChoice,
} from './notification-categories';
import { tellArranged } from './tell-arranged';

/** A channel of a category, as its person may choose it. */
export interface Preference extends ChannelChoice {
  /** It is always on. */
  readonly isFixed: boolean;
}

/** What somebody hears by which channel. Only people who work for the shop have categories of work. */
export async function readPreferences(
  manager: EntityManager,
  { accountId, isStaff }: { readonly accountId: string; readonly isStaff: boolean },
): Promise<Preference[]> {
  const choices = (await readChoices(manager, [accountId])).get(accountId) ?? [];
  return NOTIFICATION_CATEGORIES.filter((it) => isStaff || !STAFF_CATEGORIES.includes(it)).flatMap(
    (category) =>
      NOTIFICATION_CHANNELS.flatMap((channel) => {
        const rule = CATEGORY_CHANNELS[category][channel];
        const isOn = isChannelOn(choices, category, channel);
        return rule ? [{ category, channel, isOn, isFixed: rule.isFixed ?? false }] : [];
      }),
  );
}

const STORE_CHOICES = statement(
  `INSERT INTO notification_preferences (box_id, category, channel, is_on)
   SELECT $1, category, channel, "isOn"
   FROM jsonb_to_recordset($2::jsonb) AS chosen(category text, channel text, "isOn" boolean)
   ON CONFLICT (box_id, category, channel) DO UPDATE SET is_on = excluded.is_on`,
);

/**
 * Switches channels on or off, each at most once. What waits is judged by the new choices.
 *
 * @throws AppError `notification.channel_fixed`
 */
export async function changePreferences(
  transaction: Transaction,
  { accountId, choices }: { readonly accountId: string; readonly choices: readonly ChannelChoice[] },
): Promise<void> {
  for (const choice of choices) assertCanChoose(choice);
  const last = new Map(choices.map((choice) => [`${choice.category} ${choice.channel}`, choice]));
  await lockOwnAccount(transaction, accountId);
  await lockBoxes(transaction, [{ accountId }]);
  await rows(transaction, STORE_CHOICES, [accountId, JSON.stringify([...last.values()])]);
  await tellArranged(transaction, accountId);
}
