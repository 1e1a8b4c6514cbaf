import { expect, test } from 'vitest';

import { checkoutWorkflowId } from '../../workflows/checkout/checkout.contract';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { authorityOf, Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { buildProduct } from '../support/factories/catalog';
import { journeyShop } from '../support/journey';
import type { Shop } from '../support/shop';
import { workflowOf } from '../support/workflow';

const journey = journeyShop();

/** The longest SKU, in letters of two bytes each. */
const longSku = (number: number): string => `${String(number).padStart(4, '0')}-${'ک'.repeat(59)}`;

async function isFoundBy({ temporal }: Shop, query: string, orderId: string): Promise<boolean> {
  for await (const { workflowId } of temporal.workflow.list({ query })) {
    if (workflowId === checkoutWorkflowId(orderId)) return true;
  }
  return false;
}

test('an order of fifty lines with the longest SKUs is placed and paid, and found by its first ones', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const skus = Array.from({ length: 50 }, (_unused, number) => longSku(number));
  const { variants } = await buildProduct(shop.database, {
    variants: skus.map((sku) => ({ sku, price: 20_000 })),
  });
  for (const { id, sku, price } of variants) await buyer.put({ variantId: id, sku, price, available: 10 });

  const placed = await buyer.checkout(50 * 20_000);

  expect([placed.status, placed.body.order.units, placed.body.payment.reason]).toEqual([201, 50, null]);
  const { handle } = workflowOf(shop, placed.body.order.id);
  const found = (await handle.describe()).typedSearchAttributes.get(SEARCH_ATTRIBUTES.skus)!;
  // A Temporal attribute holds 2,048 bytes. One of these SKUs takes 125 with its quotes and comma.
  expect(found).toEqual(skus.slice(0, 15));
  await eventually(
    () => isFoundBy(shop, `Sku = "${skus[0]}"`, placed.body.order.id),
    (isFound) => isFound,
  );
  const paid = await shop.zarinpal.pay(authorityOf(placed.body.payment.redirect));
  expect((await buyer.comeBack(paid.callbackUrl)).body.status).toBe('paid');
  expect((await buyer.read(placed.body)).body.order.status).toBe('placed');
});
