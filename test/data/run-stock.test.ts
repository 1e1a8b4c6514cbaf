import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { auditHolds } from '../../entities/checkout/audit-holds';
import { beginCapture } from '../../entities/checkout/begin-capture';
import { closeOrder } from '../../entities/checkout/close-order';
import { confirmOrder } from '../../entities/checkout/confirm-order';
import { AppError } from '../../entities/errors';
import { changeLocation, openLocation, requireLocation } from '../../entities/inventory/change-location';
import { bookByStaff, setByStaff, type BookByStaff } from '../../entities/inventory/correct-stock';
import { readLevels, readMovements } from '../../entities/inventory/read-levels';
import { showNextOfSwitched } from '../../entities/inventory/show-switched';
import { StockLocation } from '../../entities/inventory/stock-location';
import { shipUnits } from '../../entities/orders/ship-units';
import type { Transaction } from '../../entities/sql';
import { approveCount, type OwnApproval } from '../../entities/stocktaking/approve-count';
import { cancelCount, countLine, openCount, removeCountLine } from '../../entities/stocktaking/count-stock';
import { importCounted } from '../../entities/stocktaking/import-counted';
import { readCountLines, requireCount } from '../../entities/stocktaking/read-counts';
import { changeDraft, draftTransfer } from '../../entities/transfers/draft-transfer';
import { requireTransfer } from '../../entities/transfers/read-transfers';
import {
  cancelTransfer,
  moveStock,
  receiveTransfer,
  shipTransfer,
} from '../../entities/transfers/run-transfer';
import { newId } from '../../entities/values/uuid';
import { buildOrder, buildRefId, type BuiltOrder } from '../support/factories/orders';
import { buildAdmin, buildStaff, type BuiltStaff } from '../support/factories/staff';
import { buildLocation, receive } from '../support/factories/stock-locations';
import { ANY_DIFFERENCE, buildTransfer } from '../support/factories/stock-work';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { interleave } from '../support/interleave';
import { guardOf, refusalOf } from '../support/refusal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';

let shop: ShopDatabase;
let actor: BuiltStaff;
let colleague: BuiltStaff;
/** A location of its own for each test, before all others in the order in which orders are taken. */
let place: string;
let priority = 100;

beforeAll(async () => {
  shop = await openShopDatabase();
  actor = await buildAdmin(shop.database);
  colleague = await buildStaff(shop.database, actor, 'staff');
});
const openPlace = async () => {
  priority -= 1;
  place = await buildLocation(shop.database, { priority });
};
afterEach(() => shop.assertInvariantsHold());
afterAll(() => shop.close());

/** A variant with units at the place of the test, and nowhere else. */
async function buildVariant(units: number): Promise<StockedVariant> {
  await openPlace();
  const variant = await buildStockedVariant(shop.database, { stock: 0 });
  if (units > 0) await receive(shop.database, variant.id, place, units);
  return variant;
}
const order = (variant: StockedVariant, quantity: number, stage: 'open' | 'paid' = 'open') =>
  buildOrder(shop.database, { stage, lines: [{ variant, quantity }] });
const pay = ({ id: orderId, attemptId }: BuiltOrder) =>
  shop.run(async (transaction) => {
    await beginCapture(transaction, { orderId, attemptId, moneyIsThere: false });
    await confirmOrder(transaction, { orderId, attemptId, refId: buildRefId() });
  });
const ship = ({ id: orderId }: BuiltOrder, { id: variantId }: StockedVariant, shipped: number) =>
  shop.run((transaction) =>
    shipUnits(transaction, actor, { orderId, lines: [{ variantId, locationId: place, shipped }] }),
  );
const book = (variant: StockedVariant, act: Partial<BookByStaff> = {}) =>
  shop.run((transaction) =>
    bookByStaff(transaction, actor, {
      ...{ variantId: variant.id, locationId: place, reason: 'received', delta: 5, ref: newId(), ...act },
    }),
  );
const levelOf = async ({ sku }: StockedVariant, locationId = place) => {
  const [level] = await readLevels(shop.database.manager, { sku, locationId, after: null, limit: 1 });
  return level && { onHand: level.onHand, reserved: level.reserved, unshipped: level.unshipped };
};
const actionsOn = (id: string) =>
  rows<{ action: string }>(
    shop.database.manager,
    'SELECT action FROM staff_actions WHERE object_id = $1 ORDER BY id',
    [id],
  );
const codeOf = (work: Promise<unknown>) => refusalOf(work).then(({ code }) => code);

