import type { EntityManager } from 'typeorm';

import { lockOwnAccount } from '../customers/lock-own-account';
import { assertThat } from '../errors';
import { integer, nullable, text } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { zoneOf } from './local-time';
import { lockBoxes } from './notification-boxes';
import type { NotificationSettings } from './notification-settings';
import { tellArranged } from './tell-arranged';

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
 * Replaces the settings of somebody, with the canonical name of their zone. What waits is judged by the new ones.
 *
 * @throws AppError `notification.zone_unknown`
 */
export async function changeSettings(
  transaction: Transaction,
  { accountId, ...wanted }: OwnSettings & { readonly accountId: string },
): Promise<OwnSettings> {
  const zone = zoneOf(wanted.zone);
  assertThat(zone !== undefined, 'notification.zone_unknown');
  const settings = { ...wanted, zone };
  const { locale, quietFrom, quietTo, digest, digestHour } = settings;
  await lockOwnAccount(transaction, accountId);
  await lockBoxes(transaction, [{ accountId }]);
  const values = [accountId, zone, locale, quietFrom, quietTo, digest, digestHour];
  await rows(transaction, STORE_SETTINGS, values);
  await tellArranged(transaction, accountId);
  return settings;
}
