import { afterAll, beforeAll, expect, test } from 'vitest';

import { DEFAULT_LOCATION_ID } from '../../entities/inventory/stock-location';
import {
  addToCollectingOrder,
  type AddToCollectingOrder,
} from '../../entities/purchasing/add-to-collecting-order';
import { arrivalAfter, cutoffAfter, patienceEndsAfter } from '../../entities/purchasing/supplier-instants';
import { newId } from '../../entities/values/uuid';
import { buildStockedVariant } from '../support/factories/stocked-variant';
import { buildSupplier, buildSupplierItem } from '../support/factories/suppliers';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
beforeAll(async () => {
  shop = await openShopDatabase();
});
afterAll(async () => {
  await shop.assertInvariantsHold();
  await shop.close();
});

/** A Saturday, at 10:00 in Tehran. */
const AT = new Date('2026-11-28T06:30:00Z');

const add = (request: Partial<AddToCollectingOrder> & { variantId: string }) =>
  shop.run((transaction) =>
    addToCollectingOrder(transaction, {
      ...{ locationId: DEFAULT_LOCATION_ID, quantity: 12, decisionId: newId(), approval: [], at: AT },
      ...request,
    }),
  );

const linesOf = (orderId: string) =>
  rows<{ variantId: string; ordered: number }>(
    shop.database.manager,
    `SELECT variant_id AS "variantId", ordered FROM purchase_order_lines WHERE order_id = $1`,
    [orderId],
  );

test('needs at the same time are collected in one order until its cut-off, each once', async () => {
  const supplierId = await buildSupplier(shop.database);
  const { variantId } = await buildSupplierItem(shop.database, supplierId);
  const { variantId: other } = await buildSupplierItem(shop.database, supplierId);
  const decisions = Array.from({ length: 6 }, () => newId());
  const added = await Promise.all(
    [...decisions, ...decisions].map((decisionId, at) =>
      add({ variantId: at % 2 === 0 ? variantId : other, decisionId }).catch((error: unknown) => error),
    ),
  );
  const again = await Promise.all(
    decisions.map((decisionId, at) => add({ variantId: at % 2 === 0 ? variantId : other, decisionId })),
  );
  expect(new Set(again.map((it) => it.kind === 'added' && it.orderId)).size).toBe(1);
  expect(added.filter((it) => !(it instanceof Error)).length).toBeGreaterThanOrEqual(6);
  const [order] = again;
  if (order?.kind !== 'added') throw new Error('nothing was added');
  const lines = await linesOf(order.orderId);
  expect(lines.toSorted((a, b) => a.variantId.localeCompare(b.variantId))).toEqual(
    [
      { variantId, ordered: 36 },
      { variantId: other, ordered: 36 },
    ].toSorted((a, b) => a.variantId.localeCompare(b.variantId)),
  );
});

test('nobody is asked for what no supplier sells, and a paused supplier gets nothing new', async () => {
  const { id } = await buildStockedVariant(shop.database);
  expect(await add({ variantId: id })).toEqual({ kind: 'no_supplier' });
  const supplierId = await buildSupplier(shop.database, { status: 'paused' });
  const { variantId } = await buildSupplierItem(shop.database, supplierId);
  expect(await add({ variantId })).toEqual({ kind: 'supplier_paused', supplierId });
});

test('an order is collected until the next cut-off on a working day, and arrives after the lead time over Nowruz', async () => {
  const { manager } = shop.database;
  const hours = { leadDays: 3, cutoffMinute: 14 * 60, weekdays: [0, 2, 4] };
  expect(await cutoffAfter(manager, hours, AT)).toEqual(new Date('2026-11-28T10:30:00Z'));
  // Sunday: the supplier takes orders on Mondays.
  expect(await cutoffAfter(manager, hours, new Date('2026-11-28T10:31:00Z'))).toEqual(
    new Date('2026-11-30T10:30:00Z'),
  );
  expect(await arrivalAfter(manager, hours, AT)).toEqual(new Date('2026-12-01T20:30:00Z'));
  // 27 Esfand 1405: only the 28th is a working day before the 14th of Farvardin.
  const beforeNowruz = new Date('2027-03-18T06:30:00Z');
  expect(
    (await arrivalAfter(manager, { ...hours, weekdays: [0, 1, 2, 3, 4, 5] }, beforeNowruz)).toISOString() >
      '2027-04-03',
  ).toBe(true);
  // Expected by the end of Thursday, 3 December: patience ends after Saturday and Sunday.
  expect(await patienceEndsAfter(manager, new Date('2026-12-03T20:30:00Z'))).toEqual(
    new Date('2026-12-06T20:30:00Z'),
  );
});

test('the instants of an order know the holidays that staff have put right', async () => {
  const { manager } = shop.database;
  const hours = { leadDays: 1, cutoffMinute: 14 * 60, weekdays: [0, 2, 4] };
  const saturday = new Date('2027-01-09T06:30:00Z');
  expect(await cutoffAfter(manager, hours, saturday)).toEqual(new Date('2027-01-09T10:30:00Z'));
  await rows(
    manager,
    `INSERT INTO calendar_days (day, holiday, is_certain, is_corrected)
     VALUES ('2027-01-09', 'Snow', true, true), ('2027-01-12', 'Snow', true, true)`,
  );
  expect(await cutoffAfter(manager, hours, saturday)).toEqual(new Date('2027-01-11T10:30:00Z'));
  expect(await arrivalAfter(manager, hours, saturday)).toEqual(new Date('2027-01-13T20:30:00Z'));
  expect(await patienceEndsAfter(manager, new Date('2027-01-10T20:30:00Z'))).toEqual(
    new Date('2027-01-13T20:30:00Z'),
  );
});
