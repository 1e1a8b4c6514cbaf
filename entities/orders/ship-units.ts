import { assertThat } from '../errors';
import { recordEvents } from '../events/record-events';
import { lockLevels, type LevelKey } from '../inventory/lock-levels';
import { integer, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { audited, type Actor } from '../staff/audited';
import { lockOrder } from './lock-order';
import { ORDER } from './orders.events';

/** Units of an order that were sold from a location. */
export interface SoldUnits extends LevelKey {
  readonly sku: string;
  readonly quantity: number;
  /** How many of them have left the location. */
  readonly shipped: number;
}

/** How many units of a line have left a location in all. */
export interface ShippedLine extends LevelKey {
  readonly shipped: number;
}

const SOLD = statement<SoldUnits>(
  `SELECT r.variant_id AS "variantId", r.location_id AS "locationId", l.sku, r.quantity, r.shipped
   FROM reservations r JOIN order_lines l USING (order_id, variant_id)
   WHERE r.order_id = $1 AND r.state = 'committed' ORDER BY l.sku, r.location_id`,
  { variantId: uuid, locationId: uuid, sku: text, quantity: integer, shipped: integer },
);
const MARK = statement(
  `UPDATE reservations r SET shipped = w.shipped
   FROM unnest($2::uuid[], $3::uuid[], $4::integer[]) AS w(variant_id, location_id, shipped)
   WHERE r.order_id = $1 AND (r.variant_id, r.location_id) = (w.variant_id, w.location_id) AND r.state = 'committed'`,
);

const EXISTS = statement<{ id: string }>('SELECT id FROM orders WHERE id = $1', { id: uuid });

/**
 * What an order has sold, by SKU and location. Nothing before it is paid.
 *
 * @throws AppError `order.not_found`
 */
export async function readSoldUnits(transaction: Transaction, orderId: string): Promise<SoldUnits[]> {
  assertThat(await row(transaction, EXISTS, [orderId]), 'order.not_found');
  return rows(transaction, SOLD, [orderId]);
}

/**
 * Notes how many units of a paid order have left, in all: a repetition changes nothing. It changes no status of the order.
 *
 * @throws AppError `order.not_found`, `order.not_paid`, `order.line_not_sold`, `order.more_than_sold` with the units sold,
 * `order.already_shipped` with the units that left before, `auth.session_over`
 */
export async function shipUnits(
  transaction: Transaction,
  actor: Actor,
  { orderId, lines }: { readonly orderId: string; readonly lines: readonly ShippedLine[] },
): Promise<SoldUnits[]> {
  const status = await lockOrder(transaction, orderId);
  assertThat(status, 'order.not_found');
  assertThat(status === 'placed', 'order.not_paid', { orderStatus: status });
  const sold = await rows(transaction, SOLD, [orderId]);
  const newly = lines.flatMap((line) => {
    const { variantId, shipped } = line;
    const bought = sold.find((it) => isSame(it, line));
    assertThat(bought, 'order.line_not_sold', { variantId });
    assertThat(shipped <= bought.quantity, 'order.more_than_sold', { variantId, limit: bought.quantity });
    assertThat(shipped >= bought.shipped, 'order.already_shipped', { variantId, quantity: bought.shipped });
    return shipped > bought.shipped ? [{ ...line, sku: bought.sku, units: shipped - bought.shipped }] : [];
  });
  if (newly.length === 0) return sold;

  // A count must not see the units of one moment beside the movements of another.
  await lockLevels(transaction, newly);
  await rows(transaction, MARK, [
    orderId,
    newly.map(({ variantId }) => variantId),
    newly.map(({ locationId }) => locationId),
    newly.map(({ shipped }) => shipped),
  ]);
  const skus = [...new Set(newly.map(({ sku }) => sku))];
  const unitsOf = (sku: string) => newly.reduce((sum, it) => (it.sku === sku ? sum + it.units : sum), 0);
  await recordEvents(
    transaction,
    ORDER,
    orderId,
    ...skus.map((sku) => ({
      type: 'order.units_shipped' as const,
      payload: { sku, quantity: unitsOf(sku) },
    })),
  );
  await audited(transaction, actor, {
    action: 'stock.ship',
    object: { type: 'order', id: orderId },
    details: { units: newly.reduce((sum, { units }) => sum + units, 0) },
  });
  return rows(transaction, SOLD, [orderId]);
}

const isSame = (one: LevelKey, other: LevelKey) =>
  one.variantId === other.variantId && one.locationId === other.locationId;
