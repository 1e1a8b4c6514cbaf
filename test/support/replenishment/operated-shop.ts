import { addDays } from '../../../entities/calendar/business-day';
import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { computeProfile } from '../../../entities/replenishment/compute-profile';
import type { Policy } from '../../../entities/replenishment/policy';
import { buildPolicy } from '../factories/policies';
import { buildAdmin } from '../factories/staff';
import { buildStockedVariant } from '../factories/stocked-variant';
import { buildSupplier, buildSupplierItem } from '../factories/suppliers';
import type { ShopDatabase } from '../shop-database';
import { rows } from '../sql';
import { startStock } from './simulated-year';
import type { SyntheticShop, SyntheticSku } from './synthetic-shop';

/** A synthetic SKU as a variant of a real database. */
export interface OperatedSku extends SyntheticSku {
  readonly variantId: string;
}

/** A synthetic shop in a real database, on the morning of its simulated year. */
export interface OperatedShop extends Omit<SyntheticShop, 'skus'> {
  readonly database: ShopDatabase;
  readonly skus: readonly OperatedSku[];
  /** Who receives goods. */
  readonly accountId: string;
}

/** Writes suppliers, variants, policies, opening stock and three years of demand, as the nightly roll-ups would have left them. */
export async function buildOperatedShop(
  database: ShopDatabase,
  shop: SyntheticShop,
  policy: Policy,
): Promise<OperatedShop> {
  const source = database.database;
  const { accountId } = await buildAdmin(source);
  const supplierIds = new Map<SyntheticSku['supplier'], string>();
  const skus: OperatedSku[] = [];
  for (const sku of shop.skus) {
    if (!supplierIds.has(sku.supplier))
      supplierIds.set(
        sku.supplier,
        await buildSupplier(source, { ...sku.supplier, weekdays: [...sku.supplier.weekdays] }),
      );
    const { id: variantId } = await buildStockedVariant(source, { stock: startStock(sku, shop) });
    const { pack, minimumOrder } = sku.item;
    await buildSupplierItem(source, supplierIds.get(sku.supplier)!, { variantId, pack, minimumOrder });
    await buildPolicy(source, variantId, { policy, isComputed: false });
    skus.push({ ...sku, variantId });
  }
  const built = { ...shop, database, skus, accountId };
  await writeHistory(built);
  await database.run((transaction) => computeProfile(transaction, shop.calendar[shop.historyDays]!.day));
  return built;
}

/** The ledger begins with the history, so that every later day has a known stock. */
async function writeHistory({ database, calendar, historyDays, skus }: OperatedShop): Promise<void> {
  const { manager } = database.database;
  const firstDay = calendar[0]!.day;
  const ids = skus.map(({ variantId }) => variantId);
  await rows(
    manager,
    `UPDATE variants SET created_at = $2::date::timestamp AT TIME ZONE 'Asia/Tehran' WHERE id = ANY ($1::uuid[])`,
    [ids, firstDay],
  );
  await rows(manager, 'ALTER TABLE stock_movements DISABLE TRIGGER stock_movements_are_append_only');
  await rows(
    manager,
    `UPDATE stock_movements SET created_at = $2::date::timestamp AT TIME ZONE 'Asia/Tehran' WHERE variant_id = ANY ($1::uuid[])`,
    [ids, addDays(firstDay, -1)],
  );
  await rows(manager, 'ALTER TABLE stock_movements ENABLE TRIGGER stock_movements_are_append_only');
  for (const { variantId, demand } of skus) {
    await rows(
      manager,
      `INSERT INTO demand_daily (variant_id, day, units, lines, in_stock_share)
       SELECT $1, $2::date + (at - 1)::integer, units, units, 1
       FROM unnest($3::integer[]) WITH ORDINALITY AS d(units, at) WHERE units > 0`,
      [variantId, firstDay, demand.slice(0, historyDays)],
    );
  }
}

/** Units on hand by variant. */
export async function stockOf({ database }: OperatedShop): Promise<ReadonlyMap<string, number>> {
  const found = await rows<{ id: string; units: number }>(
    database.database.manager,
    'SELECT variant_id AS id, on_hand AS units FROM stock_levels WHERE location_id = $1',
    [DEFAULT_LOCATION_ID],
  );
  return new Map(found.map(({ id, units }) => [id, units]));
}
