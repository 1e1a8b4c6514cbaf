import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { requireLocation } from '../../entities/inventory/change-location';
import { bookByStaff } from '../../entities/inventory/correct-stock';
import type { Transaction } from '../../entities/sql';
import { approveCount, type OwnApproval } from '../../entities/stocktaking/approve-count';
import { cancelCount, countLine, openCount, removeCountLine } from '../../entities/stocktaking/count-stock';
import { importCounted } from '../../entities/stocktaking/import-counted';
import { readCountLines, requireCount } from '../../entities/stocktaking/read-counts';
import { newId } from '../../entities/values/uuid';
import { buildStaff, type BuiltStaff } from '../support/factories/staff';
import { ANY_DIFFERENCE } from '../support/factories/stock-work';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { interleave } from '../support/interleave';
import { codeOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openStockDesk, type StockDesk } from '../support/stock-desk';

let shop: ShopDatabase;
let desk: StockDesk;

beforeAll(async () => {
  shop = await openShopDatabase();
  desk = await openStockDesk(shop);
});
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

describe('a count', () => {
  const open = (id = newId()) =>
    shop.run((transaction) => openCount(transaction, desk.actor, { id, locationId: desk.place, note: null }));
  const count = (countId: string, variant: StockedVariant, counted: number | null, by = desk.actor) =>
    shop.run((transaction) => countLine(transaction, by, { countId, variantId: variant.id, counted }));
  const approve = (id: string, seen: number, by = desk.actor, own = ANY_DIFFERENCE) =>
    shop.run((transaction: Transaction) => approveCount(transaction, by, { id, seen, own }));
  const cancel = (id: string) => shop.run((transaction) => cancelCount(transaction, desk.actor, id));

  test('lets sales, receipts and shipments since it was counted survive', async () => {
    const variant = await desk.buildVariant(10);
    const waiting = await desk.order(variant, 2, 'paid');
    const { count: opened } = await open();
    expect(await codeOf(open())).toBe('count.location_busy');

    // Ten came, two are sold and still there, one was stolen: nine lie on the shelf.
    await count(opened.id, variant, null);
    await desk.order(variant, 3, 'paid');
    await desk.ship(waiting, variant, 2);
    const { version } = await count(opened.id, variant, 9);
    await desk.book(variant, { delta: 4 });
    expect(await shop.run((transaction) => readCountLines(transaction, opened.id))).toMatchObject([
      { expected: 10, counted: 9, difference: -1, onHand: 9 },
    ]);

    expect(await codeOf(approve(opened.id, version - 1))).toBe('count.changed');
    await approve(opened.id, version);
    expect(await approve(opened.id, version)).toMatchObject({
      status: 'approved',
      endedBy: desk.actor.accountId,
    });
    // Ten, less five sold, less one stolen, and four received.
    expect(await desk.levelOf(variant)).toEqual({ onHand: 8, reserved: 0, unshipped: 3 });
    expect(await codeOf(count(opened.id, variant, 9))).toBe('count.over');
    expect(await codeOf(cancel(opened.id))).toBe('count.over');
  });

  test('does not invent stock of what is paid and not shipped', async () => {
    const variant = await desk.buildVariant(5);
    await desk.order(variant, 2, 'paid');
    const { count: opened } = await open();
    const { version } = await count(opened.id, variant, 5);
    await approve(opened.id, version);
    expect(await desk.levelOf(variant)).toEqual({ onHand: 3, reserved: 0, unshipped: 2 });
  });

  test('below what orders hold is refused with the orders, paid ones too', async () => {
    const variant = await desk.buildVariant(6);
    const [sold, held] = [await desk.order(variant, 2, 'paid'), await desk.order(variant, 3)];
    const { count: opened } = await open();
    const { version } = await count(opened.id, variant, 4);
    const refusal = await refusalOf(approve(opened.id, version));
    expect(refusal).toMatchObject({
      code: 'stock.below_reserved',
      details: {
        shortages: [{ onHand: 4, reserved: 3, left: 2 }],
        holders: [
          { orderId: held.id, quantity: 3, isPaid: false },
          { orderId: sold.id, quantity: 2, isPaid: true },
        ],
      },
    });
    await cancel(opened.id);
    expect(await cancel(opened.id)).toMatchObject({ status: 'cancelled' });
  });

  test('with large differences is approved by somebody who has not counted', async () => {
    const variant = await desk.buildVariant(30);
    const { count: opened } = await open();
    const { version } = await count(opened.id, variant, 10, desk.colleague);
    const own = { mostUnits: 19, mostValue: Number.MAX_SAFE_INTEGER };
    expect(await codeOf(approve(opened.id, version, desk.colleague, own))).toBe('count.another_must_approve');
    const cheap = { mostUnits: 1_000, mostValue: 20 * variant.price - 1 };
    expect(await codeOf(approve(opened.id, version, desk.actor, cheap))).toBe('count.another_must_approve');
    const third = await buildStaff(shop.database, desk.actor, 'staff');
    await approve(opened.id, version, third, own);
    expect(await desk.levelOf(variant)).toMatchObject({ onHand: 10 });
  });

  test('books nothing twice: a line whose stock was corrected since it began is begun again', async () => {
    const variant = await desk.buildVariant(10);
    const { count: opened } = await open();
    await count(opened.id, variant, null);
    // One is missing. Somebody books it, and the counter finds it missing too.
    await desk.book(variant, { reason: 'correction', cause: 'lost', delta: -1 });
    const { version } = await count(opened.id, variant, 9);
    expect(await shop.run((transaction) => readCountLines(transaction, opened.id))).toMatchObject([
      { expected: 10, counted: 9, difference: -1, isOutdated: true },
    ]);
    expect(await refusalOf(approve(opened.id, version))).toEqual({
      code: 'count.corrected_since',
      details: { variantId: variant.id },
    });
    expect(await desk.levelOf(variant)).toMatchObject({ onHand: 9 });

    await count(opened.id, variant, null);
    const again = await count(opened.id, variant, 9);
    await approve(opened.id, again.version);
    expect(await desk.levelOf(variant)).toMatchObject({ onHand: 9 });
    await desk.book(variant, { reason: 'correction', cause: 'found', delta: 1 });
    expect(await shop.run((transaction) => readCountLines(transaction, opened.id))).toMatchObject([
      { isOutdated: false },
    ]);
  });

  test('waits for a correction that is booked while it is approved', async () => {
    const variant = await desk.buildVariant(10);
    const { count: opened } = await open();
    const { version } = await count(opened.id, variant, 9);
    const race = await interleave(
      shop,
      (transaction) =>
        bookByStaff(transaction, desk.colleague, {
          ...{
            variantId: variant.id,
            locationId: desk.place,
            reason: 'correction',
            cause: 'lost',
            delta: -1,
          },
          ref: newId(),
        }),
      (transaction) =>
        approveCount(transaction, desk.actor, { id: opened.id, seen: version, own: ANY_DIFFERENCE }),
    );
    expect(race.waited).toBe(true);
    expect(race.second).toMatchObject({ reason: { code: 'count.corrected_since' } });
  });

  test('is approved only once everything in it was counted, a renamed or retired variant too', async () => {
    const variant = await desk.buildVariant(3);
    const other = await buildStockedVariant(shop.database);
    const { count: opened } = await open();
    expect(await codeOf(approve(opened.id, 1))).toBe('count.unfinished');
    await count(opened.id, variant, 2);
    const begun = await count(opened.id, other, null);
    expect(await codeOf(approve(opened.id, begun.version))).toBe('count.unfinished');
    expect(await codeOf(count(opened.id, { ...other, id: newId() }, 1))).toBe('catalog.variant_not_found');
    const { version } = await shop.run((transaction) =>
      removeCountLine(transaction, desk.actor, { countId: opened.id, variantId: other.id }),
    );
    const sku = `${variant.sku}-NEW`;
    await rows(shop.database.manager, `UPDATE variants SET sku = $2, status = 'retired' WHERE id = $1`, [
      variant.id,
      sku,
    ]);
    await approve(opened.id, version);
    expect(await desk.levelOf({ ...variant, sku })).toMatchObject({ onHand: 2 });
  });
});

