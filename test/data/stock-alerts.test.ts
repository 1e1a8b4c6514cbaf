import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { eraseAccount } from '../../entities/customers/erase-account';
import { bookStock } from '../../entities/inventory/book-stock';
import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import { blockAccount } from '../../entities/staff/block-account';
import { takeRoles } from '../../entities/staff/take-roles';
import { noteStockCrossings } from '../../entities/stock-alerts/note-crossings';
import { readSubscriptions } from '../../entities/stock-alerts/read-subscriptions';
import type { StockAlertKind } from '../../entities/stock-alerts/stock-subscription';
import { awaitStock, unsubscribe, unwatchStock, watchStock } from '../../entities/stock-alerts/subscribe';
import { tellOfStock } from '../../entities/stock-alerts/tell-of-stock';
import { newId } from '../../entities/values/uuid';
import { buildAccount } from '../support/factories/accounts';
import { buildAdmin, buildStaff, type BuiltStaff } from '../support/factories/staff';
import { buildLocation, receive } from '../support/factories/stock-locations';
import { buildWaiting, moveStock, toldOf as noticesOf } from '../support/factories/stock-waits';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { interleave } from '../support/interleave';
import { refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { row, rows } from '../support/sql';

let shop: ShopDatabase;
let admin: BuiltStaff;
beforeAll(async () => {
  shop = await openShopDatabase();
  admin = await buildAdmin(shop.database);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

const HOUR_MS = 3_600_000;
/** In Tehran. */
const NOON = new Date('2026-12-01T08:30:00Z');
const after = (ms: number) => new Date(NOON.getTime() + ms);

const book = (variantId: string, delta: number) => moveStock(shop.database, variantId, delta);
const received = (variantId: string, delta: number, locationId = DEFAULT_LOCATION_ID) => ({
  ...{ variantId, locationId, delta, ref: newId() },
});
const lose = (variantId: string, locationId: string, units: number) =>
  shop.run((transaction) =>
    bookStock(transaction, {
      ...received(variantId, -units, locationId),
      ...{ reason: 'correction', cause: 'lost' },
    }),
  );
const point = (variantId: string, reorderPoint: number | null, isShared = false) =>
  rows(
    shop.database.manager,
    'UPDATE stock_levels SET reorder_point = $2, reorder_shared = $3 WHERE variant_id = $1',
    [variantId, reorderPoint, isShared],
  );

/** What the workflow does at each look. */
async function look(variantId: string, now = NOON) {
  await shop.run((transaction) => noteStockCrossings(transaction, { variantId }));
  return shop.run((transaction) => tellOfStock(transaction, { variantId, now }));
}

const alertsOf = async (variantId: string) =>
  (
    await rows<{ kind: string }>(
      shop.database.manager,
      'SELECT kind FROM stock_alerts WHERE variant_id = $1 ORDER BY created_at, id',
      [variantId],
    )
  ).map(({ kind }) => kind);

const toldOf = (variantId: string) => noticesOf(shop.database, variantId);
const waiting = async (variantId: string, count: number) =>
  (await buildWaiting(shop.database, variantId, count)).map(({ accountId }) => accountId);
const waitFor = (accountId: string, variantId: string) =>
  shop.run((transaction) => awaitStock(transaction, { accountId, variantId, channel: 'sms' }));
const watch = (
  actor: BuiltStaff,
  kind: StockAlertKind,
  scope: { variantId?: string; categoryId?: string } = {},
) => shop.run((transaction) => watchStock(transaction, actor, { kind, channel: 'sms', scope }));
const subscriptionsOf = (accountId: string, audience: 'customer' | 'staff' = 'customer') =>
  readSubscriptions(shop.database.manager, { accountId, audience });
const codeOf = async (work: Promise<unknown>) => (await refusalOf(work)).code;
const soldOut = (overrides: Partial<StockedVariant> = {}) =>
  buildStockedVariant(shop.database, { stock: 0, ...overrides });

describe('a crossing', () => {
  test('of nothing and something free makes one alert each, however often it is looked at', async () => {
    const { id } = await buildStockedVariant(shop.database, { stock: 2 });
    await look(id);
    await book(id, -2);
    for (let times = 0; times < 3; times++) await look(id);
    await book(id, 1);
    await Promise.all([look(id), look(id), look(id)]);
    expect(await alertsOf(id)).toEqual(['back', 'out', 'back']);
  });

  test('that was undone before the look tells of the present only', async () => {
    const { id } = await buildStockedVariant(shop.database, { stock: 2 });
    await look(id);
    for (const delta of [-2, 1, -1, 3]) await book(id, delta);
    await look(id);
    expect(await alertsOf(id)).toEqual(['back', 'back']);
  });

  test('to and fro around the point makes one alert, until stock was a tenth above it', async () => {
    const { id } = await buildStockedVariant(shop.database, { stock: 30 });
    await point(id, 20);
    await look(id);
    for (const delta of [-10, 1, -1, 1, -2]) {
      await book(id, delta);
      await look(id);
    }
    expect(await alertsOf(id)).toEqual(['back', 'low']);
    await book(id, 3);
    await book(id, -3);
    await look(id);
    expect(await alertsOf(id)).toEqual(['back', 'low', 'low']);
  });

  test('of a shared point counts all locations that sell, and is rearmed by any of them', async () => {
    const other = await buildLocation(shop.database);
    const { id } = await buildStockedVariant(shop.database, { stock: 10 });
    await receive(shop.database, id, other, 10);
    await point(id, 12, true);
    await book(id, -8);
    await look(id);
    await lose(id, other, 1);
    await look(id);
    const third = await buildLocation(shop.database);
    await receive(shop.database, id, third, 4);
    await lose(id, other, 3);
    await look(id);
    expect(await alertsOf(id)).toEqual(['back', 'low', 'low']);
  });

  test('that was undone before the look leaves the next one its alert', async () => {
    const { id } = await buildStockedVariant(shop.database, { stock: 30 });
    await point(id, 20);
    for (const delta of [-15, 50]) await book(id, delta);
    await look(id);
    expect(await alertsOf(id)).toEqual(['back']);
    await book(id, -50);
    await look(id);
    expect(await alertsOf(id)).toEqual(['back', 'low']);
  });

  test.each([
    ['lowered below the stock', 4],
    ['lowered further than the stock', 2],
    ['taken away, and given again', null],
  ])('of a point that was %s leaves the next one its alert', async (_what, lowered) => {
    const { id } = await buildStockedVariant(shop.database, { stock: 30 });
    await point(id, 20);
    await book(id, -25);
    await look(id);
    await point(id, lowered);
    if (lowered === null) await point(id, 4);
    await look(id);
    await book(id, -1);
    await book(id, 2);
    await look(id);
    await book(id, -4);
    await look(id);
    expect(await alertsOf(id)).toEqual(['back', 'low', 'low']);
  });

  test('of a point that is raised has one alert, until stock is a tenth above the new one', async () => {
    const { id } = await buildStockedVariant(shop.database, { stock: 30 });
    await point(id, 20);
    await book(id, -15);
    await look(id);
    await point(id, 40);
    for (const delta of [26, -2]) await book(id, delta);
    await look(id);
    expect(await alertsOf(id)).toEqual(['back', 'low']);
    for (const delta of [5, -5]) await book(id, delta);
    await look(id);
    expect(await alertsOf(id)).toEqual(['back', 'low', 'low']);
  });

  test('of a point that is shared for some time has an alert each time', async () => {
    const { id } = await buildStockedVariant(shop.database, { stock: 30 });
    await book(id, -9);
    for (const isShared of [false, true, false]) {
      await point(id, 20, isShared);
      await book(id, -1);
      await look(id);
      await book(id, 1);
    }
    expect(await alertsOf(id)).toEqual(['back', 'low', 'low', 'low']);
  });

  test('of a variant that was retired meanwhile has its alert once it is sold again', async () => {
    const { id } = await buildStockedVariant(shop.database, { stock: 30 });
    await point(id, 20);
    await book(id, -15);
    await look(id);
    for (const status of ['retired', 'active'])
      await rows(shop.database.manager, 'UPDATE variants SET status = $2 WHERE id = $1', [id, status]);
    await book(id, 6);
    await book(id, -1);
    await look(id);
    expect(await alertsOf(id)).toEqual(['back', 'low', 'low']);
  });

  test('and the rise that rearms it at the same time leave the next one its alert', async () => {
    const { id } = await buildStockedVariant(shop.database, { stock: 30 });
    await point(id, 20);
    await book(id, -15);
    const { waited } = await interleave(
      shop,
      (transaction) => noteStockCrossings(transaction, { variantId: id }),
      (transaction) => bookStock(transaction, { ...received(id, 50), reason: 'received' }),
    );
    expect(waited).toBe(true);
    await book(id, 1);
    await book(id, -60);
    await look(id);
    expect((await alertsOf(id)).at(-1)).toBe('low');
    const open = await rows(
      shop.database.manager,
      "SELECT 1 FROM stock_alerts WHERE variant_id = $1 AND kind = 'low' AND rearmed_at IS NULL",
      [id],
    );
    expect(open).toHaveLength(1);
  });
});

describe('staff', () => {
  test('hear of a variant, of a category above it and of everything, once each', async () => {
    const [one, two, three] = [
      await buildStaff(shop.database, admin, 'staff'),
      await buildStaff(shop.database, admin, 'staff'),
      await buildStaff(shop.database, admin, 'staff'),
    ];
    const variant = await buildStockedVariant(shop.database, { stock: 1 });
    const categoryId = (await row<{ id: string }>(
      shop.database.manager,
      'SELECT category_id AS id FROM products WHERE id = $1',
      [variant.productId],
    ))!.id;
    await look(variant.id);
    await watch(one, 'out', { variantId: variant.id });
    await watch(one, 'out');
    await watch(two, 'out', { categoryId });
    await watch(three, 'low');
    const stranger = await soldOut();
    await watch(three, 'out', { variantId: stranger.id });
    await book(variant.id, -1);
    await look(variant.id);
    await look(variant.id);
    const told = await toldOf(variant.id);
    expect(told.map(({ accountId }) => accountId).toSorted()).toEqual(
      [one.accountId, two.accountId].toSorted(),
    );
    expect(told[0]).toMatchObject({ template: 'stock_out', kind: 'notice', text: variant.sku.slice(0, 25) });
    for (const actor of [one, two, three])
      for (const { id } of await subscriptionsOf(actor.accountId, 'staff'))
        await shop.run((transaction) => unwatchStock(transaction, actor, id));
  });

  test('hear at night too, but not of what came before they asked, nor once they are dismissed', async () => {
    const early = await buildStaff(shop.database, admin, 'staff');
    const variant = await buildStockedVariant(shop.database, { stock: 1 });
    await look(variant.id);
    const { subscription, isNew } = await watch(early, 'back', { variantId: variant.id });
    expect(isNew).toBe(true);
    expect(await watch(early, 'back', { variantId: variant.id })).toEqual({ subscription, isNew: false });
    await look(variant.id);
    expect(await toldOf(variant.id)).toEqual([]);
    await book(variant.id, -1);
    await look(variant.id);
    await book(variant.id, 1);
    await look(variant.id, new Date('2026-12-01T22:00:00Z'));
    expect(await toldOf(variant.id)).toHaveLength(1);
    const { accountId } = early;
    await shop.run((transaction) => takeRoles(transaction, admin, { accountId, role: null }));
    for (const delta of [-1, 1]) {
      await book(variant.id, delta);
      await look(variant.id);
    }
    expect(await toldOf(variant.id)).toHaveLength(1);
  });
});

describe('customers', () => {
  test('are told once, the oldest first and two for each free unit', async () => {
    const { id } = await soldOut();
    const people = await waiting(id, 7);
    await book(id, 2);
    const { messageIds, lookAgainInMs } = await look(id);
    expect(messageIds).toHaveLength(4);
    expect(lookAgainInMs).toBe(HOUR_MS);
    const told = async () => (await toldOf(id)).map(({ accountId }) => accountId).toSorted();
    expect(await told()).toEqual(people.slice(0, 4).toSorted());

    // The others wait while those four choose, unless more units come.
    expect(await look(id, after(HOUR_MS / 2))).toMatchObject({ lookAgainInMs: HOUR_MS });
    expect(await told()).toHaveLength(4);
    await book(id, 1);
    expect(await look(id, after(HOUR_MS / 2))).toMatchObject({ lookAgainInMs: HOUR_MS });
    expect(await told()).toEqual(people.slice(0, 6).toSorted());

    await book(id, -3);
    expect(await look(id, after(2 * HOUR_MS))).toMatchObject({ lookAgainInMs: null });
    expect(await told()).toHaveLength(6);
    await book(id, 1);
    await look(id, after(2 * HOUR_MS));
    expect(await told()).toEqual(people.toSorted());
    expect(await subscriptionsOf(people[0]!)).toEqual([]);
  });

  test('hear the next hour of what is still free, also where the public number does not change', async () => {
    const { id } = await soldOut();
    await waiting(id, 5);
    await book(id, 1);
    await look(id);
    expect(await toldOf(id)).toHaveLength(2);
    await look(id, after(HOUR_MS));
    expect(await toldOf(id)).toHaveLength(4);
  });

  test('sleep between nine in the evening and eight in the morning of Tehran', async () => {
    const { id } = await soldOut();
    await waiting(id, 1);
    await book(id, 5);
    const night = new Date('2026-12-01T17:30:00Z');
    expect(await look(id, night)).toEqual({ messageIds: [], lookAgainInMs: 11 * HOUR_MS });
    await book(id, -5);
    expect(await look(id, night)).toEqual({ messageIds: [], lookAgainInMs: null });
    await book(id, 5);
    const morning = new Date('2026-12-02T04:30:00Z');
    expect((await look(id, morning)).messageIds).toHaveLength(1);
  });

  test('of two looks at once are told once', async () => {
    const { id } = await soldOut();
    await waiting(id, 3);
    await book(id, 20);
    await look(id, new Date('2026-12-01T22:00:00Z'));
    await Promise.all([look(id), look(id), look(id)]);
    expect(await toldOf(id)).toHaveLength(3);
  });

  test('wait only for what is sold and out', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    const inStock = await buildStockedVariant(shop.database, { stock: 3 });
    const refusal = await refusalOf(waitFor(accountId, inStock.id));
    expect(refusal).toMatchObject({
      code: 'stock_subscription.available',
      details: { variantId: inStock.id, available: 3 },
    });
    const draft = await buildStockedVariant(shop.database, { stock: 0, productStatus: 'draft' });
    const retired = await buildStockedVariant(shop.database, { stock: 0, status: 'retired' });
    for (const { id } of [draft, retired, { id: newId() }])
      expect(await codeOf(waitFor(accountId, id))).toBe('catalog.variant_not_found');
  });

  test('wait for fifty variants at most, for each of them once, and can stop', async () => {
    const { id: accountId } = await buildAccount(shop.database);
    const variants = await Promise.all(Array.from({ length: 51 }, () => soldOut()));
    for (const { id } of variants.slice(0, 50)) await waitFor(accountId, id);
    expect(await codeOf(waitFor(accountId, variants[50]!.id))).toBe('stock_subscription.too_many');
    const { subscription, isNew } = await waitFor(accountId, variants[0]!.id);
    expect(isNew).toBe(false);
    const own = { id: subscription.id, accountId, audience: 'customer' as const };
    const stranger = await buildAccount(shop.database);
    const stop = (whose: typeof own) => shop.run((transaction) => unsubscribe(transaction, whose));
    expect(await codeOf(stop({ ...own, accountId: stranger.id }))).toBe('stock_subscription.not_found');
    await stop(own);
    expect(await codeOf(stop(own))).toBe('stock_subscription.not_found');
    expect(await subscriptionsOf(accountId)).toHaveLength(49);
  });

  test('wait no longer once the variant is retired, or they are blocked or erased', async () => {
    const { id } = await soldOut();
    const other = await soldOut();
    const [blocked, erased, patient] = (await waiting(id, 3)) as [string, string, string];
    await waitFor(patient, other.id);
    await shop.run((transaction) => blockAccount(transaction, admin, blocked));
    await shop.run((transaction) => eraseAccount(transaction, erased));
    expect(await subscriptionsOf(blocked)).toEqual([]);
    expect(await subscriptionsOf(erased)).toEqual([]);
    await rows(shop.database.manager, "UPDATE variants SET status = 'retired' WHERE id = $1", [id]);
    expect((await subscriptionsOf(patient)).map(({ variantId }) => variantId)).toEqual([other.id]);
  });
});