describe('a booking', () => {
  test('is in the history with its reason, cause, person and note, and in the record of staff', async () => {
    const variant = await buildVariant(10);
    const note = 'broken in the lift';
    await book(variant, { reason: 'correction', cause: 'damaged', delta: -3, note });
    const key = { variantId: variant.id, locationId: place };
    const [movement] = await readMovements(shop.database.manager, { ...key, before: 1e9, limit: 1 });
    expect(movement).toMatchObject({
      ...{ seq: 2, delta: -3, onHandAfter: 7, reason: 'correction', cause: 'damaged', note },
      actorId: actor.accountId,
    });
    const [level] = await readLevels(shop.database.manager, {
      ...{ sku: variant.sku, locationId: place, after: null, limit: 1 },
    });
    expect(await actionsOn(level!.id)).toEqual([{ action: 'stock.change' }]);
  });

  test('of one act at the same time is booked once, and another act of its name is refused', async () => {
    const variant = await buildVariant(0);
    const ref = newId();
    const levels = await Promise.all(Array.from({ length: 5 }, () => book(variant, { ref })));
    expect(levels.map(({ onHand }) => onHand)).toEqual([5, 5, 5, 5, 5]);
    expect(await codeOf(book(variant, { ref, delta: 6 }))).toBe('request.idempotency_key_reused');
    expect(await codeOf(book(variant, { ref, reason: 'return' }))).toBe('request.idempotency_key_reused');
  });

  test('below what orders hold names the levels and the orders', async () => {
    const variant = await buildVariant(10);
    const held = await order(variant, 4);
    const refusal = await refusalOf(book(variant, { reason: 'correction', cause: 'lost', delta: -7 }));
    const at = { variantId: variant.id, locationId: place };
    expect(refusal).toEqual({
      code: 'stock.below_reserved',
      details: {
        shortages: [{ ...at, onHand: 10, reserved: 4, left: 3 }],
        holders: [{ ...at, orderId: held.id, quantity: 4, isPaid: false }],
      },
    });
  });

  test('of unknown, retired and renamed variants, unknown locations and too many units is clear', async () => {
    const variant = await buildVariant(5);
    expect(await codeOf(book({ ...variant, id: newId() }))).toBe('catalog.variant_not_found');
    expect(await codeOf(book(variant, { locationId: newId() }))).toBe('stock.location_not_found');
    for (let times = 0; times < 2; times++) await book(variant, { delta: 499_999_000 });
    expect(await codeOf(book(variant, { delta: 1_000_000 }))).toBe('stock.too_many_units');

    await rows(shop.database.manager, `UPDATE variants SET sku = $2, status = 'retired' WHERE id = $1`, [
      variant.id,
      `${variant.sku}-NEW`,
    ]);
    expect(await codeOf(book(variant))).toBe('stock.variant_retired');
    await book(variant, { reason: 'return', delta: 1 });
  });

  test('sets the units on hand only while they are those that were seen', async () => {
    const variant = await buildVariant(5);
    const ref = newId();
    const set = (seen: number, onHand: number, name = newId()) =>
      shop.run((transaction) =>
        setByStaff(transaction, actor, {
          ...{ variantId: variant.id, locationId: place, cause: 'found', seen, onHand, ref: name },
        }),
      );
    expect(await refusalOf(set(4, 9))).toMatchObject({ code: 'stock.moved', details: { onHand: 5 } });
    await set(5, 9, ref);
    expect(await set(5, 9, ref)).toMatchObject({ onHand: 9, seq: 2 });
    expect(await set(9, 9)).toMatchObject({ onHand: 9, seq: 2 });

    const race = await interleave(
      shop,
      (transaction) =>
        bookByStaff(transaction, actor, {
          ...{ variantId: variant.id, locationId: place, reason: 'return', delta: 1, ref: newId() },
        }),
      (transaction) =>
        setByStaff(transaction, colleague, {
          ...{ variantId: variant.id, locationId: place, cause: 'found', seen: 9, onHand: 3, ref: newId() },
        }),
    );
    expect(race.waited).toBe(true);
    expect(race.second).toMatchObject({ reason: { code: 'stock.moved', details: { onHand: 10 } } });
  });
});

