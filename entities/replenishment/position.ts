import { integer } from '../row-shape';
import { DRAFT_COUNTS_DAYS } from '../transfers/transfer-status';

/**
 * In SQL: the position of a policy `r`, in units, each part at most two billion. Open orders count until a person gives them up,
 * however late they are. Drafts of transfers to the policy's location count while somebody can be expected to ship them. Holds of
 * unpaid carts do not count at all.
 */
export const POSITION = `least(2000000000, coalesce((
       SELECT sum(l.on_hand) FROM stock_levels l JOIN stock_locations p ON p.id = l.location_id
       WHERE l.variant_id = r.variant_id AND (r.location_id = l.location_id OR r.location_id IS NULL AND p.sells)
     ), 0))::integer AS "onHand",
     least(2000000000, coalesce((
       SELECT sum(l.sent - l.received - l.returned - l.lost)
       FROM stock_transfer_lines l JOIN stock_transfers t ON t.id = l.transfer_id JOIN stock_locations p ON p.id = t.to_id
       WHERE l.variant_id = r.variant_id
         AND (r.location_id = t.to_id AND (t.status = 'in_transit'
             OR t.status = 'draft' AND t.created_at > now() - interval '${DRAFT_COUNTS_DAYS} days')
           OR r.location_id IS NULL AND p.sells AND t.status = 'in_transit')
     ), 0))::integer AS "inTransit",
     least(2000000000, coalesce((
       SELECT sum(greatest(0, l.ordered - l.received)) FROM purchase_order_lines l JOIN purchase_orders o ON o.id = l.order_id
         JOIN stock_locations p ON p.id = o.location_id
       WHERE l.variant_id = r.variant_id AND o.finished_at IS NULL
         AND (r.location_id = o.location_id OR r.location_id IS NULL AND p.sells)
     ), 0))::integer AS "onOrder"`;

export const POSITION_SHAPE = { onHand: integer, inTransit: integer, onOrder: integer } as const;
