import type { EntityManager } from 'typeorm';

import { instant, text, uuid } from '../../entities/row-shape';
import { rows, statement } from '../../entities/sql';

/** A device of the list. */
export interface Device {
  readonly id: string;
  readonly label: string;
  readonly signedInAt: Date;
  readonly lastSeenAt: Date;
}

/** An account has few devices, so the list needs no cursor. */
const DEVICES = statement<Device>(
  `SELECT id, device_label AS label, signed_in_at AS "signedInAt", rotated_at AS "lastSeenAt"
   FROM sessions WHERE account_id = $1 AND ended_at IS NULL AND idle_until > now()
   ORDER BY rotated_at DESC, id DESC`,
  { id: uuid, label: text, signedInAt: instant, lastSeenAt: instant },
);

/** The devices on which this account is signed in. */
export function readDevices(manager: EntityManager, accountId: string): Promise<Device[]> {
  return rows(manager, DEVICES, [accountId]);
}