describe('a location', () => {
  const change = (id: string, seen: number, sells: boolean) =>
    shop.run((transaction) => changeLocation(transaction, actor, { id, seen, sells }));

  test('is opened once, under a code that no other has', async () => {
    const location = {
      code: `code-${newId().slice(-12)}`,
      title: 'انبار',
      priority: 500,
      sells: true,
    } as const;
    const open = (id: string) =>
      shop.run((transaction) => openLocation(transaction, actor, { id, ...location, kind: 'shop' }));
    const id = newId();
    expect(await open(id)).toMatchObject({ isNew: true, location: { version: 1 } });
    expect(await open(id)).toMatchObject({ isNew: false, location: { version: 1 } });
    expect(await codeOf(open(newId()))).toBe('stock.location_code_taken');
    const quarantine = shop.run((transaction) =>
      changeLocation(transaction, actor, { id, seen: 1, kind: 'quarantine' }),
    );
    expect(await codeOf(quarantine)).toBe('stock.quarantine_sells');
    await change(id, 1, false);
  });

  test('that is switched off keeps its stock and sells none of it, and what is held there ends properly', async () => {
    const variant = await buildVariant(6);
    const [first, second] = [await order(variant, 2), await order(variant, 1)];
    const { version } = await shop.run((transaction) => requireLocation(transaction, place));
    await change(place, version, false);
    expect(await codeOf(change(place, version, true))).toBe('stock.location_changed');

    expect(await levelOf(variant)).toEqual({ onHand: 6, reserved: 3, unshipped: 0 });
    expect(await codeOf(order(variant, 1))).toBe('checkout.out_of_stock');
    await pay(first);
    await shop.run((transaction) =>
      closeOrder(transaction, { orderId: second.id, placeKey: second.placeKey, as: 'expired' }),
    );
    await ship(first, variant, 2);
    expect(await levelOf(variant)).toEqual({ onHand: 4, reserved: 0, unshipped: 0 });
  });

  test('with many levels is switched at once, and the public is told page by page', async () => {
    const variant = await buildVariant(0);
    const others = await rows<{ id: string }>(
      shop.database.manager,
      `WITH made AS (
         INSERT INTO variants (id, product_id, sku, title, price, position)
         SELECT uuidv7(), $1::uuid, 'MANY-' || $1::uuid || n, 'یکی', 250000, n FROM generate_series(1, 1001) AS n RETURNING id
       ), levels AS (
         INSERT INTO stock_levels (variant_id, location_id, on_hand, movement_seq) SELECT id, $2, 5, 1 FROM made
         RETURNING variant_id
       )
       INSERT INTO stock_movements (variant_id, location_id, seq, delta, on_hand_after, reason, ref)
       SELECT variant_id, $2, 1, 5, 5, 'initial', 'many' FROM levels RETURNING variant_id AS id`,
      [variant.productId, place],
    );
    const shownOf = async () => {
      const sql =
        'SELECT shown, count(*)::int AS variants FROM variant_availability WHERE id = ANY ($1) GROUP BY 1';
      const told = await rows<{ shown: number; variants: number }>(shop.database.manager, sql, [
        others.map(({ id }) => id),
      ]);
      return Object.fromEntries(told.map(({ shown, variants }) => [shown, variants]));
    };
    const next = () => shop.run((transaction) => showNextOfSwitched(transaction, 600));
    expect(await shownOf()).toEqual({ 5: 1_001 });
    expect(await next()).toBe(null);

    await change(place, 0, false);
    expect(await codeOf(order({ ...variant, id: others[0]!.id }, 1))).toBe('checkout.out_of_stock');
    expect(await shownOf()).toEqual({ 5: 1_001 });
    await shop.assertInvariantsHold();
    expect(await next()).toBe(600);
    expect(await shownOf()).toMatchObject({
      5: expect.any(Number) as number,
      0: expect.any(Number) as number,
    });
    await shop.assertInvariantsHold();
    expect([await next(), await next(), await next()]).toEqual([401, 0, null]);
    expect(await shownOf()).toEqual({ 0: 1_001 });

    // Switched to and fro: it begins again.
    await change(place, 1, true);
    await next();
    await change(place, 2, false);
    await change(place, 3, true);
    expect([await next(), await next(), await next(), await next()]).toEqual([600, 401, 0, null]);
    expect(await shownOf()).toEqual({ 5: 1_001 });
    await change(place, 4, false);
    while ((await next()) !== null);
  });

  test('that is switched off while its first units of a variant arrive shows none of them', async () => {
    const variant = await buildVariant(0);
    const { second, waited } = await interleave(
      shop,
      (transaction) =>
        bookByStaff(transaction, colleague, {
          ...{ variantId: variant.id, locationId: place, reason: 'received', delta: 5, ref: newId() },
        }),
      (transaction) => changeLocation(transaction, actor, { id: place, seen: 0, sells: false }),
    );
    expect(second.status).toBe('fulfilled');
    expect(waited).toBe(true);
  });
});

