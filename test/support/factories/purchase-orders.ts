import type { DataSource } from 'typeorm';

import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { addToCollectingOrder } from '../../../entities/purchasing/add-to-collecting-order';
import { submitOrderNow } from '../../../entities/purchasing/submit-purchase-order';
import { claimMessage, recordMessageOutcome } from '../../../entities/purchasing/supplier-messages';
import { newId } from '../../../entities/values/uuid';
import { withTransaction } from '../../../platform/transaction';
import { buildSupplier, buildSupplierItem } from './suppliers';

/** A Saturday, at 10:00 in Tehran: an order of a supplier that takes them until 14:00. */
export const ORDERED_AT = Date.parse('2026-11-28T06:30:00Z');

export interface BuiltPurchaseOrder {
  readonly orderId: string;
  readonly supplierId: string;
  readonly variantId: string;
  readonly supplierSku: string;
}

/** An order of ten units of one variant, as far as the request says. */
export async function buildPurchaseOrder(
  database: DataSource,
  request: {
    readonly supplierId?: string;
    /** When it was begun, in milliseconds since the epoch. */
    readonly at?: number;
    readonly until?: 'collecting' | 'sending' | 'ordered';
    readonly approval?: readonly ['days_of_demand'];
  } = {},
): Promise<BuiltPurchaseOrder> {
  const { until = 'ordered', approval = [], at = ORDERED_AT } = request;
  const supplierId = request.supplierId ?? (await buildSupplier(database));
  const { variantId, supplierSku } = await buildSupplierItem(database, supplierId);
  const added = await withTransaction(database, (transaction) =>
    addToCollectingOrder(transaction, {
      ...{ variantId, locationId: DEFAULT_LOCATION_ID, quantity: 10, decisionId: newId(), approval },
      at: new Date(at),
    }),
  );
  if (added.kind !== 'added') throw new Error(`nothing was ordered: ${added.kind}`);
  const { orderId } = added;
  if (until !== 'collecting') {
    await withTransaction(database, (transaction) => submitOrderNow(transaction, { orderId, at }));
  }
  if (until === 'ordered') {
    const attempt = { orderId, revision: 1, attempt: 1, at };
    await withTransaction(database, (transaction) => claimMessage(transaction, attempt));
    await withTransaction(database, (transaction) =>
      recordMessageOutcome(transaction, { ...attempt, outcome: { kind: 'sent', message: '202' } }),
    );
  }
  return { orderId, supplierId, variantId, supplierSku };
}
