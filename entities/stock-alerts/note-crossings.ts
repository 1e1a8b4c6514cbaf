import { AVAILABILITY, STOCK_LEVEL } from '../inventory/inventory.events';
import { boolean } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';

/** Of several crossings since the last look, only the newest is still true. */
const NOTE_AVAILABILITY = statement(
  `INSERT INTO stock_alerts (id, variant_id, kind, aggregate_id, version, scope_id)
   SELECT uuidv7(), a.id, CASE WHEN a.shown = 0 THEN 'out' ELSE 'back' END, a.id, crossing.version, a.id
   FROM variant_availability a CROSS JOIN LATERAL (
     SELECT e.version FROM events e
     WHERE e.aggregate_type = '${AVAILABILITY.type}' AND e.aggregate_id = a.id
       AND e.version > coalesce((SELECT max(known.version) FROM stock_alerts known WHERE known.aggregate_id = a.id), 0)
       AND (e.payload->>'was' = '0' OR e.payload->>'available' = '0')
     ORDER BY e.version DESC LIMIT 1) AS crossing
   WHERE a.id = $1
   ON CONFLICT DO NOTHING`,
);

const SCOPE = 'CASE WHEN l.reorder_shared THEN l.variant_id ELSE l.id END';

/** Levels that are at or below their point and whose last alert has been rearmed. */
const LOW_LEVELS = `stock_levels l CROSS JOIN LATERAL (
     SELECT CASE WHEN l.reorder_shared THEN (
         SELECT coalesce(sum(o.on_hand), 0) FROM stock_levels o JOIN stock_locations p ON p.id = o.location_id AND p.sells
         WHERE o.variant_id = l.variant_id)
       ELSE l.on_hand END AS units) AS there
   WHERE l.variant_id = $1 AND l.reorder_point IS NOT NULL AND there.units <= l.reorder_point
     AND NOT EXISTS (
       SELECT 1 FROM stock_alerts open WHERE open.kind = 'low' AND open.rearmed_at IS NULL AND open.scope_id = ${SCOPE})`;

const IS_LOW = statement<{ isLow: boolean }>(`SELECT EXISTS (SELECT 1 FROM ${LOW_LEVELS}) AS "isLow"`, {
  isLow: boolean,
});

const LOCK_LEVELS = statement(
  'SELECT FROM stock_levels WHERE variant_id = $1 ORDER BY location_id FOR NO KEY UPDATE',
);

const NOTE_LOW = statement(
  `INSERT INTO stock_alerts (id, variant_id, kind, aggregate_id, version, scope_id, rearms_at)
   SELECT uuidv7(), low.variant_id, 'low', low.id, crossing.version, low.scope_id,
     low.reorder_point + greatest(1, ceil(low.reorder_point / 10.0))
   FROM (SELECT l.*, ${SCOPE} AS scope_id FROM ${LOW_LEVELS}) AS low CROSS JOIN LATERAL (
     SELECT e.version FROM events e
     WHERE e.aggregate_type = '${STOCK_LEVEL.type}' AND e.aggregate_id = low.id AND e.type = 'stock.low'
     ORDER BY e.version DESC LIMIT 1) AS crossing
   ORDER BY low.location_id
   ON CONFLICT DO NOTHING`,
);

/**
 * Makes an alert of each crossing of a variant's stock that the journal has, if it is still true. A repetition finds the alerts
 * that are there. Levels stay locked while one becomes low, so that the rise that rearms it comes before or after.
 */
export async function noteStockCrossings(
  transaction: Transaction,
  { variantId }: { readonly variantId: string },
): Promise<void> {
  await rows(transaction, NOTE_AVAILABILITY, [variantId]);
  if (!(await row(transaction, IS_LOW, [variantId]))!.isLow) return;
  await rows(transaction, LOCK_LEVELS, [variantId]);
  await rows(transaction, NOTE_LOW, [variantId]);
}
