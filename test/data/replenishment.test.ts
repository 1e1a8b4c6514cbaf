import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { approveOrder, cancelOrder } from '../../entities/purchasing/decide-purchase-order';
import { judgeReplies, storeReply } from '../../entities/purchasing/judge-replies';
import { submitOrderNow } from '../../entities/purchasing/submit-purchase-order';
import { changePolicy } from '../../entities/replenishment/change-policy';
import { computePolicies } from '../../entities/replenishment/compute-policies';
import { decideReplenishment } from '../../entities/replenishment/decide-replenishment';
import { findNeeds } from '../../entities/replenishment/find-needs';
import type { Transaction } from '../../entities/sql';
import { cancelForgottenDrafts, remindOfDrafts } from '../../entities/transfers/tend-drafts';
import { newId } from '../../entities/values/uuid';
import { buildAccount } from '../support/factories/accounts';
import { buildOrder } from '../support/factories/orders';
import { buildPolicy } from '../support/factories/policies';
import { buildAdmin } from '../support/factories/staff';
import { buildLocation, receive } from '../support/factories/stock-locations';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { buildSupplier, buildSupplierItem } from '../support/factories/suppliers';
import { interleave } from '../support/interleave';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const DAY_MS = 86_400_000;

const look = ({ id }: { readonly id: string }) =>
  shop.run((transaction) => decideReplenishment(transaction, { variantId: id }));

/** A variant with so many units that a supplier sells. */
async function buildBought(
  stock: number,
  item: Parameters<typeof buildSupplierItem>[2] = {},
): Promise<StockedVariant & { supplierId: string }> {
  const variant = await buildStockedVariant(shop.database, { stock });
  const supplierId = await buildSupplier(shop.database);
  await buildSupplierItem(shop.database, supplierId, { ...item, variantId: variant.id });
  return { ...variant, supplierId };
}
const orderedOf = async ({ id }: { readonly id: string }) => {
  const lines = await rows<{ ordered: number }>(
    shop.database.manager,
    'SELECT ordered FROM purchase_order_lines WHERE variant_id = $1 ORDER BY ordered',
    [id],
  );
  return lines.map(({ ordered }) => ordered);
};
const decisionsOf = ({ id }: { readonly id: string }) =>
  rows<{ ordered: number; transferred: number; why: { position: { total: number }; result: object } }>(
    shop.database.manager,
    `SELECT d.ordered, d.transferred, d.why FROM replenishment_decisions d
     JOIN replenishment_policies p ON p.id = d.policy_id WHERE p.variant_id = $1 ORDER BY d.at`,
    [id],
  );
const stuckOf = async ({ id }: { readonly id: string }) => {
  const [policy] = await rows<{ stuck: string | null; events: number }>(
    shop.database.manager,
    `SELECT p.stuck, (SELECT count(*)::integer FROM events e WHERE e.aggregate_id = p.id AND e.type = 'replenishment.stuck') AS events
     FROM replenishment_policies p WHERE p.variant_id = $1`,
    [id],
  );
  return policy;
};

