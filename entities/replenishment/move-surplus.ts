import { integer, uuid } from '../row-shape';
import { row, statement, type Transaction } from '../sql';
import { draftNeededTransfer } from '../transfers/draft-transfer';
import { DRAFT_COUNTS_DAYS } from '../transfers/transfer-status';
import { newId } from '../values/uuid';
import type { Decision } from './decide';
import { noCountsSince, type LastOrder } from './declined';

/** Whose need it is. */
interface NeedyPolicy extends LastOrder {
  readonly id: string;
  readonly locationId: string | null;
}

/**
 * What a location has above its own upper level, free and not yet promised to another. The largest comes first. One whose draft was
 * lately cancelled is left out: the goods are ordered instead.
 */
const SURPLUS = statement<{ locationId: string; units: number }>(
  `SELECT l.location_id AS "locationId", least(l.on_hand - l.reserved, l.on_hand - p.up_to) - drafted.units AS units
   FROM stock_levels l
     JOIN replenishment_policies p ON p.variant_id = l.variant_id AND p.location_id = l.location_id
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(d.sent), 0)::integer AS units
       FROM stock_transfer_lines d JOIN stock_transfers t ON t.id = d.transfer_id AND t.status = 'draft'
         AND t.created_at > now() - interval '${DRAFT_COUNTS_DAYS} days'
       WHERE d.variant_id = l.variant_id AND t.from_id = l.location_id) AS drafted
   WHERE l.variant_id = $1 AND l.location_id <> $2
     AND least(l.on_hand - l.reserved, l.on_hand - p.up_to) - drafted.units > 0
     AND NOT EXISTS (
       SELECT FROM replenishment_decisions d JOIN stock_transfers t ON t.id = d.transfer_id
       WHERE d.policy_id = $3 AND t.from_id = l.location_id AND t.status = 'cancelled' AND t.ended_at > $4)
   ORDER BY units DESC, l.location_id LIMIT 1`,
  { locationId: uuid, units: integer },
);

/** Units that come from elsewhere. */
export interface MovedUnits {
  readonly transferId: string;
  readonly units: number;
}

/** Serves a location from another that has more than its own policy wants. Staff ship the draft, or cancel it. */
export async function moveSurplus(
  transaction: Transaction,
  variantId: string,
  need: NeedyPolicy,
  { band, position }: Decision,
  at: Date,
): Promise<MovedUnits | null> {
  const { id, locationId } = need;
  if (locationId === null) return null;
  const surplus = await row(transaction, SURPLUS, [variantId, locationId, id, noCountsSince(need, at)]);
  if (!surplus) return null;
  const units = Math.min(surplus.units, band.upTo - position.total);
  const transferId = newId();
  await draftNeededTransfer(transaction, {
    ...{ id: transferId, fromId: surplus.locationId, toId: locationId, note: null },
    lines: [{ variantId, quantity: units }],
  });
  return { transferId, units };
}
