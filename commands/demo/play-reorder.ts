import { randomUUID } from 'node:crypto';

import type { ApiClient } from '../../api/client/client';
import type { DecisionView, LevelView, PurchaseOrderView } from '../../api/client/generated';
import { Browser } from './browser';
import { checkAllInvariants, type Check } from './checks';
import type { ShopAddresses } from './find-shop';
import { checkLine } from './report';
import { Shopper } from './shopper';
import { signIn } from './sign-in';
import { signInAdmin } from './staff';
import { Timeline } from './timeline';
import { until } from './until';

export const REORDER_SUMMARY = 'goods sell down, the shop orders them from their supplier, and they arrive';

/** Units that are left to sell until the shop reorders, and those that it fills up by. */
const [UNTIL_LOW, FILLED_BY] = [1, 12];
const WITHIN_MS = 60_000;
const POLL_MS = 500;

/**
 * Sells until a variant is low, follows the decision and the purchase order to the supplier's sandbox, and receives the goods.
 *
 * @param directory where the shop keeps its state and the secrets that make an admin
 * @returns the checks that failed
 */
export async function playReorder(
  shop: ShopAddresses,
  directory: string,
  print: (line: string) => void,
): Promise<Check[]> {
  const timeline = new Timeline();
  const checks: Check[] = [];
  try {
    const staff = await signInAdmin(shop, directory, timeline);
    const level = await chooseLevel(staff);
    const supplierId = await addSupplier(shop, staff, level, timeline);
    const policyId = await beginPolicy(staff, level, timeline);
    const since = Date.now();
    await sellOne(shop, timeline);
    const decision = await decisionOf(staff, policyId, since, timeline);
    const ordered = await orderGoods(staff, decision, timeline);
    await replyOf(shop, ordered, timeline);
    const received = await receiveAll(staff, ordered, timeline);
    const after = await readLevel(staff, level);
    timeline.said('shop', `the purchase order is ${received.status}, ${after.onHand} units are on the shelf`);
    checks.push(
      {
        sentence: 'the shop has ordered once for one need',
        holds: received.supplierId === supplierId && received.lines.length === 1,
        found: `${received.lines.length} lines`,
      },
      { sentence: 'the goods have arrived', holds: received.status === 'received', found: received.status },
      {
        sentence: 'the stock is filled up again',
        holds: after.onHand === level.onHand - UNTIL_LOW + decision.ordered,
        found: `${after.onHand} on hand`,
      },
    );
    print([...timeline.lines(), '', ...linksOf(shop, received), ''].join('\n'));
  } catch (error) {
    print([...timeline.lines(), ''].join('\n'));
    const found = error instanceof Error ? error.message : String(error);
    checks.push({ sentence: 'the goods sell down and come back', holds: false, found });
  }
  checks.push(await checkAllInvariants(shop.databaseUrl));
  for (const check of checks) print(checkLine(check));
  return checks.filter(({ holds }) => !holds);
}

/** The level of what the buyer of the demo takes: the first product that is in stock. */
async function chooseLevel(staff: ApiClient): Promise<LevelView> {
  const { data: list } = await staff.call('listProducts', { query: { inStock: true, limit: 1 } });
  const { data: product } = await staff.call('getProduct', { path: { slug: list.items[0]!.slug } });
  const variant = product.variants.find((it) => it.inStock)!;
  const { data: levels } = await staff.call('listLevels', { query: { sku: variant.sku } });
  return levels.items.find(({ onHand }) => onHand > 0)!;
}

const readLevel = async (staff: ApiClient, { sku, locationId }: LevelView): Promise<LevelView> =>
  (await staff.call('listLevels', { query: { sku, locationId } })).data.items[0]!;

async function addSupplier(
  { supplierUrl }: ShopAddresses,
  staff: ApiClient,
  { sku, variantId }: LevelView,
  timeline: Timeline,
): Promise<string> {
  const { data: supplier } = await staff.call('createSupplier', {
    headers: { 'Idempotency-Key': randomUUID() },
    body: {
      ...{ channel: 'webhook', name: 'پخش نمونه', address: `${supplierUrl}/orders` },
      ...{ leadDays: 2, cutoffMinute: 840, weekdays: [0, 1, 2, 3, 4, 5] },
    },
  });
  await control(`${supplierUrl}/_sandbox/secret`, 'PUT', { secret: supplier.secret });
  await staff.call('saveSupplierItem', {
    path: { id: supplier.id, variantId },
    body: { supplierSku: `P-${sku}`, pack: 4, unitCost: 1_000_000, preferred: true },
  });
  timeline.said('staff', `names a supplier for ${sku}, in packs of 4`);
  return supplier.id;
}