describe('a transfer', () => {
  const receiving = (
    { id, variantId }: { readonly id: string; readonly variantId: string },
    quantity: number,
    receiptId = newId(),
  ) =>
    shop.run((transaction) =>
      receiveTransfer(transaction, actor, { id, receiptId, lines: [{ variantId, quantity }] }),
    );
  const cancelling = (
    { id, variantId }: { readonly id: string; readonly variantId: string },
    returned: number,
    lost: number,
    receiptId = newId(),
  ) =>
    shop.run((transaction) =>
      cancelTransfer(transaction, actor, { id, receiptId, lines: [{ variantId, returned, lost }] }),
    );

  test('takes only what nobody has reserved, and is shipped as it was read', async () => {
    const variant = await buildVariant(5);
    const held = await order(variant, 3);
    const id = newId();
    const toId = await buildLocation(shop.database);
    const lines = [{ variantId: variant.id, quantity: 3 }];
    const draft = { id, fromId: place, toId, note: null, lines };
    const drafting = () => shop.run((transaction) => draftTransfer(transaction, actor, draft));
    expect(await drafting()).toMatchObject({ isNew: true });
    expect(await drafting()).toMatchObject({ isNew: false });
    const shipping = (seen: number) =>
      shop.run((transaction) => shipTransfer(transaction, actor, { id, seen }));
    expect(await refusalOf(shipping(1))).toMatchObject({
      code: 'transfer.not_free',
      details: { shortages: [{ onHand: 5, reserved: 3, left: 2 }], holders: [{ orderId: held.id }] },
    });
    const fewer = { id, seen: 1, note: 'fewer', lines: [{ variantId: variant.id, quantity: 2 }] };
    await shop.run((transaction) => changeDraft(transaction, actor, fewer));
    expect(await codeOf(shipping(1))).toBe('transfer.changed');
    await shipping(2);
    expect(await shipping(2)).toMatchObject({ status: 'in_transit', version: 3 });
    expect(await codeOf(shop.run((transaction) => changeDraft(transaction, actor, fewer)))).toBe(
      'transfer.not_draft',
    );
    const [arriving] = await readLevels(shop.database.manager, {
      ...{ sku: variant.sku, locationId: place, after: null, limit: 1 },
    });
    expect(arriving).toMatchObject({ onHand: 3, reserved: 3, inTransit: 0 });
  });

  test('is received in parts, a receipt once also when it comes twice at once, and never above what was sent', async () => {
    const transfer = await buildTransfer(shop.database, actor, { sent: 5, received: 0 });
    const receiptId = newId();
    await Promise.all([receiving(transfer, 2, receiptId), receiving(transfer, 2, receiptId)]);
    expect(await codeOf(receiving(transfer, 3, receiptId))).toBe('request.idempotency_key_reused');
    expect(await refusalOf(receiving(transfer, 4))).toMatchObject({
      code: 'transfer.more_than_sent',
      details: { quantity: 3 },
    });
    expect(await codeOf(receiving({ ...transfer, variantId: newId() }, 1))).toBe('transfer.line_not_found');
    expect(await receiving(transfer, 3)).toMatchObject({
      status: 'received',
      lines: [{ sent: 5, received: 5 }],
    });
    expect(await codeOf(receiving(transfer, 1))).toBe('transfer.not_in_transit');
    expect(await receiving(transfer, 2, receiptId)).toMatchObject({ status: 'received' });
  });

  test('is cancelled in transit only with an answer for every unit', async () => {
    const transfer = await buildTransfer(shop.database, actor, { sent: 5, received: 2 });
    expect(await refusalOf(cancelling(transfer, 1, 1))).toMatchObject({
      code: 'transfer.unanswered',
      details: { variantId: transfer.variantId, quantity: 3 },
    });
    const receiptId = newId();
    await Promise.all([cancelling(transfer, 2, 1, receiptId), cancelling(transfer, 2, 1, receiptId)]);
    expect(await shop.run((transaction) => requireTransfer(transaction, transfer.id))).toMatchObject({
      status: 'cancelled',
      lines: [{ sent: 5, received: 2, returned: 2, lost: 1 }],
    });
    expect(await codeOf(cancelling(transfer, 0, 1))).toBe('transfer.not_in_transit');
    expect(await guardOf(rows(shop.database.manager, `UPDATE stock_transfers SET status = 'draft'`))).toMatch(
      /may not move from|ck_stock_transfers/,
    );
  });

  test('of one step moves damaged goods into quarantine, where nothing sells', async () => {
    const variant = await buildVariant(5);
    const toId = await buildLocation(shop.database, { kind: 'quarantine', sells: false });
    const id = newId();
    const lines = [{ variantId: variant.id, quantity: 2 }];
    const moving = () =>
      shop.run((transaction) =>
        moveStock(transaction, actor, { id, fromId: place, toId, note: 'broken', lines }),
      );
    const moved = await Promise.all([moving(), moving()]);
    expect(moved.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await levelOf(variant)).toMatchObject({ onHand: 3 });
    expect(await levelOf(variant, toId)).toMatchObject({ onHand: 2 });
    expect(await codeOf(order(variant, 4))).toBe('checkout.out_of_stock');
  });

  test('in one step locks both levels in the order of all transactions, whichever way the goods go', async () => {
    const variant = await buildVariant(5);
    const other = await buildLocation(shop.database);
    await receive(shop.database, variant.id, other, 5);
    const [first, last] = [place, other].toSorted() as [string, string];
    const level = 'SELECT FROM stock_levels WHERE (variant_id, location_id) = ($1, $2) FOR UPDATE';
    const lines = [{ variantId: variant.id, quantity: 1 }];
    const { waited } = await interleave(
      shop,
      (transaction) => rows(transaction, level, [variant.id, first]),
      (transaction) =>
        moveStock(transaction, actor, { id: newId(), fromId: last, toId: first, note: null, lines }),
      // Whoever waits for the first level must not hold the last one.
      async () => {
        await shop.run((transaction) => rows(transaction, `${level} NOWAIT`, [variant.id, last]));
      },
    );
    expect(waited).toBe(true);
  });

  test('under the key of another move, or of another draft, are refused', async () => {
    const variant = await buildVariant(5);
    const toId = await buildLocation(shop.database);
    const of = (quantity: number) => ({
      ...{ id: variant.id, fromId: place, toId, note: null, lines: [{ variantId: variant.id, quantity }] },
    });
    const move = (quantity: number) => shop.run((transaction) => moveStock(transaction, actor, of(quantity)));
    const draft = (quantity: number) =>
      shop.run((transaction) => draftTransfer(transaction, actor, { ...of(quantity), id: toId }));
    await move(2);
    await draft(2);
    expect(await move(2)).toMatchObject({ isNew: false });
    expect(await draft(2)).toMatchObject({ isNew: false });
    expect(await codeOf(move(3))).toBe('request.idempotency_key_reused');
    expect(await codeOf(draft(3))).toBe('request.idempotency_key_reused');
  });
});

