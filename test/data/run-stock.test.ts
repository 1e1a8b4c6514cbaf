import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { auditHolds } from '../../entities/checkout/audit-holds';
import { beginCapture } from '../../entities/checkout/begin-capture';
import { closeOrder } from '../../entities/checkout/close-order';
import { AppError } from '../../entities/errors';
import { changeLocation, openLocation, requireLocation } from '../../entities/inventory/change-location';
import { bookByStaff, setByStaff } from '../../entities/inventory/correct-stock';
import { readLevels, readMovements } from '../../entities/inventory/read-levels';
import { showNextOfSwitched } from '../../entities/inventory/show-switched';
import { StockLocation } from '../../entities/inventory/stock-location';
import type { Transaction } from '../../entities/sql';
import { approveCount } from '../../entities/stocktaking/approve-count';
import { countLine, openCount } from '../../entities/stocktaking/count-stock';
import { readCountLines } from '../../entities/stocktaking/read-counts';
import { moveStock } from '../../entities/transfers/run-transfer';
import { newId } from '../../entities/values/uuid';
import { buildLocation, receive } from '../support/factories/stock-locations';
import { ANY_DIFFERENCE } from '../support/factories/stock-work';
import { buildStockedVariant } from '../support/factories/stocked-variant';
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

describe('a booking', () => {
  test('is in the history with its reason, cause, person and note, and in the record of staff', async () => {
    const variant = await desk.buildVariant(10);
    const note = 'broken in the lift';
    await desk.book(variant, { reason: 'correction', cause: 'damaged', delta: -3, note });
    const key = { variantId: variant.id, locationId: desk.place };
    const [movement] = await readMovements(shop.database.manager, { ...key, before: 1e9, limit: 1 });
    expect(movement).toMatchObject({
      ...{ seq: 2, delta: -3, onHandAfter: 7, reason: 'correction', cause: 'damaged', note },
      actorId: desk.actor.accountId,
    });
    const [level] = await readLevels(shop.database.manager, {
      ...{ sku: variant.sku, locationId: desk.place, after: null, limit: 1 },
    });
    expect(await desk.actionsOn(level!.id)).toEqual([{ action: 'stock.change' }]);
  });

  test('of one act at the same time is booked once, and another act of its name is refused', async () => {
    const variant = await desk.buildVariant(0);
    const ref = newId();
    const levels = await Promise.all(Array.from({ length: 5 }, () => desk.book(variant, { ref })));
    expect(levels.map(({ onHand }) => onHand)).toEqual([5, 5, 5, 5, 5]);
    expect(await codeOf(desk.book(variant, { ref, delta: 6 }))).toBe('request.idempotency_key_reused');
    expect(await codeOf(desk.book(variant, { ref, reason: 'return' }))).toBe(
      'request.idempotency_key_reused',
    );
  });

  test('below what orders hold names the levels and the orders', async () => {
    const variant = await desk.buildVariant(10);
    const held = await desk.order(variant, 4);
    const refusal = await refusalOf(desk.book(variant, { reason: 'correction', cause: 'lost', delta: -7 }));
    const at = { variantId: variant.id, locationId: desk.place };
    expect(refusal).toEqual({
      code: 'stock.below_reserved',
      details: {
        shortages: [{ ...at, onHand: 10, reserved: 4, left: 3 }],
        holders: [{ ...at, orderId: held.id, quantity: 4, isPaid: false }],
      },
    });
  });

  test('of unknown, retired and renamed variants, unknown locations and too many units is clear', async () => {
    const variant = await desk.buildVariant(5);
    expect(await codeOf(desk.book({ ...variant, id: newId() }))).toBe('catalog.variant_not_found');
    expect(await codeOf(desk.book(variant, { locationId: newId() }))).toBe('stock.location_not_found');
    for (let times = 0; times < 2; times++) await desk.book(variant, { delta: 499_999_000 });
    expect(await codeOf(desk.book(variant, { delta: 1_000_000 }))).toBe('stock.too_many_units');

    await rows(shop.database.manager, `UPDATE variants SET sku = $2, status = 'retired' WHERE id = $1`, [
      variant.id,
      `${variant.sku}-NEW`,
    ]);
    expect(await codeOf(desk.book(variant))).toBe('stock.variant_retired');
    await desk.book(variant, { reason: 'return', delta: 1 });
  });

  test('sets the units on hand only while they are those that were seen', async () => {
    const variant = await desk.buildVariant(5);
    const ref = newId();
    const set = (seen: number, onHand: number, name = newId()) =>
      shop.run((transaction) =>
        setByStaff(transaction, desk.actor, {
          ...{ variantId: variant.id, locationId: desk.place, cause: 'found', seen, onHand, ref: name },
        }),
      );
    expect(await refusalOf(set(4, 9))).toMatchObject({ code: 'stock.moved', details: { onHand: 5 } });
    await set(5, 9, ref);
    expect(await set(5, 9, ref)).toMatchObject({ onHand: 9, seq: 2 });
    expect(await set(9, 9)).toMatchObject({ onHand: 9, seq: 2 });

    const race = await interleave(
      shop,
      (transaction) =>
        bookByStaff(transaction, desk.actor, {
          ...{ variantId: variant.id, locationId: desk.place, reason: 'return', delta: 1, ref: newId() },
        }),
      (transaction) =>
        setByStaff(transaction, desk.colleague, {
          ...{
            variantId: variant.id,
            locationId: desk.place,
            cause: 'found',
            seen: 9,
            onHand: 3,
            ref: newId(),
          },
        }),
    );
    expect(race.waited).toBe(true);
    expect(race.second).toMatchObject({ reason: { code: 'stock.moved', details: { onHand: 10 } } });
  });
});

