import { integer, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

/** A variant at a location. */
export interface LevelKey {
  readonly variantId: string;
  readonly locationId: string;
}

/** A level that nobody else changes until the transaction ends. */
export interface LockedLevel extends LevelKey {
  /** Its name in the journal, and in the record of staff. */
  readonly id: string;
  readonly onHand: number;
  readonly reserved: number;
  /** The number of its last movement. */
  readonly seq: number;
}

/** Nearly all are there. To insert one that is costs more than to find it. */
const CREATE_LEVELS = statement(
  `INSERT INTO stock_levels (variant_id, location_id)
   SELECT DISTINCT variant_id, location_id FROM unnest($1::uuid[], $2::uuid[]) AS w(variant_id, location_id)
   WHERE NOT EXISTS (
     SELECT FROM stock_levels l WHERE (l.variant_id, l.location_id) = (w.variant_id, w.location_id))
   ORDER BY 1, 2
   ON CONFLICT DO NOTHING`,
);

const LOCK_LEVELS = statement<LockedLevel>(
  `SELECT id, variant_id AS "variantId", location_id AS "locationId", on_hand AS "onHand", reserved, movement_seq AS seq
   FROM stock_levels
   WHERE (variant_id, location_id) IN (
     SELECT variant_id, location_id FROM unnest($1::uuid[], $2::uuid[]) AS w(variant_id, location_id))
   ORDER BY variant_id, location_id
   FOR NO KEY UPDATE`,
  { id: uuid, variantId: uuid, locationId: uuid, onHand: integer, reserved: integer, seq: integer },
);

/** Locks these levels in the order of every transaction. One that is missing begins at zero. */
export async function lockLevels(
  transaction: Transaction,
  keys: readonly LevelKey[],
): Promise<LockedLevel[]> {
  const lists = [keys.map(({ variantId }) => variantId), keys.map(({ locationId }) => locationId)];
  await rows(transaction, CREATE_LEVELS, lists);
  return rows(transaction, LOCK_LEVELS, lists);
}

/** {@link lockLevels} for one level. */
export async function lockLevel(transaction: Transaction, key: LevelKey): Promise<LockedLevel> {
  return (await lockLevels(transaction, [key]))[0]!;
}