describe('a count', () => {
  const open = (id = newId()) =>
    shop.run((transaction) => openCount(transaction, actor, { id, locationId: place, note: null }));
  const count = (countId: string, variant: StockedVariant, counted: number | null, by = actor) =>
    shop.run((transaction) => countLine(transaction, by, { countId, variantId: variant.id, counted }));
  const approve = (id: string, seen: number, by = actor, own = ANY_DIFFERENCE) =>
    shop.run((transaction: Transaction) => approveCount(transaction, by, { id, seen, own }));
  const cancel = (id: string) => shop.run((transaction) => cancelCount(transaction, actor, id));

  test('lets sales, receipts and shipments since it was counted survive', async () => {
    const variant = await buildVariant(10);
    const waiting = await order(variant, 2, 'paid');
    const { count: opened } = await open();
    expect(await codeOf(open())).toBe('count.location_busy');

    // Ten came, two are sold and still there, one was stolen: nine lie on the shelf.
    await count(opened.id, variant, null);
    await order(variant, 3, 'paid');
    await ship(waiting, variant, 2);
    const { version } = await count(opened.id, variant, 9);
    await book(variant, { delta: 4 });
    expect(await shop.run((transaction) => readCountLines(transaction, opened.id))).toMatchObject([
      { expected: 10, counted: 9, difference: -1, onHand: 9 },
    ]);

    expect(await codeOf(approve(opened.id, version - 1))).toBe('count.changed');
    await approve(opened.id, version);
    expect(await approve(opened.id, version)).toMatchObject({ status: 'approved', endedBy: actor.accountId });
    // Ten, less five sold, less one stolen, and four received.
    expect(await levelOf(variant)).toEqual({ onHand: 8, reserved: 0, unshipped: 3 });
    expect(await codeOf(count(opened.id, variant, 9))).toBe('count.over');
    expect(await codeOf(cancel(opened.id))).toBe('count.over');
  });

  test('does not invent stock of what is paid and not shipped', async () => {
    const variant = await buildVariant(5);
    await order(variant, 2, 'paid');
    const { count: opened } = await open();
    const { version } = await count(opened.id, variant, 5);
    await approve(opened.id, version);
    expect(await levelOf(variant)).toEqual({ onHand: 3, reserved: 0, unshipped: 2 });
  });

  test('below what orders hold is refused with the orders, paid ones too', async () => {
    const variant = await buildVariant(6);
    const [sold, held] = [await order(variant, 2, 'paid'), await order(variant, 3)];
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
    const variant = await buildVariant(30);
    const { count: opened } = await open();
    const { version } = await count(opened.id, variant, 10, colleague);
    const own = { mostUnits: 19, mostValue: Number.MAX_SAFE_INTEGER };
    expect(await codeOf(approve(opened.id, version, colleague, own))).toBe('count.another_must_approve');
    const cheap = { mostUnits: 1_000, mostValue: 20 * variant.price - 1 };
    expect(await codeOf(approve(opened.id, version, actor, cheap))).toBe('count.another_must_approve');
    const third = await buildStaff(shop.database, actor, 'staff');
    await approve(opened.id, version, third, own);
    expect(await levelOf(variant)).toMatchObject({ onHand: 10 });
  });

  test('books nothing twice: a line whose stock was corrected since it began is begun again', async () => {
    const variant = await buildVariant(10);
    const { count: opened } = await open();
    await count(opened.id, variant, null);
    // One is missing. Somebody books it, and the counter finds it missing too.
    await book(variant, { reason: 'correction', cause: 'lost', delta: -1 });
    const { version } = await count(opened.id, variant, 9);
    expect(await shop.run((transaction) => readCountLines(transaction, opened.id))).toMatchObject([
      { expected: 10, counted: 9, difference: -1, isOutdated: true },
    ]);
    expect(await refusalOf(approve(opened.id, version))).toEqual({
      code: 'count.corrected_since',
      details: { variantId: variant.id },
    });
    expect(await levelOf(variant)).toMatchObject({ onHand: 9 });

    await count(opened.id, variant, null);
    const again = await count(opened.id, variant, 9);
    await approve(opened.id, again.version);
    expect(await levelOf(variant)).toMatchObject({ onHand: 9 });
    await book(variant, { reason: 'correction', cause: 'found', delta: 1 });
    expect(await shop.run((transaction) => readCountLines(transaction, opened.id))).toMatchObject([
      { isOutdated: false },
    ]);
  });

  test('waits for a correction that is booked while it is approved', async () => {
    const variant = await buildVariant(10);
    const { count: opened } = await open();
    const { version } = await count(opened.id, variant, 9);
    const race = await interleave(
      shop,
      (transaction) =>
        bookByStaff(transaction, colleague, {
          ...{ variantId: variant.id, locationId: place, reason: 'correction', cause: 'lost', delta: -1 },
          ref: newId(),
        }),
      (transaction) =>
        approveCount(transaction, actor, { id: opened.id, seen: version, own: ANY_DIFFERENCE }),
    );
    expect(race.waited).toBe(true);
    expect(race.second).toMatchObject({ reason: { code: 'count.corrected_since' } });
  });

  test('is approved only once everything in it was counted, a renamed or retired variant too', async () => {
    const variant = await buildVariant(3);
    const other = await buildStockedVariant(shop.database);
    const { count: opened } = await open();
    expect(await codeOf(approve(opened.id, 1))).toBe('count.unfinished');
    await count(opened.id, variant, 2);
    const begun = await count(opened.id, other, null);
    expect(await codeOf(approve(opened.id, begun.version))).toBe('count.unfinished');
    expect(await codeOf(count(opened.id, { ...other, id: newId() }, 1))).toBe('catalog.variant_not_found');
    const { version } = await shop.run((transaction) =>
      removeCountLine(transaction, actor, { countId: opened.id, variantId: other.id }),
    );
    const sku = `${variant.sku}-NEW`;
    await rows(shop.database.manager, `UPDATE variants SET sku = $2, status = 'retired' WHERE id = $1`, [
      variant.id,
      sku,
    ]);
    await approve(opened.id, version);
    expect(await levelOf({ ...variant, sku })).toMatchObject({ onHand: 2 });
  });
});