describe('a location', () => {
  const change = (id: string, seen: number, sells: boolean) =>
    shop.run((transaction) => changeLocation(transaction, desk.actor, { id, seen, sells }));

  test('is opened once, under a code that no other has', async () => {
    const location = {
      code: `code-${newId().slice(-12)}`,
      title: 'انبار',
      priority: 500,
      sells: true,
    } as const;
    const open = (id: string) =>
      shop.run((transaction) => openLocation(transaction, desk.actor, { id, ...location, kind: 'shop' }));
    const id = newId();
    expect(await open(id)).toMatchObject({ isNew: true, location: { version: 1 } });
    expect(await open(id)).toMatchObject({ isNew: false, location: { version: 1 } });
    expect(await codeOf(open(newId()))).toBe('stock.location_code_taken');
    const quarantine = shop.run((transaction) =>
      changeLocation(transaction, desk.actor, { id, seen: 1, kind: 'quarantine' }),
    );
    expect(await codeOf(quarantine)).toBe('stock.quarantine_sells');
    await change(id, 1, false);
  });

  test('that is switched off keeps its stock and sells none of it, and what is held there ends properly', async () => {
    const variant = await desk.buildVariant(6);
    const [first, second] = [await desk.order(variant, 2), await desk.order(variant, 1)];
    const { version } = await shop.run((transaction) => requireLocation(transaction, desk.place));
    await change(desk.place, version, false);
    expect(await codeOf(change(desk.place, version, true))).toBe('stock.location_changed');

    expect(await desk.levelOf(variant)).toEqual({ onHand: 6, reserved: 3, unshipped: 0 });
    expect(await codeOf(desk.order(variant, 1))).toBe('checkout.out_of_stock');
    await desk.pay(first);
    await shop.run((transaction) =>
      closeOrder(transaction, { orderId: second.id, placeKey: second.placeKey, as: 'expired' }),
    );
    await desk.ship(first, variant, 2);
    expect(await desk.levelOf(variant)).toEqual({ onHand: 4, reserved: 0, unshipped: 0 });
  });

  test('with many levels is switched at once, and the public is told page by page', async () => {
    const variant = await desk.buildVariant(0);
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
      [variant.productId, desk.place],
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

    await change(desk.place, 0, false);
    expect(await codeOf(desk.order({ ...variant, id: others[0]!.id }, 1))).toBe('checkout.out_of_stock');
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
    await change(desk.place, 1, true);
    await next();
    await change(desk.place, 2, false);
    await change(desk.place, 3, true);
    expect([await next(), await next(), await next(), await next()]).toEqual([600, 401, 0, null]);
    expect(await shownOf()).toEqual({ 5: 1_001 });
    await change(desk.place, 4, false);
    while ((await next()) !== null);
  });

  test('that is switched off while its first units of a variant arrive shows none of them', async () => {
    const variant = await desk.buildVariant(0);
    const { second, waited } = await interleave(
      shop,
      (transaction) =>
        bookByStaff(transaction, desk.colleague, {
          ...{ variantId: variant.id, locationId: desk.place, reason: 'received', delta: 5, ref: newId() },
        }),
      (transaction) => changeLocation(transaction, desk.actor, { id: desk.place, seen: 0, sells: false }),
    );
    expect(second.status).toBe('fulfilled');
    expect(waited).toBe(true);
  });
});

