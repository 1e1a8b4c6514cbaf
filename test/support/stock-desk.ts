import { beginCapture } from '../../entities/checkout/begin-capture';
import { confirmOrder } from '../../entities/checkout/confirm-order';
import { bookByStaff, type BookByStaff } from '../../entities/inventory/correct-stock';
import { readLevels } from '../../entities/inventory/read-levels';
import { shipUnits } from '../../entities/orders/ship-units';
import { newId } from '../../entities/values/uuid';
import { buildOrder, buildRefId, type BuiltOrder } from './factories/orders';
import { buildAdmin, buildStaff } from './factories/staff';
import { buildLocation, receive } from './factories/stock-locations';
import { buildStockedVariant, type StockedVariant } from './factories/stocked-variant';
import type { ShopDatabase } from './shop-database';
import { rows } from './sql';

export type StockDesk = Awaited<ReturnType<typeof openStockDesk>>;

/** Two people who work with stock, and a location of its own for each variant, before all others in the order in which orders take. */
export async function openStockDesk(shop: ShopDatabase) {
  const actor = await buildAdmin(shop.database);
  const colleague = await buildStaff(shop.database, actor, 'staff');
  let place = '';
  let priority = 100;
  return {
    actor,
    colleague,
    /** The location of the newest variant. */
    get place() {
      return place;
    },
    /** Its place in the order of locations. */
    get priority() {
      return priority;
    },
    /** A variant with units at a new place, and nowhere else. */
    async buildVariant(units: number): Promise<StockedVariant> {
      priority -= 1;
      place = await buildLocation(shop.database, { priority });
      const variant = await buildStockedVariant(shop.database, { stock: 0 });
      if (units > 0) await receive(shop.database, variant.id, place, units);
      return variant;
    },
    order: (variant: StockedVariant, quantity: number, stage: 'open' | 'paid' = 'open') =>
      buildOrder(shop.database, { stage, lines: [{ variant, quantity }] }),
    pay: ({ id: orderId, attemptId }: BuiltOrder) =>
      shop.run(async (transaction) => {
        await beginCapture(transaction, { orderId, attemptId, moneyIsThere: false });
        await confirmOrder(transaction, { orderId, attemptId, refId: buildRefId() });
      }),
    ship: ({ id: orderId }: BuiltOrder, { id: variantId }: StockedVariant, shipped: number) =>
      shop.run((transaction) =>
        shipUnits(transaction, actor, { orderId, lines: [{ variantId, locationId: place, shipped }] }),
      ),
    book: (variant: StockedVariant, act: Partial<BookByStaff> = {}) =>
      shop.run((transaction) =>
        bookByStaff(transaction, actor, {
          ...{ variantId: variant.id, locationId: place, reason: 'received', delta: 5, ref: newId(), ...act },
        }),
      ),
    async levelOf({ sku }: StockedVariant, locationId = place) {
      const [level] = await readLevels(shop.database.manager, { sku, locationId, after: null, limit: 1 });
      return level && { onHand: level.onHand, reserved: level.reserved, unshipped: level.unshipped };
    },
    actionsOn: (id: string) =>
      rows<{ action: string }>(
        shop.database.manager,
        'SELECT action FROM staff_actions WHERE object_id = $1 ORDER BY id',
        [id],
      ),
  };
}