test('orders that are placed while their places are switched, moved between and counted never oversell', async () => {
  const variant = await buildVariant(20);
  const there = await buildLocation(shop.database, { priority: priority + 1 });
  await receive(shop.database, variant.id, there, 10);
  const places = [place, there] as const;
  const refusals: string[] = [];
  /** Does something, or notes why the shop refuses it. Anything but a refusal fails the test. */
  const attempt = async (work: () => Promise<unknown>) =>
    work().then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof AppError)) throw error;
        refusals.push(error.code);
        return false;
      },
    );
  let placed = 0;
  const buy = async (quantity: number) => {
    const isPlaced = await attempt(() => order(variant, quantity));
    if (isPlaced) placed += quantity;
    return isPlaced;
  };
  const switchPlaces = async () => {
    for (let time = 0; time < 10; time++) {
      const id = places[time % 2]!;
      const { version, sells } = await shop.run((transaction) => requireLocation(transaction, id));
      await shop.run((transaction) =>
        changeLocation(transaction, actor, { id, seen: version, sells: !sells }),
      );
    }
  };
  const move = async () => {
    for (let time = 0; time < 10; time++) {
      const [fromId, toId] = time % 2 === 0 ? places : ([there, place] as const);
      const moved = {
        id: newId(),
        fromId,
        toId,
        note: null,
        lines: [{ variantId: variant.id, quantity: 2 }],
      };
      await attempt(() => shop.run((transaction) => moveStock(transaction, actor, moved)));
    }
  };
  const count = async () => {
    for (const locationId of [...places, ...places]) {
      const id = newId();
      await shop.run((transaction) => openCount(transaction, actor, { id, locationId, note: null }));
      const put = (counted: number | null) =>
        shop.run((transaction) =>
          countLine(transaction, actor, { countId: id, variantId: variant.id, counted }),
        );
      await put(null);
      const [line] = await shop.run((transaction) => readCountLines(transaction, id));
      const { version: seen } = await put(line!.expected);
      await shop.run((transaction) => approveCount(transaction, actor, { id, seen, own: ANY_DIFFERENCE }));
    }
  };

  await Promise.all([switchPlaces(), move(), count(), ...Array.from({ length: 24 }, () => buy(2))]);

  for (const id of places) await shop.database.manager.update(StockLocation, { id }, { sells: true });
  while (await buy(1));
  expect(placed).toBe(30);
  expect(new Set(refusals)).toContain('checkout.out_of_stock');
  const known = ['checkout.out_of_stock', 'transfer.not_free'];
  expect(refusals.filter((code) => !known.includes(code))).toEqual([]);
  const levels = await Promise.all(places.map((id) => levelOf(variant, id)));
  expect(levels.reduce((sum, level) => sum + level!.onHand, 0)).toBe(30);
  expect(levels.reduce((sum, level) => sum + level!.reserved, 0)).toBe(30);
});