test('orders that are placed while their places are switched, moved between and counted never oversell', async () => {
  const variant = await desk.buildVariant(20);
  const there = await buildLocation(shop.database, { priority: desk.priority + 1 });
  await receive(shop.database, variant.id, there, 10);
  const places = [desk.place, there] as const;
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
    const isPlaced = await attempt(() => desk.order(variant, quantity));
    if (isPlaced) placed += quantity;
    return isPlaced;
  };
  const switchPlaces = async () => {
    for (let time = 0; time < 10; time++) {
      const id = places[time % 2]!;
      const { version, sells } = await shop.run((transaction) => requireLocation(transaction, id));
      await shop.run((transaction) =>
        changeLocation(transaction, desk.actor, { id, seen: version, sells: !sells }),
      );
    }
  };
  const move = async () => {
    for (let time = 0; time < 10; time++) {
      const [fromId, toId] = time % 2 === 0 ? places : ([there, desk.place] as const);
      const moved = {
        id: newId(),
        fromId,
        toId,
        note: null,
        lines: [{ variantId: variant.id, quantity: 2 }],
      };
      await attempt(() => shop.run((transaction) => moveStock(transaction, desk.actor, moved)));
    }
  };
  const count = async () => {
    for (const locationId of [...places, ...places]) {
      const id = newId();
      await shop.run((transaction) => openCount(transaction, desk.actor, { id, locationId, note: null }));
      const put = (counted: number | null) =>
        shop.run((transaction) =>
          countLine(transaction, desk.actor, { countId: id, variantId: variant.id, counted }),
        );
      await put(null);
      const [line] = await shop.run((transaction) => readCountLines(transaction, id));
      const { version: seen } = await put(line!.expected);
      await shop.run((transaction) =>
        approveCount(transaction, desk.actor, { id, seen, own: ANY_DIFFERENCE }),
      );
    }
  };

  await Promise.all([switchPlaces(), move(), count(), ...Array.from({ length: 24 }, () => buy(2))]);

  for (const id of places) await shop.database.manager.update(StockLocation, { id }, { sells: true });
  while (await buy(1));
  expect(placed).toBe(30);
  expect(new Set(refusals)).toContain('checkout.out_of_stock');
  const known = ['checkout.out_of_stock', 'transfer.not_free'];
  expect(refusals.filter((code) => !known.includes(code))).toEqual([]);
  const levels = await Promise.all(places.map((id) => desk.levelOf(variant, id)));
  expect(levels.reduce((sum, level) => sum + level!.onHand, 0)).toBe(30);
  expect(levels.reduce((sum, level) => sum + level!.reserved, 0)).toBe(30);
});

