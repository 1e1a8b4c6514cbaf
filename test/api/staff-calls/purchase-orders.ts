import { DEFAULT_LOCATION_ID } from '../../../entities/inventory/stock-location';
import { claimMessage, recordMessageOutcome } from '../../../entities/purchasing/supplier-messages';
import { newId } from '../../../entities/values/uuid';
import { buildPurchaseOrder, ORDERED_AT } from '../../support/factories/purchase-orders';
import { buildSupplier, buildSupplierItem } from '../../support/factories/suppliers';
import type { StaffCalls, StaffWorld } from './staff-call';

type Until = 'collecting' | 'sending' | 'ordered';

/** What the shop orders from its suppliers. */
export function purchaseOrderCalls({ shop }: StaffWorld): StaffCalls {
  const order = async (until: Until, change: string, approval?: readonly ['days_of_demand']) => {
    const { orderId } = await buildPurchaseOrder(shop.database, { until, approval });
    return `/purchase-orders/${orderId}/${change}`;
  };
  const awaitingApproval = (change: string) => order('sending', change, ['days_of_demand']);
  const unanswered = async () => {
    const { orderId } = await buildPurchaseOrder(shop.database, { until: 'sending' });
    const attempt = { orderId, revision: 1, attempt: 1, at: ORDERED_AT };
    await shop.run((transaction) => claimMessage(transaction, attempt));
    const outcome = { kind: 'unknown', message: 'no answer' } as const;
    await shop.run((transaction) => recordMessageOutcome(transaction, { ...attempt, outcome }));
    return `/purchase-orders/${orderId}/send-again`;
  };
  return {
    'POST /purchase-orders': async () => {
      const supplierId = await buildSupplier(shop.database);
      const { variantId } = await buildSupplierItem(shop.database, supplierId);
      const lines = [{ variantId, quantity: 24 }];
      return { body: { supplierId, locationId: DEFAULT_LOCATION_ID, lines } };
    },
    'POST /purchase-orders/:id/submit': async () => ({ path: await order('collecting', 'submit') }),
    'POST /purchase-orders/:id/approve': async () => ({ path: await awaitingApproval('approve') }),
    'POST /purchase-orders/:id/reject': async () => ({ path: await awaitingApproval('reject') }),
    'POST /purchase-orders/:id/cancel': async () => ({ path: await order('collecting', 'cancel') }),
    'POST /purchase-orders/:id/close-short': async () => ({ path: await order('ordered', 'close-short') }),
    'POST /purchase-orders/:id/send-again': async () => ({ path: await unanswered() }),
    'POST /purchase-orders/:id/receipts': async () => {
      const { orderId, variantId } = await buildPurchaseOrder(shop.database);
      const lines = [{ variantId, received: 10 }];
      return { path: `/purchase-orders/${orderId}/receipts`, body: { receiptId: newId(), lines } };
    },
  };
}