describe('sold units', () => {
  test('leave at most once each, and the buyer is told', async () => {
    const variant = await buildVariant(5);
    const paid = await order(variant, 3, 'paid');
    await ship(paid, variant, 1);
    await Promise.all([ship(paid, variant, 3), ship(paid, variant, 3)]);
    expect(await ship(paid, variant, 3)).toMatchObject([{ sku: variant.sku, quantity: 3, shipped: 3 }]);
    expect(await refusalOf(ship(paid, variant, 4))).toMatchObject({
      code: 'order.more_than_sold',
      details: { limit: 3 },
    });
    expect(await codeOf(ship(paid, variant, 2))).toBe('order.already_shipped');
    expect(await codeOf(ship(paid, await buildStockedVariant(shop.database), 1))).toBe('order.line_not_sold');
    expect(await codeOf(ship(await order(variant, 1), variant, 1))).toBe('order.not_paid');
    const told = await rows<{ payload: object }>(
      shop.database.manager,
      `SELECT payload FROM events WHERE aggregate_id = $1 AND type = 'order.units_shipped' ORDER BY version`,
      [paid.id],
    );
    expect(told.map(({ payload }) => payload)).toEqual([
      { sku: variant.sku, quantity: 1 },
      { sku: variant.sku, quantity: 2 },
    ]);
    expect(await actionsOn(paid.id)).toHaveLength(2);
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
      const { id = newId(), digest = 'a'.repeat(64), by = actor, own = ANY_DIFFERENCE, ...units } = counted;
      const { code } = await requireLocation(transaction, place);
      const lines = [{ line: 2, sku: variant.sku, location: code, ...units }];
      return importCounted(transaction, by, { table: { id, digest, lines }, own });
    });

  test('of one request twice at once is one import, and a month later the same table is another', async () => {
    const variant = await buildVariant(1);
    const table = { id: newId(), expected: 1, quantity: 7 };
    const outcomes = await Promise.all([importing(variant, table), importing(variant, table)]);
    expect(outcomes.filter(({ isRepeated }) => isRepeated)).toHaveLength(1);
    await book(variant, { delta: 2 });
    expect(await importing(variant, table)).toMatchObject({ isRepeated: true, booked: 1 });
    expect(await levelOf(variant)).toMatchObject({ onHand: 9 });
    expect(await codeOf(importing(variant, { ...table, digest: 'b'.repeat(64) }))).toBe(
      'request.idempotency_key_reused',
    );

    await book(variant, { reason: 'correction', cause: 'lost', delta: -8 });
    expect(await importing(variant, { ...table, id: newId() })).toMatchObject({
      isRepeated: false,
      booked: 1,
    });
    expect(await levelOf(variant)).toMatchObject({ onHand: 7 });
  });

  test('counts what is sold and still on the shelf, and refuses what has moved since it was seen', async () => {
    const variant = await buildVariant(10);
    const sold = await order(variant, 3, 'paid');
    // Seven are on hand, ten lie on the shelf, one of them is missing.
    expect(await importing(variant, { expected: 10, quantity: 9 })).toMatchObject({ booked: 1 });
    expect(await levelOf(variant)).toEqual({ onHand: 6, reserved: 0, unshipped: 3 });

    // A sale leaves the shelf as it is. A parcel does not.
    await order(variant, 1, 'paid');
    expect(await importing(variant, { expected: 9, quantity: 9 })).toMatchObject({ booked: 0 });
    await ship(sold, variant, 3);
    expect(await refusalOf(importing(variant, { expected: 9, quantity: 9 }))).toMatchObject({
      code: 'import.refused',
      details: { problems: [{ line: 2, column: 'expected', code: 'moved' }] },
    });
    expect(await levelOf(variant)).toEqual({ onHand: 5, reserved: 0, unshipped: 1 });
  });

  test('with large differences waits for somebody else', async () => {
    const variant = await buildVariant(30);
    const own = { mostUnits: 19, mostValue: Number.MAX_SAFE_INTEGER };
    const imported = await importing(variant, { expected: 30, quantity: 10, by: colleague, own });
    expect(imported).toMatchObject({ booked: 0, countIds: [expect.any(String) as string] });
    expect(await levelOf(variant)).toMatchObject({ onHand: 30 });
    const [id] = imported.countIds;
    const { version, status } = await shop.run((transaction) => requireCount(transaction, id!));
    expect(status).toBe('counting');
    const approve = (by: BuiltStaff) =>
      shop.run((transaction) => approveCount(transaction, by, { id: id!, seen: version, own }));
    expect(await codeOf(approve(colleague))).toBe('count.another_must_approve');
    expect(await codeOf(importing(variant, { expected: 30, quantity: 30 }))).toBe('count.location_busy');
    await approve(actor);
    expect(await levelOf(variant)).toMatchObject({ onHand: 10 });
  });

  test('of a SKU that was renamed meanwhile, or below what orders hold, changes nothing', async () => {
    const variant = await buildVariant(4);
    await order(variant, 3);
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
    const variant = await buildVariant(4);
    const id = newId();
    const dying = shop.run(async (transaction) => {
      const { code } = await requireLocation(transaction, place);
      const lines = [{ line: 2, sku: variant.sku, location: code, expected: 4, quantity: 9 }];
      const table = { id, digest: 'a'.repeat(64), lines };
      await importCounted(transaction, actor, { table, own: ANY_DIFFERENCE });
      throw new Error('killed');
    });
    await expect(dying).rejects.toThrow('killed');
    expect(await levelOf(variant)).toMatchObject({ onHand: 4 });
    expect(await importing(variant, { id, expected: 4, quantity: 9 })).toMatchObject({
      ...{ isRepeated: false, booked: 1 },
    });
  });
});

