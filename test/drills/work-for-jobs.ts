import { randomUUID } from 'node:crypto';

import { WorkflowNotFoundError } from '@temporalio/common';
import { inject } from 'vitest';

import { addHotAddresses } from '../../entities/cache/hot-addresses';
import { nextTellingTime } from '../../entities/calendar/telling-hours';
import { requestAttachment } from '../../entities/chat/attach-file';
import { changeProfile } from '../../entities/customers/change-profile';
import { importCatalog } from '../../entities/imports/import-catalog';
import { requestUpload } from '../../entities/pictures/request-upload';
import type { Transaction } from '../../entities/sql';
import { newId } from '../../entities/values/uuid';
import { withTransaction } from '../../platform/transaction';
import { campaignWorkflowId } from '../../workflows/campaigns/campaign.contract';
import { checkoutWorkflowId } from '../../workflows/checkout/checkout.contract';
import { catalogImportWorkflowId } from '../../workflows/imports/catalog-import.contract';
import { purchaseOrderWorkflowId } from '../../workflows/purchasing/purchase-order.contract';
import { smsDeliveryWorkflowId } from '../../workflows/sms/sms-delivery.contract';
import { ticketSlaWorkflowId } from '../../workflows/support/ticket-sla.contract';
import { eventually } from '../support/eventually';
import { buildAccount, buildSession } from '../support/factories/accounts';
import { buildStarted } from '../support/factories/campaigns';
import { buildCategory, buildProduct } from '../support/factories/catalog';
import { buildRow, linesOf } from '../support/factories/catalog-table';
import { buildGroup } from '../support/factories/chat';
import { buildFilledCart } from '../support/factories/filled-cart';
import { fillCatalogue } from '../support/factories/large-catalogue';
import { buildLedger } from '../support/factories/ledger';
import { buildOrder } from '../support/factories/orders';
import { buildPolicy } from '../support/factories/policies';
import { buildPurchaseOrder } from '../support/factories/purchase-orders';
import { buildMessage } from '../support/factories/sms';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { buildSupplier, buildSupplierItem } from '../support/factories/suppliers';
import { buildTicket } from '../support/factories/tickets';
import type { ShopProcesses } from '../support/shop-processes';
import { rows } from '../support/sql';
import { databaseUrl } from '../support/templates';

const HOT = 20;
const LINES = 2_001;
const SOLD_A_DAY = 6;

/** What a job leaves when it has done its work once. */
export interface Effect {
  readonly job: string;
  readonly shown: () => Promise<unknown>;
  readonly is: unknown;
}

/** What processes need so that every job can do its work at once. */
export const forJobs = (ownerUrl: string): Record<string, string> => ({
  DATABASE_MAINTENANCE_URL: databaseUrl(
    inject('stack').postgresUrl,
    new URL(ownerUrl).pathname.slice(1),
    inject('stack').templates.maintenanceRole,
  ),
  // A worker that dies while it wakes workflows has noted them already: they are looked after again when they are overdue once more.
  ...{ WORKFLOW_OVERDUE_MS: '1000', SMS_OVERDUE_MS: '1000', PURCHASE_ORDER_OVERDUE_MS: '1000' },
  CAMPAIGN_OVERDUE_MS: '1000',
});

/**
 * Gives each job something to do, and several pages to those that work in pages: products, planned prices that began, a location that
 * was switched, old keys, carts that were left.
 */
