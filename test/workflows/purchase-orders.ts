import { randomUUID } from 'node:crypto';

import { storeReply } from '../../entities/purchasing/judge-replies';
import { requirePurchaseOrderState } from '../../entities/purchasing/purchase-order-state';
import type { PurchaseOrderStatus } from '../../entities/purchasing/purchase-order-status';
import { receiveGoods } from '../../entities/purchasing/receive-goods';
import { newId } from '../../entities/values/uuid';
import { signWebhook } from '../../platform/standard-webhook';
import { createPurchaseOrderCalls } from '../../temporal/purchasing';
import { purchaseOrderWorkflowId } from '../../workflows/purchasing/purchase-order.contract';
import type { purchaseOrder } from '../../workflows/purchasing/purchase-order.workflow';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { eventually } from '../support/eventually';
import { buildAccount } from '../support/factories/accounts';
import { buildPurchaseOrder } from '../support/factories/purchase-orders';
import { buildSupplier, SUPPLIER_SECRETS } from '../support/factories/suppliers';
import { rows } from '../support/sql';
import type { WorkflowShop } from './workflow-shop';

const DEADLINE_MS = 60_000;
/** A Saturday long ago: every cut-off has come. */
const LONG_AGO = Date.parse('2026-01-03T06:30:00Z');

/** An order whose cut-off has come, with a workflow that runs unless told. */
export async function buildRunningOrder(
  shop: Pick<WorkflowShop, 'database' | 'temporal' | 'run'>,
  {
    starts = true,
    address = 'https://supplier.example/orders',
    ...request
  }: {
    readonly starts?: boolean;
    /** Of its supplier. */
    readonly address?: string;
    readonly at?: number;
    readonly approval?: readonly ['days_of_demand'];
  } = {},
) {
  const id = newId();
  const { sealed, keyId, secret } = SUPPLIER_SECRETS.create(id);
  const key = SUPPLIER_SECRETS.open({ sealed, keyId }, id);
  const supplierId = await buildSupplier(shop.database, {
    ...{ id, channel: 'webhook', address },
    ...{ secret: sealed, secretKeyId: keyId },
  });
  const built = await buildPurchaseOrder(shop.database, {
    ...{ at: LONG_AGO, until: 'collecting', supplierId },
    ...request,
  });
  const { orderId, variantId } = built;
  const calls = createPurchaseOrderCalls(shop.temporal, DEADLINE_MS);
  const look = () => calls.look(orderId);
  if (starts) await look();
  const handle = shop.temporal.workflow.getHandle<typeof purchaseOrder>(purchaseOrderWorkflowId(orderId));
  const read = () => requirePurchaseOrderState(shop.database.manager, orderId);
  return {
    ...built,
    /** As the supplier got it. */
    secret,
    handle,
    read,
    look,
    until: (status: PurchaseOrderStatus) => eventually(read, (order) => order.status === status),
    untilAttention: () =>
      eventually(
        async () => (await handle.describe()).typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention),
        (needed) => needed === true,
      ),
    /** What waits is due now. */
    async makeDue(): Promise<void> {
      await rows(
        shop.database.manager,
        'UPDATE supplier_messages SET next_at = now() WHERE order_id = $1 AND next_at IS NOT NULL',
        [orderId],
      );
      await rows(
        shop.database.manager,
        'UPDATE purchase_orders SET remind_at = now() WHERE id = $1 AND remind_at IS NOT NULL',
        [orderId],
      );
      await look();
    },
    async receive(received: number, receiptId: string = newId()) {
      const { id: accountId } = await buildAccount(shop.database);
      const at = Date.now();
      await shop.run((transaction) =>
        receiveGoods(transaction, {
          ...{ orderId, receiptId, accountId, note: null, at },
          lines: [{ variantId, received, refused: 0 }],
        }),
      );
      await look();
    },
    /** A reply of the supplier, as the API stores it. */
    async reply(
      type: string,
      {
        data = {},
        signedBy = key,
        agoSeconds = 0,
      }: { data?: object; signedBy?: Buffer; agoSeconds?: number } = {},
    ) {
      const webhookId = randomUUID();
      const signedAt = Math.floor(Date.now() / 1_000) - agoSeconds;
      const body = Buffer.from(JSON.stringify({ type, data: { orderId, ...data } }));
      const signature = signWebhook([signedBy], { id: webhookId, timestamp: signedAt, body });
      await shop.run((transaction) =>
        storeReply(transaction, { supplierId, orderId, webhookId, signedAt, signature, body }),
      );
      await look();
    },
  };
}