test('no act takes a level out of its range, whatever it is', async () => {
  const variant = await buildVariant(0);
  for (let times = 0; times < 2; times++) await book(variant, { delta: 500_000_000 });
  const tooMany = 3_000_000_000;
  const one = [{ variantId: variant.id, quantity: 1 }];
  const from = await buildLocation(shop.database);
  await receive(shop.database, variant.id, from, 1);
  const move = (lines: typeof one) =>
    shop.run((transaction) =>
      moveStock(transaction, actor, { id: newId(), fromId: from, toId: place, note: null, lines }),
    );
  expect(await codeOf(move(one))).toBe('stock.too_many_units');
  expect(await codeOf(move([{ variantId: variant.id, quantity: tooMany }]))).toBe('stock.too_many_units');
  expect(await codeOf(receive(shop.database, variant.id, from, tooMany))).toBe('stock.too_many_units');
  expect(await codeOf(book(variant, { delta: tooMany }))).toBe('stock.too_many_units');
  expect(await codeOf(book(variant, { reason: 'correction', cause: 'lost', delta: -tooMany }))).toBe(
    'stock.below_reserved',
  );
  const id = newId();
  await shop.run((transaction) => openCount(transaction, actor, { id, locationId: place, note: null }));
  const counting = shop.run((transaction) =>
    countLine(transaction, actor, { countId: id, variantId: variant.id, counted: tooMany }),
  );
  expect(await codeOf(counting)).toBe('stock.too_many_units');

  // Three places together have more than an integer holds.
  for (let places = 0; places < 2; places++)
    await receive(shop.database, variant.id, await buildLocation(shop.database), 1_000_000_000);
  await rows(
    shop.database.manager,
    'UPDATE stock_levels SET reorder_point = 5, reorder_shared = true WHERE variant_id = $1',
    [variant.id],
  );
  await book(variant, { reason: 'correction', cause: 'lost', delta: -1 });
  expect(await order(variant, 1)).toMatchObject({ id: expect.any(String) as string });
});

test('the audit of holds names what should not exist, and is cut where there is too much of it', async () => {
  const audit = (transaction: Transaction, limit = 500) =>
    auditHolds(transaction, { marginMs: 60_000, limit });
  const variant = await buildVariant(9);
  const [late, capturing, sold] = [
    await order(variant, 1),
    await order(variant, 1),
    await order(variant, 2, 'paid'),
  ];
  await shop.run((transaction) =>
    beginCapture(transaction, { orderId: capturing.id, attemptId: capturing.attemptId, moneyIsThere: false }),
  );
  const before = await shop.run((transaction) => audit(transaction));
  expect(before.found.filter(({ variantId }) => variantId === variant.id)).toEqual([]);
  expect(before.found.map(({ finding }) => finding)).not.toContain('order_overdue');

  const runner = shop.database.createQueryRunner();
  await runner.startTransaction();
  const { manager } = runner;
  try {
    await rows(manager, 'SET LOCAL session_replication_role = replica');
    await rows(
      manager,
      `UPDATE orders SET payment_deadline = now() - interval '1 hour' WHERE id = ANY ($1)`,
      [[late.id, capturing.id]],
    );
    await rows(manager, 'UPDATE stock_levels SET reserved = 5 WHERE variant_id = $1 AND location_id = $2', [
      variant.id,
      place,
    ]);
    await rows(manager, `DELETE FROM stock_movements WHERE reason = 'sale' AND ref = $1`, [sold.id]);
    await rows(manager, 'UPDATE stock_locations SET sells = false WHERE id = $1', [place]);
    const at = { variantId: variant.id, locationId: place };
    const { found } = await audit(manager);
    expect(found.filter(({ finding }) => finding === 'order_overdue')).toMatchObject([
      { orderId: late.id, units: 1, expected: 0 },
    ]);
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ finding: 'reserved_differs', ...at, units: 5, expected: 2 }),
        expect.objectContaining({ finding: 'sale_differs', ...at, orderId: sold.id, units: 0, expected: 2 }),
        expect.objectContaining({ finding: 'held_at_closed_location', ...at, orderId: late.id }),
        expect.objectContaining({ finding: 'held_at_closed_location', ...at, orderId: capturing.id }),
        expect.objectContaining({ finding: 'unshipped_at_closed_location', ...at, orderId: sold.id }),
      ]),
    );
    const cut = await audit(manager, 1);
    expect(cut.isCut).toBe(true);
    expect(cut.found.filter(({ finding }) => finding === 'held_at_closed_location')).toHaveLength(1);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
});