export async function fillForJobs({ database, temporal }: ShopProcesses): Promise<Effect[]> {
  const run = <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    rows<Row>(database.manager, sql, values);
  const transact = <Result>(operation: (transaction: Transaction) => Promise<Result>) =>
    withTransaction(database, operation);
  const home = { database, run: transact };
  const count =
    (what: string, values: readonly unknown[] = []) =>
    async () =>
      (await run<{ n: number }>(`SELECT count(*)::integer AS n FROM ${what}`, values))[0]!.n;
  const isStarted = (workflowId: string) => async () => {
    try {
      await temporal.workflow.getHandle(workflowId).describe();
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };

  await fillCatalogue(database, 1_100);
  await run(`UPDATE product_listings SET priced_until = now() - interval '1 minute'`);
  await run(`UPDATE stock_locations SET showing_after = '00000000-0000-0000-0000-000000000000'`);
  await run(
    `INSERT INTO processed_steps (key, created_at)
     SELECT 'old ' || n, now() - interval '1 year' FROM generate_series(1, 12000) AS n`,
  );

  const carts = 3;
  for (let cart = 1; cart <= carts; cart += 1) {
    const { id: accountId } = await buildAccount(database);
    await transact((transaction) => changeProfile(transaction, { accountId, marketing: true }));
    const variant = await buildStockedVariant(database);
    await buildFilledCart(database, [{ variantId: variant.id, quantity: 1 }], accountId);
  }
  await run(`UPDATE carts SET updated_at = now() - interval '5 hours'`);

  const lost = await buildOrder(database);
  await run(
    `UPDATE orders SET created_at = created_at - interval '1 hour', payment_deadline = payment_deadline - interval '1 hour' WHERE id = $1`,
    [lost.id],
  );
  const message = await buildMessage(database, { kind: 'notice' });
  const code = await buildMessage(database);
  await run(
    `UPDATE sms_messages SET created_at = created_at - interval '1 hour', expires_at = expires_at - interval '1 hour'`,
  );

  const [pictureId, attachmentId] = [newId(), newId()];
  const { id: productId } = await buildProduct(database);
  const expiresAt = new Date(Date.now() - 2 * 3_600_000);
  await transact((transaction) =>
    requestUpload(transaction, {
      ...{ pictureId, productId, expiresAt, bytes: 1_000, uploadKey: `pictures/${newId()}.png` },
    }),
  );
  const { roomId, owner } = await buildGroup(home);
  await transact((transaction) =>
    requestAttachment(transaction, owner, {
      ...{ attachmentId, roomId, expiresAt, name: 'a file', type: 'image/png', bytes: 1_000 },
      objectKey: `chat/${newId()}.png`,
    }),
  );
  await run(`UPDATE attachments SET changed_at = now() - interval '2 hours'`);

  const importId = newId();
  const { slug: category } = await buildCategory(database);
  const staff = { ...(await buildSession(database, { kind: 'staff' })), requestId: newId() };
  await transact((transaction) =>
    importCatalog(transaction, staff, {
      ...{ id: importId, digest: randomUUID().replaceAll('-', '').repeat(2) },
      lines: linesOf(Array.from({ length: LINES }, () => buildRow({ category }))),
    }),
  );
  await run(`UPDATE catalog_imports SET created_at = now() - interval '1 hour'`);

  await transact((transaction) =>
    addHotAddresses(
      transaction,
      Array.from({ length: HOT }, (_, n) => ({
        ...{ name: `list minPrice=${n}`, kind: 'search', language: 'fa' as const, asked: 3 },
        address: `/api/v1/products?minPrice=${n}`,
      })),
    ),
  );

  const { id: ticketId } = await buildTicket(home, undefined, {
    now: new Date(Date.now() - 30 * 86_400_000),
  });
  // The sweep finds what became overdue within an hour each minute.
  await run(`UPDATE sla_clocks SET warn_at = now() - interval '6 minutes' WHERE ticket_id = $1`, [ticketId]);
  const { id: campaignId } = await buildStarted(
    database,
    {},
    { startsAt: new Date(Date.now() + 86_400_000) },
  );
  await run(`UPDATE campaigns SET created_at = created_at - interval '1 hour'`);
  const order = await buildPurchaseOrder(database);
  await run(`UPDATE purchase_orders SET created_at = created_at - interval '1 hour'`);
  const needed = await buildStockedVariant(database, { stock: 2 });
  await buildSupplierItem(database, await buildSupplier(database), { variantId: needed.id });
  await buildPolicy(database, needed.id);

  const sold = await buildStockedVariant(database, { stock: 0 });
  const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  await buildLedger(database, sold.id, [
    { at: `${day(6)} 00:00`, delta: 100 },
    ...[5, 4, 3].map((ago) => ({ at: `${day(ago)} 12:00`, delta: -SOLD_A_DAY, reason: 'sale' as const })),
  ]);
  const held = await buildStockedVariant(database);
  await run('UPDATE stock_levels SET reserved = 1 WHERE variant_id = $1', [held.id]);

  return [
    { job: 'payment-sweep', shown: isStarted(checkoutWorkflowId(lost.id)), is: true },
    { job: 'sms-sweep', shown: isStarted(smsDeliveryWorkflowId(message.id)), is: true },
    {
      job: 'sms-sweep',
      shown: count('sms_messages WHERE id = $1 AND variables IS NULL', [code.id]),
      is: 1,
    },
    {
      job: 'picture-sweep',
      shown: count(`product_pictures WHERE id = $1 AND status <> 'pending'`, [pictureId]),
      is: 1,
    },
    {
      job: 'attachment-sweep',
      shown: count(`attachments WHERE id = $1 AND status = 'removed' AND object_key = ''`, [attachmentId]),
      is: 1,
    },
    {
      job: 'catalog-import-sweep',
      async shown() {
        await eventually(isStarted(catalogImportWorkflowId(importId)), (it) => it);
        await temporal.workflow.getHandle(catalogImportWorkflowId(importId)).result();
        return count(`events WHERE type = 'variant.added' AND payload ->> 'variantId' IN (
          SELECT v.id::text FROM variants v JOIN products p ON p.id = v.product_id WHERE p.slug LIKE 'imported-%')`)();
      },
      is: LINES,
    },
    {
      job: 'cache-warming',
      // An API that has started asks for one too.
      async shown() {
        const complete = `{"addresses": ${HOT}, "asked": ${HOT}, "failed": 0, "gone": 0}`;
        return (await count(`job_runs WHERE job = 'cache-warming' AND result @> $1`, [complete])()) > 0;
      },
      is: true,
    },
    { job: 'listed-prices', shown: count('product_listings WHERE priced_until <= now()'), is: 0 },
    { job: 'switched-locations', shown: count('stock_locations WHERE showing_after IS NOT NULL'), is: 0 },
    { job: 'ticket-sweep', shown: isStarted(ticketSlaWorkflowId(ticketId)), is: true },
    { job: 'campaign-sweep', shown: isStarted(campaignWorkflowId(campaignId)), is: true },
    { job: 'purchasing-sweep', shown: isStarted(purchaseOrderWorkflowId(order.orderId)), is: true },
    {
      job: 'replenishment-upkeep',
      shown: () => run('SELECT units FROM demand_daily WHERE variant_id = $1 AND units > 0', [sold.id]),
      is: Array.from({ length: 3 }, () => ({ units: SOLD_A_DAY })),
    },
    {
      job: 'low-stock-scan',
      shown: () =>
        eventually(
          () => run('SELECT quantity FROM purchase_order_requests WHERE variant_id = $1', [needed.id]),
          (found) => found.length > 0,
        ),
      is: [{ quantity: 28 }],
    },
    {
      job: 'hold-audit',
      shown: count(
        `job_runs WHERE job = 'hold-audit' AND (result #>> '{found,reserved_differs}')::integer > 0`,
      ),
      is: 1,
    },
    // Customers are not told at night.
    {
      job: 'cart-abandonment',
      shown: count('cart_reminders'),
      is: nextTellingTime(new Date()) > new Date() ? 0 : carts,
    },
    {
      job: 'recommendations',
      async shown() {
        return (await count(`product_recommendations WHERE kind = 'similar'`)()) > 0;
      },
      is: true,
    },
    {
      job: 'analytics-rollup',
      shown: () =>
        run(`SELECT sum(value)::integer AS orders FROM analytics_days WHERE figure = 'orders' AND hour = -1`),
      is: [{ orders: 1 }],
    },
    {
      job: 'database-maintenance',
      shown: count(`pg_stat_user_tables WHERE relname = 'processed_steps' AND analyze_count > 0`),
      is: 1,
    },
    { job: 'retention', shown: count(`processed_steps WHERE key LIKE 'old %'`), is: 0 },
  ];
}
