import type { DataSource } from 'typeorm';

import { Supplier } from '../../../entities/purchasing/supplier';
import { SupplierItem } from '../../../entities/purchasing/supplier-item';
import { newId } from '../../../entities/values/uuid';
import { createWebhookSecrets } from '../../../platform/supplier-secrets';
import { buildStockedVariant } from './stocked-variant';

/** What seals them in every test. */
export const SUPPLIER_KEY = 'a-key-that-seals-the-secrets-of-suppliers';
export const SUPPLIER_SECRETS = createWebhookSecrets([SUPPLIER_KEY]);

/** Somebody who takes orders until 14:00, whom a person calls, unless the request says otherwise. */
export async function buildSupplier(database: DataSource, request: Partial<Supplier> = {}): Promise<string> {
  const id = request.id ?? newId();
  await database.manager.insert(Supplier, {
    ...{ name: 'تأمین‌کننده', channel: 'manual', address: null },
    ...{ leadDays: 3, leadSd: 1, cutoffMinute: 14 * 60, weekdays: [0, 1, 2, 3, 4, 5], reviewDays: 1 },
    ...request,
    id,
  });
  return id;
}

/** A variant that a supplier sells for 100,000 rials, by itself ordered there, unless the request says otherwise. */
export async function buildSupplierItem(
  database: DataSource,
  supplierId: string,
  request: Partial<SupplierItem> = {},
): Promise<{ readonly variantId: string; readonly supplierSku: string }> {
  const variantId = request.variantId ?? (await buildStockedVariant(database)).id;
  const item = {
    ...{
      supplierSku: `S-${variantId.slice(-12)}`,
      pack: 1,
      minimumOrder: 1,
      unitCost: 100_000,
      preferred: true,
    },
    ...request,
    ...{ supplierId, variantId },
  };
  await database.manager.insert(SupplierItem, item);
  return { variantId, supplierSku: item.supplierSku };
}