describe('an import', () => {
  interface Counted {
    readonly expected: number;
    readonly quantity: number;
    readonly id?: string;
    readonly digest?: string;
    readonly by?: BuiltStaff;
    readonly own?: OwnApproval;
  }
  const importing = (variant: StockedVariant, counted: Counted) =>
    shop.run(async (transaction) => {
      const {
        id = newId(),
        digest = 'a'.repeat(64),
        by = desk.actor,
        own = ANY_DIFFERENCE,
        ...units
      } = counted;
      const { code } = await requireLocation(transaction, desk.place);
      const lines = [{ line: 2, sku: variant.sku, location: code, ...units }];
      return importCounted(transaction, by, { table: { id, digest, lines }, own });
    });

  test('of one request twice at once is one import, and a month later the same table is another', async () => {
    const variant = await desk.buildVariant(1);
    const table = { id: newId(), expected: 1, quantity: 7 };
    const outcomes = await Promise.all([importing(variant, table), importing(variant, table)]);
    expect(outcomes.filter(({ isRepeated }) => isRepeated)).toHaveLength(1);
    await desk.book(variant, { delta: 2 });
    expect(await importing(variant, table)).toMatchObject({ isRepeated: true, booked: 1 });
    expect(await desk.levelOf(variant)).toMatchObject({ onHand: 9 });
    expect(await codeOf(importing(variant, { ...table, digest: 'b'.repeat(64) }))).toBe(
      'request.idempotency_key_reused',
    );

    await desk.book(variant, { reason: 'correction', cause: 'lost', delta: -8 });
    expect(await importing(variant, { ...table, id: newId() })).toMatchObject({
      isRepeated: false,
      booked: 1,
    });
    expect(await desk.levelOf(variant)).toMatchObject({ onHand: 7 });
  });

  test('counts what is sold and still on the shelf, and refuses what has moved since it was seen', async () => {
    const variant = await desk.buildVariant(10);
    const sold = await desk.order(variant, 3, 'paid');
    // Seven are on hand, ten lie on the shelf, one of them is missing.
    expect(await importing(variant, { expected: 10, quantity: 9 })).toMatchObject({ booked: 1 });
    expect(await desk.levelOf(variant)).toEqual({ onHand: 6, reserved: 0, unshipped: 3 });

    // A sale leaves the shelf as it is. A parcel does not.
    await desk.order(variant, 1, 'paid');
    expect(await importing(variant, { expected: 9, quantity: 9 })).toMatchObject({ booked: 0 });
    await desk.ship(sold, variant, 3);
    expect(await refusalOf(importing(variant, { expected: 9, quantity: 9 }))).toMatchObject({
      code: 'import.refused',
      details: { problems: [{ line: 2, column: 'expected', code: 'moved' }] },
    });
    expect(await desk.levelOf(variant)).toEqual({ onHand: 5, reserved: 0, unshipped: 1 });
  });

  test('with large differences waits for somebody else', async () => {
    const variant = await desk.buildVariant(30);
    const own = { mostUnits: 19, mostValue: Number.MAX_SAFE_INTEGER };
    const imported = await importing(variant, { expected: 30, quantity: 10, by: desk.colleague, own });
    expect(imported).toMatchObject({ booked: 0, countIds: [expect.any(String) as string] });
    expect(await desk.levelOf(variant)).toMatchObject({ onHand: 30 });
    const [id] = imported.countIds;
    const { version, status } = await shop.run((transaction) => requireCount(transaction, id!));
    expect(status).toBe('counting');
    const approve = (by: BuiltStaff) =>
      shop.run((transaction) => approveCount(transaction, by, { id: id!, seen: version, own }));
    expect(await codeOf(approve(desk.colleague))).toBe('count.another_must_approve');
    expect(await codeOf(importing(variant, { expected: 30, quantity: 30 }))).toBe('count.location_busy');
    await approve(desk.actor);
    expect(await desk.levelOf(variant)).toMatchObject({ onHand: 10 });
  });

  test('of a SKU that was renamed meanwhile, or below what orders hold, changes nothing', async () => {
    const variant = await desk.buildVariant(4);
    await desk.order(variant, 3);
    expect(await refusalOf(importing(variant, { expected: 4, quantity: 2 }))).toMatchObject({
      code: 'import.refused',
      details: { problems: [{ line: 2, column: 'quantity', code: 'below_reserved' }] },
    });
    await rows(shop.database.manager, 'UPDATE variants SET sku = $2 WHERE id = $1', [
      variant.id,
      `${variant.sku}-NEW`,
    ]);
    expect(await refusalOf(importing(variant, { expected: 4, quantity: 9 }))).toMatchObject({
      details: { problems: [{ line: 2, column: 'sku', code: 'sku_unknown' }] },
    });
  });

  test('of a worker that dies before the commit leaves nothing, and may be repeated', async () => {
    const variant = await desk.buildVariant(4);
    const id = newId();
    const dying = shop.run(async (transaction) => {
      const { code } = await requireLocation(transaction, desk.place);
      const lines = [{ line: 2, sku: variant.sku, location: code, expected: 4, quantity: 9 }];
      const table = { id, digest: 'a'.repeat(64), lines };
      await importCounted(transaction, desk.actor, { table, own: ANY_DIFFERENCE });
      throw new Error('killed');
    });
    await expect(dying).rejects.toThrow('killed');
    expect(await desk.levelOf(variant)).toMatchObject({ onHand: 4 });
    expect(await importing(variant, { id, expected: 4, quantity: 9 })).toMatchObject({
      ...{ isRepeated: false, booked: 1 },
    });
  });
});
