import type { EntityManager } from 'typeorm';

import { lockOwnAccount } from '../customers/lock-own-account';
import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { integer, nullable, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { isZone } from './local-time';
import { countUnread, lockBoxes, readChoices } from './notification-boxes';
import {
  assertCanChoose,
  CATEGORY_CHANNELS,
  isChannelOn,
  NOTIFICATION_CATEGORIES,
  NOTIFICATION_CHANNELS,
  STAFF_CATEGORIES,
  type ChannelChoice,
} from './notification-categories';
import type { NotificationSettings } from './notification-settings';
import { NOTIFICATION_BOX } from './notifications.events';

/** When and in which language somebody wants messages. */
export type OwnSettings = Omit<NotificationSettings, 'boxId'>;

/** For who has chosen nothing. At night nobody needs to hear of what can wait. */
export const DEFAULT_SETTINGS: OwnSettings = {
  zone: 'Asia/Tehran',
  locale: null,
  quietFrom: 22 * 60,
  quietTo: 8 * 60,
  digest: 'off',
  digestHour: 9,
};

const READ = statement<OwnSettings>(
  `SELECT zone, locale, quiet_from AS "quietFrom", quiet_to AS "quietTo", digest, digest_hour AS "digestHour"
   FROM notification_settings WHERE box_id = $1`,
  {
    ...{ zone: text, locale: nullable(text), quietFrom: integer, quietTo: integer },
    ...{ digest: text, digestHour: integer },
  },
);

/** The settings of a box, or the defaults. */
export async function readSettings(manager: EntityManager, boxId: string): Promise<OwnSettings> {
  return (await row(manager, READ, [boxId])) ?? DEFAULT_SETTINGS;
}

const STORE_SETTINGS = statement(
  `INSERT INTO notification_settings (box_id, zone, locale, quiet_from, quiet_to, digest, digest_hour)
   VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT (box_id) DO UPDATE SET zone = excluded.zone, locale = excluded.locale, quiet_from = excluded.quiet_from,
     quiet_to = excluded.quiet_to, digest = excluded.digest, digest_hour = excluded.digest_hour`,
);

/**
 * Replaces the settings of somebody. What waits is judged by the new ones.
 *
 * @throws AppError `notification.zone_unknown`
 */
export async function changeSettings(
  transaction: Transaction,
  { accountId, ...settings }: OwnSettings & { readonly accountId: string },
): Promise<OwnSettings> {
  const { zone, locale, quietFrom, quietTo, digest, digestHour } = settings;
  assertThat(isZone(zone), 'notification.zone_unknown');
  await lockOwnAccount(transaction, accountId);
  await lockBoxes(transaction, [{ accountId }]);
  const values = [accountId, zone, locale, quietFrom, quietTo, digest, digestHour];
  await rows(transaction, STORE_SETTINGS, values);
  await tellArranged(transaction, accountId);
  return settings;
}

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

async function tellArranged(transaction: Transaction, accountId: string): Promise<void> {
  const counts = (await countUnread(transaction, [accountId])).get(accountId)!;
  const event = { type: 'notifications.arranged', payload: counts } as const;
  await recordEvents(transaction, NOTIFICATION_BOX, accountId, event);
}
