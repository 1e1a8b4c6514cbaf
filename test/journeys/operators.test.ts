import { expect, test } from 'vitest';

import { checkoutWorkflowId } from '../../workflows/checkout/checkout.contract';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.contract';
import { Buyer } from '../support/buyer';
import { eventually } from '../support/eventually';
import { journeyShop } from '../support/journey';
import type { Shop } from '../support/shop';
import { workflowOf } from '../support/workflow';

const NEVER = 3_600_000;
const journey = journeyShop({ edge: { trustedProxies: 1 } });

/** The ids of the workflows that an operator's filter finds. */
async function found({ temporal }: Shop, query: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of temporal.workflow.list({ query })) ids.push(workflowId);
  return ids;
}

const untilFound = (shop: Shop, query: string, orderId: string, isThere = true): Promise<string[]> =>
  eventually(
    () => found(shop, query),
    (ids) => ids.includes(checkoutWorkflowId(orderId)) === isThere,
  );

test('operators find an order by its number, status, gateway, article, amount and deadline', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const item = await journey.takeItem();
  const placed = await buyer.order(item, 2);
  const orderId = placed.order.id;

  for (const query of [
    `OrderNumber = ${placed.order.number}`,
    'OrderStatus = "AwaitingPayment"',
    'Gateway = "zarinpal" AND OrderStatus = "AwaitingPayment"',
    `Sku = "${item.sku}"`,
    `AmountRial = ${item.price * 2}`,
    `PaymentDeadline > "${new Date().toISOString()}"`,
  ]) {
    await untilFound(shop, query, orderId);
  }

  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);

  await untilFound(shop, 'OrderStatus = "Placed"', orderId);
  await untilFound(shop, 'OrderStatus = "AwaitingPayment"', orderId, false);
});

test('operators find an order by its authority once its payment was polled, paid or not', async () => {
  const { shop } = journey;
  const [paying, hesitating] = [new Buyer(shop), new Buyer(shop, '203.0.113.78')];
  const paid = await paying.order(await journey.takeItem());
  const unpaid = await hesitating.order(await journey.takeItem());

  await paying.comeBack((await shop.zarinpal.pay(paid.authority)).callbackUrl);
  await hesitating.comeBack((await shop.zarinpal.refuse(unpaid.authority)).callbackUrl);

  await untilFound(shop, `PaymentAuthority = "${paid.authority}"`, paid.order.id);
  const awaiting = `PaymentAuthority = "${unpaid.authority}" AND OrderStatus = "AwaitingPayment"`;
  await untilFound(shop, awaiting, unpaid.order.id);
});

test('an order is searchable before its gateway is asked, and again with what ends its workflow', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
  const workflow = workflowOf(shop, placed.order.id);
  await workflow.untilEnded();

  const { events } = await workflow.handle.fetchHistory();

  const told = events!.flatMap((event) => {
    if (event.upsertWorkflowSearchAttributesEventAttributes) return ['searchable'];
    return event.activityTaskScheduledEventAttributes?.activityType?.name ?? [];
  });
  expect(told).toEqual(['searchable', 'requestPayment', 'verifyPayment', 'searchable']);
});

test('operators read in one place how an order stands', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const workflow = workflowOf(shop, placed.order.id);

  const awaiting = await workflow.details();
  expect(awaiting).toContain(`**Order ${placed.order.number}** – awaiting_payment`);
  expect(awaiting).toContain(`Awaits payment until ${placed.order.paymentDeadline}`);
  expect(awaiting).toContain('**open** at zarinpal');
  expect(awaiting).toContain(`authority \`${placed.authority}\``);
  const description = await workflow.handle.describe();
  expect(await description.staticSummary()).toBe(
    `An order of ${placed.order.total.amount.toLocaleString('en-US')} rial, to be paid with zarinpal`,
  );

  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
  const settled = await eventually(workflow.details, (details) => details.includes('placed'));
  const { refId } = await shop.zarinpal.session(placed.authority);
  expect(settled).toContain(`**settled** at zarinpal\n\n- receipt \`${refId}\``);
  expect(settled).not.toContain('payable until');
});

test('nothing of a workflow tells who the buyer is, what the tokens are or what the merchant’s secret is', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop, '203.0.113.77');
  const placed = await buyer.order(await journey.takeItem());
  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
  const history = JSON.stringify(await workflowOf(shop, placed.order.id).handle.fetchHistory());
  const payloads = [...history.matchAll(/"data":"([\w+/=]+)"/g)];

  const told = history + payloads.map(([, data]) => Buffer.from(data!, 'base64').toString()).join('\n');

  expect(told).toContain(placed.authority);
  const secrets = [
    buyer.cartToken,
    placed.orderToken,
    '203.0.113.77',
    '00000000-0000-4000-8000-000000000000',
    'cardHash',
    'card_hash',
  ];
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
});

test('operators find what needs a person and nothing else', async () => {
  const shop = await journey.shop.withTerms({ checkout: { retryFirstMs: NEVER, retryMostMs: NEVER } });
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  const calm = await new Buyer(shop).order(await journey.takeItem());
  await shop.zarinpal.fault({
    kind: 'code',
    code: -11,
    endpoint: 'verify',
    authority: placed.authority,
    times: null,
  });
  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);

  const needing = await untilFound(shop, 'NeedsAttention = true', placed.order.id);

  expect(needing).not.toContain(checkoutWorkflowId(calm.order.id));
  await shop.zarinpal.clearFaults();
  await workflowOf(shop, placed.order.id).retry();
  await untilFound(shop, 'NeedsAttention = true', placed.order.id, false);
  const { typedSearchAttributes } = await workflowOf(shop, placed.order.id).handle.describe();
  expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.needsAttention)).toBe(false);
});

test('an order costs few events of its workflow', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem());
  await buyer.comeBack((await shop.zarinpal.pay(placed.authority)).callbackUrl);
  const workflow = workflowOf(shop, placed.order.id);
  await workflow.untilEnded();

  const { events } = await workflow.handle.fetchHistory();

  expect(events!.length).toBeLessThanOrEqual(32);
});