/** A variant has one policy. A demo before this one may have begun it. */
async function beginPolicy(staff: ApiClient, level: LevelView, timeline: Timeline): Promise<string> {
  const { variantId, onHand } = level;
  const [min, max] = [onHand - UNTIL_LOW, onHand - UNTIL_LOW + FILLED_BY];
  const body = { policy: { kind: 'min_max', min, max } } as const;
  timeline.said('staff', `has it ordered at ${min} units up to ${max}; ${onHand} are there`);
  const { data: known } = await staff.call('listReplenishmentPolicies', { query: { variantId } });
  const [policy] = known.items;
  if (policy) {
    const headers = { 'If-Match': `"${policy.version}"` };
    await staff.call('changeReplenishmentPolicy', { path: { id: policy.id }, headers, body });
    return policy.id;
  }
  const { data: begun } = await staff.call('beginReplenishmentPolicy', {
    headers: { 'Idempotency-Key': randomUUID() },
    body: { variantId, ...body },
  });
  return begun.id;
}

async function sellOne(shop: ShopAddresses, timeline: Timeline): Promise<void> {
  const browser = new Browser(timeline, ({ origin }) => (origin === shop.zarinpalUrl ? 'Zarinpal' : 'shop'));
  const { api } = await signIn(shop, timeline);
  const { payPage } = await new Shopper(api, timeline).order();
  await browser.press(await browser.open(payPage), 'pay');
}

async function decisionOf(
  staff: ApiClient,
  policyId: string,
  since: number,
  timeline: Timeline,
): Promise<DecisionView> {
  const [decision] = await until(
    async () => (await staff.call('listReplenishmentDecisions', { path: { id: policyId } })).data.items,
    ([newest]) => newest !== undefined && Date.parse(newest.at) > since,
    WITHIN_MS,
    () => 'nothing was decided',
    POLL_MS,
  );
  timeline.said('workflow', decision!.sentence, Date.parse(decision!.at));
  return decision!;
}

/** Staff do not wait for the supplier's cut-off, and approve what a person must approve. */
async function orderGoods(
  staff: ApiClient,
  { orderId }: DecisionView,
  timeline: Timeline,
): Promise<PurchaseOrderView> {
  const path = { id: orderId! };
  const { data: submitted } = await staff.call('submitPurchaseOrder', { path });
  timeline.said('staff', `submits purchase order ${submitted.number}: ${submitted.status}`);
  if (submitted.status === 'awaiting_approval') {
    timeline.said('staff', `approves it (${submitted.approvalReasons.join(', ')})`);
    await staff.call('approvePurchaseOrder', { path });
  }
  const ordered = await until(
    async () => (await staff.call('getPurchaseOrder', { path })).data,
    ({ status }) => status === 'ordered',
    WITHIN_MS,
    ({ status }) => `the purchase order is ${status}`,
    POLL_MS,
  );
  timeline.said('supplier', `has the order ${ordered.number}`);
  return ordered;
}

async function replyOf(
  { supplierUrl }: ShopAddresses,
  { id }: PurchaseOrderView,
  timeline: Timeline,
): Promise<void> {
  await control(`${supplierUrl}/_sandbox/orders/${id}/replies`, 'POST', {
    ...{ reply: 'accepted', lines: null, expectedAt: null },
  });
  timeline.said('supplier', 'accepts it, and the goods are on their way');
}

async function receiveAll(
  staff: ApiClient,
  order: PurchaseOrderView,
  timeline: Timeline,
): Promise<PurchaseOrderView> {
  await until(
    async () => (await staff.call('getPurchaseOrder', { path: { id: order.id } })).data,
    ({ lines }) => lines.every(({ confirmed }) => confirmed !== null),
    WITHIN_MS,
    () => "the supplier's reply was not read",
    POLL_MS,
  );
  const lines = order.lines.map(({ variantId, ordered }) => ({ variantId, received: ordered }));
  const { data } = await staff.call('receivePurchaseOrder', {
    path: { id: order.id },
    body: { receiptId: randomUUID(), lines },
  });
  timeline.said('staff', 'counts the delivery and books it');
  return data;
}

async function control(url: string, method: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${url}: HTTP ${response.status} ${await response.text()}`);
}

function linksOf(shop: ShopAddresses, { id }: PurchaseOrderView): string[] {
  const { temporalUiUrl, temporalAddress, temporalNamespace, supplierUrl } = shop;
  const workflowId = `purchase-order:${id}`;
  return [
    `the supplier   ${supplierUrl}`,
    `its workflow   ${
      temporalUiUrl
        ? `${temporalUiUrl}/namespaces/${temporalNamespace}/workflows/${encodeURIComponent(workflowId)}`
        : `temporal workflow describe --address ${temporalAddress} --namespace ${temporalNamespace} -w ${workflowId}`
    }`,
  ];
}