describe('a need', () => {
  test('is met once, however often and at once somebody looks', async () => {
    const variant = await buildBought(4);
    await buildPolicy(shop.database, variant.id);
    await Promise.all(Array.from({ length: 12 }, () => look(variant)));
    expect(await orderedOf(variant)).toEqual([26]);
    expect(await decisionsOf(variant)).toMatchObject([
      {
        ordered: 26,
        transferred: 0,
        why: { position: { total: 4 }, result: { kind: 'order', quantity: 26 } },
      },
    ]);
  });

  test('is ordered in whole packs, and at least the minimum', async () => {
    const packs = await buildBought(4, { pack: 12 });
    const much = await buildBought(4, { minimumOrder: 100 });
    for (const variant of [packs, much]) {
      await buildPolicy(shop.database, variant.id);
      await look(variant);
    }
    expect([await orderedOf(packs), await orderedOf(much)]).toEqual([[36], [100]]);
  });

  test('is none while the position is above the point: paid goods lower it, a hundred unpaid carts do not', async () => {
    const variant = await buildBought(120);
    await buildPolicy(shop.database, variant.id, { policy: { kind: 'min_max', min: 110, max: 200 } });
    const cart = (stage: 'open' | 'paid') =>
      buildOrder(shop.database, { stage, lines: [{ variant, quantity: 1 }] });
    for (let carts = 0; carts < 100; carts += 1) await cart('open');
    await look(variant);
    expect(await orderedOf(variant)).toEqual([]);
    for (let carts = 0; carts < 10; carts += 1) await cart('paid');
    await look(variant);
    expect(await orderedOf(variant)).toEqual([90]);
  });

  test('of a paused policy waits, and so does one of a retired variant', async () => {
    const [paused, retired] = [await buildBought(0), await buildBought(0)];
    await buildPolicy(shop.database, paused.id, { paused: true });
    await buildPolicy(shop.database, retired.id);
    await rows(shop.database.manager, `UPDATE variants SET status = 'retired' WHERE id = $1`, [retired.id]);
    for (const variant of [paused, retired]) {
      await look(variant);
      expect(await orderedOf(variant)).toEqual([]);
    }
  });

  test('that nobody can meet is told once, and met when somebody can', async () => {
    const variant = await buildStockedVariant(shop.database, { stock: 1 });
    await buildPolicy(shop.database, variant.id);
    await look(variant);
    await look(variant);
    expect(await stuckOf(variant)).toEqual({ stuck: 'no_supplier', events: 1 });
    await buildSupplierItem(shop.database, await buildSupplier(shop.database), { variantId: variant.id });
    await look(variant);
    expect(await stuckOf(variant)).toEqual({ stuck: null, events: 1 });
    expect(await orderedOf(variant)).toEqual([29]);
  });

  test('of a policy that nothing was computed for is told, not guessed', async () => {
    const variant = await buildBought(0);
    await buildPolicy(shop.database, variant.id, { isComputed: false });
    await look(variant);
    expect(await stuckOf(variant)).toEqual({ stuck: 'no_inputs', events: 1 });
  });

  test('that a minimum order makes last for years asks a person', async () => {
    const variant = await buildBought(1, { minimumOrder: 5_000 });
    await buildPolicy(shop.database, variant.id);
    const { orderIds } = await look(variant);
    const [order] = await rows<{ reasons: string[] }>(
      shop.database.manager,
      'SELECT approval_reasons AS reasons FROM purchase_orders WHERE id = $1',
      [orderIds[0]],
    );
    expect(order!.reasons).toContain('days_of_demand');
    const [orderId] = orderIds as [string];
    expect(
      await shop.run((transaction) => submitOrderNow(transaction, { orderId, at: Date.now() })),
    ).toMatchObject({ order: { status: 'awaiting_approval', message: null } });
  });
});

describe('a need that somebody says no to', () => {
  const lastOrderOf = async ({ id }: { readonly id: string }) =>
    (
      await rows<{ id: string; reasons: string[] }>(
        shop.database.manager,
        `SELECT o.id, o.approval_reasons AS reasons FROM purchase_orders o JOIN purchase_order_lines l ON l.order_id = o.id
       WHERE l.variant_id = $1 ORDER BY o.number DESC LIMIT 1`,
        [id],
      )
    )[0]!;
  /** A need whose order a person has cancelled. */
  async function buildDeclined(stock = 4) {
    const variant = await buildBought(stock);
    const policyId = await buildPolicy(shop.database, variant.id);
    await look(variant);
    const { id: orderId } = await lastOrderOf(variant);
    await shop.run((transaction) => cancelOrder(transaction, { orderId, at: Date.now() }));
    return { ...variant, policyId };
  }
  /** The supplier gets the order and refuses it. */
  async function refused({ supplierId }: { readonly supplierId: string }, orderId: string): Promise<void> {
    const at = Date.now();
    const reply = { ...{ webhookId: newId(), signedAt: 1, signature: 'x' }, body: Buffer.from('x') };
    await shop.run((transaction) => submitOrderNow(transaction, { orderId, at }));
    const { id: accountId } = await buildAccount(shop.database);
    await shop.run((transaction) => approveOrder(transaction, { orderId, accountId, at }));
    await shop.run((transaction) => storeReply(transaction, { ...reply, orderId, supplierId }));
    await shop.run((transaction) =>
      judgeReplies(transaction, { orderId, at }, () => ({ verdict: 'genuine', answer: { kind: 'refused' } })),
    );
  }
  const lookIn = ({ id }: { readonly id: string }, days: number) =>
    shop.run((transaction) =>
      decideReplenishment(transaction, { variantId: id }, new Date(Date.now() + days * DAY_MS)),
    );

  test('is not ordered again by the next looks, and staff see why, until a week is over', async () => {
    const variant = await buildDeclined();
    for (let looks = 0; looks < 3; looks += 1) await look(variant);
    expect(await orderedOf(variant)).toHaveLength(1);
    expect(await stuckOf(variant)).toEqual({ stuck: 'declined', events: 1 });
    await lookIn(variant, 6.9);
    expect(await orderedOf(variant)).toHaveLength(1);
    await lookIn(variant, 7.1);
    expect(await orderedOf(variant)).toHaveLength(2);
    expect(await stuckOf(variant)).toMatchObject({ stuck: null });
  });

  test('is ordered again once half of what was left is gone', async () => {
    const variant = await buildDeclined();
    const sell = () => buildOrder(shop.database, { stage: 'paid', lines: [{ variant, quantity: 1 }] });
    await sell();
    await look(variant);
    expect(await orderedOf(variant)).toEqual([26]);
    await sell();
    await look(variant);
    expect(await orderedOf(variant)).toEqual([26, 28]);
  });

  test('of which nothing was left stays declined', async () => {
    const variant = await buildDeclined(0);
    await look(variant);
    expect(await orderedOf(variant)).toEqual([30]);
  });

  test('is ordered again when somebody saves the policy', async () => {
    const variant = await buildDeclined();
    const admin = await buildAdmin(shop.database);
    await shop.run((transaction) =>
      changePolicy(transaction, admin, {
        ...{ policyId: variant.policyId, seen: 1, valueLimit: null, paused: false, today: '2026-11-28' },
        policy: { kind: 'min_max', min: 5, max: 30 },
      }),
    );
    await look(variant);
    expect(await orderedOf(variant)).toHaveLength(2);
  });

  test('is ordered at once when another supplier is preferred', async () => {
    const variant = await buildDeclined();
    await rows(shop.database.manager, 'UPDATE supplier_items SET preferred = false WHERE variant_id = $1', [
      variant.id,
    ]);
    await buildSupplierItem(shop.database, await buildSupplier(shop.database), { variantId: variant.id });
    await look(variant);
    expect(await orderedOf(variant)).toEqual([26, 26]);
  });

  test('as its supplier is ordered again, with a person who approves it, or at once from another one', async () => {
    const refuse = async (variant: Awaited<ReturnType<typeof buildBought>>) => {
      await buildPolicy(shop.database, variant.id);
      await look(variant);
      await refused(variant, (await lastOrderOf(variant)).id);
      return variant;
    };
    const [same, other] = [await refuse(await buildBought(4)), await refuse(await buildBought(4))];
    await rows(shop.database.manager, 'UPDATE supplier_items SET preferred = false WHERE variant_id = $1', [
      other.id,
    ]);
    await buildSupplierItem(shop.database, await buildSupplier(shop.database), { variantId: other.id });
    for (const variant of [same, other]) await look(variant);
    expect((await lastOrderOf(same)).reasons).toContain('refused_before');
    expect((await lastOrderOf(other)).reasons).not.toContain('refused_before');
    expect(await orderedOf(other)).toEqual([26, 26]);
  });
});