describe('sold units', () => {
  test('leave at most once each, and the buyer is told', async () => {
    const variant = await desk.buildVariant(5);
    const paid = await desk.order(variant, 3, 'paid');
    await desk.ship(paid, variant, 1);
    await Promise.all([desk.ship(paid, variant, 3), desk.ship(paid, variant, 3)]);
    expect(await desk.ship(paid, variant, 3)).toMatchObject([{ sku: variant.sku, quantity: 3, shipped: 3 }]);
    expect(await refusalOf(desk.ship(paid, variant, 4))).toMatchObject({
      code: 'order.more_than_sold',
      details: { limit: 3 },
    });
    expect(await codeOf(desk.ship(paid, variant, 2))).toBe('order.already_shipped');
    expect(await codeOf(desk.ship(paid, await buildStockedVariant(shop.database), 1))).toBe(
      'order.line_not_sold',
    );
    expect(await codeOf(desk.ship(await desk.order(variant, 1), variant, 1))).toBe('order.not_paid');
    const told = await rows<{ payload: object }>(
      shop.database.manager,
      `SELECT payload FROM events WHERE aggregate_id = $1 AND type = 'order.units_shipped' ORDER BY version`,
      [paid.id],
    );
    expect(told.map(({ payload }) => payload)).toEqual([
      { sku: variant.sku, quantity: 1 },
      { sku: variant.sku, quantity: 2 },
    ]);
    expect(await desk.actionsOn(paid.id)).toHaveLength(2);
  });
});

test('no act takes a level out of its range, whatever it is', async () => {
  const variant = await desk.buildVariant(0);
  for (let times = 0; times < 2; times++) await desk.book(variant, { delta: 500_000_000 });
  const tooMany = 3_000_000_000;
  const one = [{ variantId: variant.id, quantity: 1 }];
  const from = await buildLocation(shop.database);
  await receive(shop.database, variant.id, from, 1);
  const move = (lines: typeof one) =>
    shop.run((transaction) =>
      moveStock(transaction, desk.actor, { id: newId(), fromId: from, toId: desk.place, note: null, lines }),
    );
  expect(await codeOf(move(one))).toBe('stock.too_many_units');
  expect(await codeOf(move([{ variantId: variant.id, quantity: tooMany }]))).toBe('stock.too_many_units');
  expect(await codeOf(receive(shop.database, variant.id, from, tooMany))).toBe('stock.too_many_units');
  expect(await codeOf(desk.book(variant, { delta: tooMany }))).toBe('stock.too_many_units');
  expect(await codeOf(desk.book(variant, { reason: 'correction', cause: 'lost', delta: -tooMany }))).toBe(
    'stock.below_reserved',
  );
  const id = newId();
  await shop.run((transaction) =>
    openCount(transaction, desk.actor, { id, locationId: desk.place, note: null }),
  );
  const counting = shop.run((transaction) =>
    countLine(transaction, desk.actor, { countId: id, variantId: variant.id, counted: tooMany }),
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
  await desk.book(variant, { reason: 'correction', cause: 'lost', delta: -1 });
  expect(await desk.order(variant, 1)).toMatchObject({ id: expect.any(String) as string });
});

test('the audit of holds names what should not exist, and is cut where there is too much of it', async () => {
  const audit = (transaction: Transaction, limit = 500) =>
    auditHolds(transaction, { marginMs: 60_000, limit });
  const variant = await desk.buildVariant(9);
  const [late, capturing, sold] = [
    await desk.order(variant, 1),
    await desk.order(variant, 1),
    await desk.order(variant, 2, 'paid'),
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
      desk.place,
    ]);
    await rows(manager, `DELETE FROM stock_movements WHERE reason = 'sale' AND ref = $1`, [sold.id]);
    await rows(manager, 'UPDATE stock_locations SET sells = false WHERE id = $1', [desk.place]);
    const at = { variantId: variant.id, locationId: desk.place };
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