describe('a need of one location', () => {
  test('is first served by another that has more than its own policy wants, then by the supplier', async () => {
    const variant = await buildBought(2);
    const rich = await buildLocation(shop.database, { sells: false });
    await receive(shop.database, variant.id, rich, 40);
    const policy = { kind: 'min_max', min: 5, max: 30 } as const;
    await buildPolicy(shop.database, variant.id, { policy, locationId: DEFAULT_LOCATION_ID });
    await buildPolicy(shop.database, variant.id, { policy, locationId: rich });
    await Promise.all([look(variant), look(variant)]);
    expect(await decisionsOf(variant)).toMatchObject([{ ordered: 0, transferred: 10 }]);
    const lines = await rows(
      shop.database.manager,
      `SELECT l.sent, t.status, t.created_by AS "createdBy" FROM stock_transfer_lines l
       JOIN stock_transfers t ON t.id = l.transfer_id WHERE l.variant_id = $1`,
      [variant.id],
    );
    expect(lines).toEqual([{ sent: 10, status: 'draft', createdBy: null }]);
    expect(await orderedOf(variant)).toEqual([]);
  });

  test('whose draft nobody ships is reminded of, cancelled after a week, and ordered instead', async () => {
    const variant = await buildBought(2);
    const rich = await buildLocation(shop.database, { sells: false });
    await receive(shop.database, variant.id, rich, 60);
    const policy = { kind: 'min_max', min: 5, max: 30 } as const;
    await buildPolicy(shop.database, variant.id, { policy, locationId: DEFAULT_LOCATION_ID });
    await buildPolicy(shop.database, variant.id, { policy, locationId: rich });
    await look(variant);
    const draft = () =>
      rows<{ id: string; status: string }>(
        shop.database.manager,
        `SELECT t.id, t.status FROM stock_transfers t JOIN stock_transfer_lines l ON l.transfer_id = t.id
         WHERE l.variant_id = $1`,
        [variant.id],
      );
    const draftId = (await draft())[0]!.id;
    const age = (days: number) =>
      rows(
        shop.database.manager,
        `UPDATE stock_transfers SET created_at = now() - $2::double precision * interval '1 day' WHERE id = $1`,
        [draftId, days],
      );
    const remind = async () => {
      const asked = { afterMs: 2 * DAY_MS, limit: 100 };
      const found = await shop.run((transaction) => remindOfDrafts(transaction, asked));
      return found.some(({ id }) => id === draftId);
    };
    const cancel = () => shop.run((transaction) => cancelForgottenDrafts(transaction, { limit: 100 }));
    expect(await remind()).toBe(false);
    await age(2.1);
    expect([await remind(), await remind()]).toEqual([true, false]);
    await cancel();
    await look(variant);
    expect(await orderedOf(variant)).toEqual([]);
    await age(7.1);
    const { variantIds } = await shop.run((transaction) =>
      findNeeds(transaction, { after: null, limit: 1_000 }),
    );
    expect(variantIds).toContain(variant.id);
    await cancel();
    expect(await draft()).toEqual([{ id: draftId, status: 'cancelled' }]);
    await look(variant);
    expect(await orderedOf(variant)).toEqual([28]);
  });

  test('is watched from the moment at which its stock level is made, also between two nights', async () => {
    const variant = await buildBought(50);
    const [place, shared, depot] = [
      await buildLocation(shop.database),
      await buildLocation(shop.database),
      await buildLocation(shop.database, { sells: false }),
    ];
    const other = await buildBought(50);
    await buildPolicy(shop.database, variant.id, { locationId: place });
    await buildPolicy(shop.database, other.id);
    await receive(shop.database, variant.id, place, 7);
    for (const at of [shared, depot]) await receive(shop.database, other.id, at, 7);
    const watched = await rows(
      shop.database.manager,
      `SELECT reorder_point AS point, reorder_shared AS shared FROM stock_levels
       WHERE location_id = ANY ($1) ORDER BY array_position($1, location_id)`,
      [[place, shared, depot]],
    );
    expect(watched).toEqual([
      { point: 5, shared: false },
      { point: 5, shared: true },
      { point: null, shared: false },
    ]);
  });

  test('is ordered to that location when no other has a surplus', async () => {
    const variant = await buildBought(50);
    const poor = await buildLocation(shop.database);
    await buildPolicy(shop.database, variant.id, { locationId: poor });
    const { orderIds } = await look(variant);
    const [order] = await rows<{ place: string }>(
      shop.database.manager,
      'SELECT location_id AS place FROM purchase_orders WHERE id = $1',
      [orderIds[0]],
    );
    expect(order).toEqual({ place: poor });
    expect(await orderedOf(variant)).toEqual([30]);
  });
});

test('a policy that is changed while others compute keeps the band of its new terms', async () => {
  const variant = await buildBought(10);
  const policyId = await buildPolicy(shop.database, variant.id);
  const compute = (transaction: Transaction) =>
    computePolicies(transaction, { after: null, variantId: variant.id, limit: 10, today: '2026-11-28' });
  const { waited } = await interleave(
    shop,
    async (transaction) => {
      await rows(transaction, 'UPDATE replenishment_policies SET policy = $2 WHERE id = $1', [
        policyId,
        JSON.stringify({ kind: 'min_max', min: 8, max: 40 }),
      ]);
      await compute(transaction);
    },
    compute,
  );
  expect(waited).toBe(true);
  const bands = `SELECT p.reorder_point AS point, p.up_to AS top, l.reorder_point AS watched
    FROM replenishment_policies p JOIN stock_levels l USING (variant_id) WHERE p.id = $1`;
  expect(await rows(shop.database.manager, bands, [policyId])).toEqual([{ point: 8, top: 40, watched: 8 }]);
});

test('goods that are ordered for a location that does not sell meet no need of those that do', async () => {
  const variant = await buildBought(4);
  const depot = await buildLocation(shop.database, { sells: false });
  await buildPolicy(shop.database, variant.id, { locationId: depot });
  await look(variant);
  await rows(
    shop.database.manager,
    'UPDATE replenishment_policies SET location_id = NULL WHERE variant_id = $1',
    [variant.id],
  );
  await look(variant);
  expect(await orderedOf(variant)).toEqual([26, 30]);
});

test('the scan finds needs that no event has told, page by page, and nothing else', async () => {
  const needy = await Promise.all([buildBought(1), buildBought(2), buildBought(3)]);
  const [paused, rich] = [await buildBought(1), await buildBought(90)];
  for (const { id } of [...needy, rich]) await buildPolicy(shop.database, id);
  await buildPolicy(shop.database, paused.id, { paused: true });
  await look(needy[2]);
  const found: string[] = [];
  for (let after: string | null = null; ;) {
    const page = await shop.run((transaction) => findNeeds(transaction, { after, limit: 2 }));
    if (page.last === null) break;
    found.push(...page.variantIds);
    after = page.last;
  }
  const among = (variant: { readonly id: string }) => found.includes(variant.id);
  expect(needy.map(among)).toEqual([true, true, false]);
  expect([paused, rich].map(among)).toEqual([false, false]);
});
