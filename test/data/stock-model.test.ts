import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { beginCapture } from '../../entities/checkout/begin-capture';
import { closeOrder } from '../../entities/checkout/close-order';
import { confirmOrder } from '../../entities/checkout/confirm-order';
import { placeOrder } from '../../entities/checkout/place-order';
import { recordAuthority } from '../../entities/checkout/record-authority';
import { AppError, type ErrorCode } from '../../entities/errors';
import { changeLocation, requireLocation } from '../../entities/inventory/change-location';
import { bookByStaff, setByStaff } from '../../entities/inventory/correct-stock';
import { readLevels } from '../../entities/inventory/read-levels';
import { DEFAULT_LOCATION_ID, StockLocation } from '../../entities/inventory/stock-location';
import { VariantAvailability } from '../../entities/inventory/variant-availability';
import { shipUnits } from '../../entities/orders/ship-units';
import { attemptIdOf } from '../../entities/payments/attempt-id';
import type { Transaction } from '../../entities/sql';
import { approveCount } from '../../entities/stocktaking/approve-count';
import { cancelCount, countLine, openCount } from '../../entities/stocktaking/count-stock';
import { requireCount } from '../../entities/stocktaking/read-counts';
import { draftTransfer } from '../../entities/transfers/draft-transfer';
import {
  cancelTransfer,
  moveStock,
  receiveTransfer,
  shipTransfer,
} from '../../entities/transfers/run-transfer';
import { newId } from '../../entities/values/uuid';
import { buildAuthority, buildReadyCart, buildRefId, GATEWAY_LIMITS } from '../support/factories/orders';
import { buildAdmin, type BuiltStaff } from '../support/factories/staff';
import { buildLocation } from '../support/factories/stock-locations';
import { ANY_DIFFERENCE } from '../support/factories/stock-work';
import { buildStockedVariant, type StockedVariant } from '../support/factories/stocked-variant';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import {
  correctWhileCounted,
  emptyModel,
  freeOf,
  inTransitTo,
  refusalOfChange,
  shelfOf,
  unshippedOf,
  type ModelUnits,
  type StockModel,
} from '../support/stock-model';

const VARIANTS = 3;
const PLACES = 3;
// STOCK_MODEL_RUNS=500 npx vitest run test/data/stock-model.test.ts; a failure names its seed and path for fc.assert.
// oxlint-disable-next-line node/no-process-env -- a setting of this test alone, not of the shop
const RUNS = { numRuns: Number(process.env.STOCK_MODEL_RUNS ?? 10), seed: 13, endOnFailure: true };

let shop: ShopDatabase;
let actor: BuiltStaff;
let places: string[];

beforeAll(async () => {
  shop = await openShopDatabase();
  actor = await buildAdmin(shop.database);
  await shop.database.manager.update(StockLocation, { id: DEFAULT_LOCATION_ID }, { sells: false });
  places = [];
  for (let place = 0; place < PLACES; place++)
    places.push(await buildLocation(shop.database, { priority: 100 + place }));
});
afterAll(() => shop.close());

/** The world of one run: the model, and the variants that stand for its positions. */
interface World {
  readonly model: StockModel;
  readonly variants: readonly StockedVariant[];
}

/** One thing that happens: how the shop does it, what it must answer, and what the model makes of it. */
interface Deed<Result = unknown> {
  readonly run: (transaction: Transaction) => Promise<Result>;
  readonly refusal: ErrorCode | null;
  readonly apply: (result: Result) => void;
}
const deed = <Result>(it: Deed<Result>) => it as Deed;

/** What happens, by numbers that mean something only beside the present model. */
interface Command {
  readonly name: keyof typeof DEEDS;
  readonly variant: number;
  readonly place: number;
  readonly other: number;
  readonly units: number;
  readonly pick: number;
  /** The process dies before it commits. */
  readonly crashes: boolean;
}

/** Null where there is nothing to do it to. */
type Plan = (world: World, command: Command) => Deed | null | Promise<Deed | null>;

const pickOf = <Item>(items: readonly Item[], pick: number) => items[pick % items.length];
const levelOf = ({ model }: World, { variant, place }: Pick<Command, 'variant' | 'place'>) =>
  model.levels[variant]![place]!;
const keyOf = ({ variants }: World, variant: number, place: number) => ({
  ...{ variantId: variants[variant]!.id, locationId: places[place]! },
});

const DEEDS = {
  receive: (world, command) => booking(world, command, 'received', command.units),
  takeBack: (world, command) => booking(world, command, 'return', command.units),
  writeOff: (world, command) => booking(world, command, 'correction', -command.units),

  set(world, { variant, place, units, pick }) {
    const level = levelOf(world, { variant, place });
    const isStale = pick % 4 === 0;
    const change = { seen: level.onHand + (isStale ? 1 : 0), onHand: units, cause: 'other' as const };
    return deed({
      run: (transaction) =>
        setByStaff(transaction, actor, { ...keyOf(world, variant, place), ...change, ref: newId() }),
      refusal: isStale ? 'stock.moved' : refusalOfChange(level, units - level.onHand),
      apply: () => {
        if (units !== level.onHand) correctWhileCounted(world.model, variant, place);
        level.onHand = units;
      },
    });
  },

  async order(world, { variant, other, units, pick }) {
    const wanted = [...new Set(pick % 2 === 0 ? [variant] : [variant, other])];
    const lines = wanted.map((it) => ({ variant: world.variants[it]!, quantity: 1 + (units % 6) }));
    const placing = await buildReadyCart(shop.database, lines);
    const isThere = wanted.every((it, at) => freeOf(world.model, it) >= lines[at]!.quantity);
    return deed({
      run: async (transaction) => {
        await placeOrder(transaction, placing, GATEWAY_LIMITS);
        return readUnits(world, transaction, placing.orderId);
      },
      refusal: isThere ? null : 'checkout.out_of_stock',
      apply: (held) => {
        const bought = wanted.map((it, at) => ({ variant: it, quantity: lines[at]!.quantity }));
        expectTaken(world.model, bought, held);
        for (const { variant, place, quantity } of held)
          world.model.levels[variant]![place]!.reserved += quantity;
        world.model.orders.push({ id: placing.orderId, state: 'open', units: held });
      },
    });
  },

  pay(world, { pick }) {
    const order = pickOf(
      world.model.orders.filter(({ state }) => state === 'open'),
      pick,
    );
    if (!order) return null;
    const attempt = { orderId: order.id, attemptId: attemptIdOf(order.id, 'first') };
    return deed({
      run: async (transaction) => {
        const page = { authority: buildAuthority(), redirectUrl: 'https://gateway.test/pay' };
        await recordAuthority(transaction, {
          ...attempt,
          ...page,
          payableMs: 1_800_000,
          holdGraceMs: 120_000,
        });
        await beginCapture(transaction, { ...attempt, moneyIsThere: false });
        await confirmOrder(transaction, { ...attempt, refId: buildRefId() });
      },
      refusal: null,
      apply: () => {
        order.state = 'paid';
        for (const { variant, place, quantity } of order.units) {
          const level = world.model.levels[variant]![place]!;
          level.onHand -= quantity;
          level.reserved -= quantity;
        }
      },
    });
  },

  release(world, { pick }) {
    const order = pickOf(
      world.model.orders.filter(({ state }) => state === 'open'),
      pick,
    );
    if (!order) return null;
    const closing = { orderId: order.id, placeKey: `checkout:${order.id}:place`, as: 'expired' as const };
    return deed({
      run: (transaction) => closeOrder(transaction, closing),
      refusal: null,
      apply: () => {
        order.state = 'expired';
        for (const { variant, place, quantity } of order.units)
          world.model.levels[variant]![place]!.reserved -= quantity;
      },
    });
  },

  ship(world, { pick, units }) {
    const isOfAny = pick % 5 === 0;
    const order = pickOf(
      world.model.orders.filter(({ state }) => isOfAny || state === 'paid'),
      pick,
    );
    const line = order && pickOf(order.units, pick);
    if (!order || !line) return null;
    const shipped = units % (line.quantity + 2);
    const refusal = ((): ErrorCode | null => {
      if (order.state !== 'paid') return 'order.not_paid';
      if (shipped > line.quantity) return 'order.more_than_sold';
      return shipped < line.shipped ? 'order.already_shipped' : null;
    })();
    const key = keyOf(world, line.variant, line.place);
    return deed({
      run: (transaction) =>
        shipUnits(transaction, actor, { orderId: order.id, lines: [{ ...key, shipped }] }),
      refusal,
      apply: () => (line.shipped = shipped),
    });
  },

  send(world, { variant, place: from, other: to, units }) {
    const level = levelOf(world, { variant, place: from });
    const id = newId();
    const draft = {
      ...{ id, fromId: places[from]!, toId: places[to]!, note: null },
      lines: [{ variantId: world.variants[variant]!.id, quantity: units }],
    };
    return deed({
      run: async (transaction) => {
        const { transfer } = await draftTransfer(transaction, actor, draft);
        await shipTransfer(transaction, actor, { id, seen: transfer.version });
      },
      refusal: from === to ? 'transfer.same_location' : refusalOfChange(level, -units, 'transfer.not_free'),
      apply: () => {
        level.onHand -= units;
        const road = { id, variant, from, to, sent: units, answered: 0, lost: 0 };
        world.model.transfers.push({ ...road, status: 'in_transit' });
      },
    });
  },

  arrive(world, { pick, units }) {
    const transfer = pickOf(world.model.transfers, pick);
    if (!transfer) return null;
    const left = transfer.sent - transfer.answered;
    const refusal = units > left ? 'transfer.more_than_sent' : null;
    const lines = [{ variantId: world.variants[transfer.variant]!.id, quantity: units }];
    return deed({
      run: (transaction) =>
        receiveTransfer(transaction, actor, { id: transfer.id, receiptId: newId(), lines }),
      refusal: transfer.status === 'in_transit' ? refusal : 'transfer.not_in_transit',
      apply: () => {
        transfer.answered += units;
        world.model.levels[transfer.variant]![transfer.to]!.onHand += units;
        if (transfer.answered === transfer.sent) transfer.status = 'received';
      },
    });
  },

  callBack(world, { pick, units }) {
    const transfer = pickOf(
      world.model.transfers.filter(({ status }) => status === 'in_transit'),
      pick,
    );
    if (!transfer) return null;
    const left = transfer.sent - transfer.answered;
    const returned = units % (left + 1);
    const isAnswered = pick % 3 !== 0;
    const lost = left - returned + (isAnswered ? 0 : 1);
    const lines = [{ variantId: world.variants[transfer.variant]!.id, returned, lost }];
    return deed({
      run: (transaction) =>
        cancelTransfer(transaction, actor, { id: transfer.id, receiptId: newId(), lines }),
      refusal: isAnswered ? null : 'transfer.unanswered',
      apply: () => {
        transfer.status = 'cancelled';
        transfer.answered += left;
        transfer.lost += lost;
        world.model.levels[transfer.variant]![transfer.from]!.onHand += returned;
      },
    });
  },

  move(world, { variant, place: from, other: to, units }) {
    const level = levelOf(world, { variant, place: from });
    const lines = [{ variantId: world.variants[variant]!.id, quantity: units }];
    const move = { id: newId(), fromId: places[from]!, toId: places[to]!, note: null, lines };
    return deed({
      run: (transaction) => moveStock(transaction, actor, move),
      refusal: from === to ? 'transfer.same_location' : refusalOfChange(level, -units, 'transfer.not_free'),
      apply: () => {
        level.onHand -= units;
        levelOf(world, { variant, place: to }).onHand += units;
      },
    });
  },

  steal(world, { variant, place, units }) {
    const level = levelOf(world, { variant, place });
    level.drift -= Math.max(0, Math.min(units, shelfOf(world.model, variant, place)));
    return null;
  },

  count(world, { variant, place }) {
    const { counts } = world.model;
    const running = counts[place];
    const countId = running?.id ?? newId();
    const counted = shelfOf(world.model, variant, place);
    // The books sent off what was stolen before: there is no such shelf.
    if (counted < 0) return null;
    // A line keeps what its first beginning has seen, so a second count of it begins again.
    const isAgain = running?.counted.has(variant) ?? false;
    const line = { countId, variantId: world.variants[variant]!.id };
    return deed({
      run: async (transaction) => {
        if (!running)
          await openCount(transaction, actor, { id: countId, locationId: places[place]!, note: null });
        if (isAgain) await countLine(transaction, actor, { ...line, counted: null });
        await countLine(transaction, actor, { ...line, counted });
      },
      refusal: null,
      apply: () => {
        counts[place] = running ?? { id: countId, counted: new Map(), corrected: new Set() };
        counts[place].corrected.delete(variant);
        counts[place].counted.set(variant, world.model.levels[variant]![place]!.drift);
      },
    });
  },

  approve(world, { place }) {
    const count = world.model.counts[place];
    if (!count) return null;
    const changes = [...count.counted].map(([variant, drift]) => ({
      ...{ level: world.model.levels[variant]![place]!, drift },
    }));
    const isShort = changes.some(({ level, drift }) => refusalOfChange(level, drift) !== null);
    const shortage = isShort ? 'stock.below_reserved' : null;
    return deed({
      run: async (transaction) => {
        const { version } = await requireCount(transaction, count.id);
        await approveCount(transaction, actor, { id: count.id, seen: version, own: ANY_DIFFERENCE });
      },
      refusal: count.corrected.size > 0 ? 'count.corrected_since' : shortage,
      apply: () => {
        world.model.counts[place] = undefined;
        for (const { level, drift } of changes) {
          level.onHand += drift;
          level.drift -= drift;
        }
      },
    });
  },

  switch(world, { place }) {
    const { sells } = world.model;
    return deed({
      run: async (transaction) => {
        const { id, version } = await requireLocation(transaction, places[place]!);
        await changeLocation(transaction, actor, { id, seen: version, sells: !sells[place] });
      },
      refusal: null,
      apply: () => (sells[place] = !sells[place]),
    });
  },
} as const satisfies Record<string, Plan>;

function booking(
  world: World,
  { variant, place }: Command,
  reason: 'received' | 'return' | 'correction',
  delta: number,
): Deed {
  const level = levelOf(world, { variant, place });
  const act = { ...keyOf(world, variant, place), reason, delta, ref: newId() };
  return deed({
    run: (transaction) =>
      bookByStaff(transaction, actor, reason === 'correction' ? { ...act, cause: 'damaged' } : act),
    refusal: refusalOfChange(level, delta),
    apply: () => {
      if (reason === 'correction') correctWhileCounted(world.model, variant, place);
      level.onHand += delta;
    },
  });
}

async function readUnits({ variants }: World, transaction: Transaction, orderId: string) {
  const held = await rows<{ variantId: string; locationId: string; quantity: number }>(
    transaction,
    `SELECT variant_id AS "variantId", location_id AS "locationId", quantity FROM reservations WHERE order_id = $1`,
    [orderId],
  );
  return held.map(({ variantId, locationId, quantity }): ModelUnits => ({
    variant: variants.findIndex(({ id }) => id === variantId),
    place: places.indexOf(locationId),
    ...{ quantity, shipped: 0 },
  }));
}

/** An order has what it wants, from places that sell. */
function expectTaken(
  { sells }: StockModel,
  wanted: readonly Pick<ModelUnits, 'variant' | 'quantity'>[],
  held: readonly ModelUnits[],
): void {
  for (const { variant, quantity } of wanted) {
    const own = held.filter((it) => it.variant === variant);
    expect(own.reduce((sum, it) => sum + it.quantity, 0)).toBe(quantity);
  }
  expect(held.filter(({ place }) => !sells[place])).toEqual([]);
}

const FIRST: Command = { name: 'receive', variant: 0, place: 0, other: 0, units: 1, pick: 0, crashes: false };

class Crash extends Error {}

async function perform(world: World, command: Command): Promise<void> {
  const plan: Plan = DEEDS[command.name];
  const planned = await plan(world, command);
  if (!planned) return;
  const outcome = await shop
    .run(async (transaction) => {
      const result = await planned.run(transaction);
      if (command.crashes) throw new Crash();
      return { result };
    })
    .catch((error: unknown) => {
      if (error instanceof AppError) return { refusal: error.code };
      if (error instanceof Crash) return { hasCrashed: true };
      throw error;
    });
  if ('hasCrashed' in outcome) return;
  expect('refusal' in outcome ? outcome.refusal : null).toBe(planned.refusal);
  if ('result' in outcome) planned.apply(outcome.result);
}

async function expectAgreement({ model, variants }: World): Promise<void> {
  for (const [variant, { id, sku }] of variants.entries()) {
    const found = await readLevels(shop.database.manager, {
      ...{ sku, locationId: null, after: null, limit: 10 },
    });
    const told = places.map((locationId, place) => {
      const {
        onHand = 0,
        reserved = 0,
        unshipped = 0,
        inTransit = 0,
      } = found.find((it) => it.locationId === locationId) ?? {};
      return { place, onHand, reserved, unshipped, inTransit };
    });
    const wanted = places.map((_id, place) => {
      const { onHand, reserved } = model.levels[variant]![place]!;
      const unshipped = unshippedOf(model, variant, place);
      return { place, onHand, reserved, unshipped, inTransit: inTransitTo(model, variant, place) };
    });
    // A level is made only when it is needed, so goods on the road to a new place are not listed there yet.
    expect(told.map((it, at) => (found.some((f) => f.locationId === places[at]) ? it : wanted[at]))).toEqual(
      wanted,
    );
    const { shown } = await shop.database.manager.findOneByOrFail(VariantAvailability, { id });
    expect(shown).toBe(Math.min(20, freeOf(model, variant)));
  }
  await shop.assertInvariantsHold();
}

/** Without stock there is little to see. */
async function stockUp(world: World): Promise<void> {
  for (let variant = 0; variant < VARIANTS; variant++) {
    for (let place = 0; place < PLACES; place++)
      await perform(world, { ...FIRST, variant, place, units: 4 + variant + place });
  }
}

/** Ends what a later run would stumble over. */
async function cleanUp({ model }: World): Promise<void> {
  for (const [place, count] of model.counts.entries()) {
    await shop.run(async (transaction) => {
      if (count) await cancelCount(transaction, actor, count.id);
      const { id, version, sells } = await requireLocation(transaction, places[place]!);
      if (!sells) await changeLocation(transaction, actor, { id, seen: version, sells: true });
    });
  }
}

const command: fc.Arbitrary<Command> = fc.record({
  name: fc.constantFrom(
    ...(Object.keys(DEEDS) as Command['name'][]),
    // What the others need to have something to do.
    ...([
      'order',
      'order',
      'order',
      'pay',
      'pay',
      'ship',
      'steal',
      'count',
      'count',
      'approve',
      'send',
    ] as const),
  ),
  variant: fc.nat(VARIANTS - 1),
  place: fc.nat(PLACES - 1),
  other: fc.nat(Math.min(VARIANTS, PLACES) - 1),
  units: fc.integer({ min: 1, max: 8 }),
  pick: fc.nat(1_000),
  crashes: fc.nat(5).map((draw) => draw === 0),
});

test('whatever happens in whatever order, database and model agree and every invariant holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 50, maxLength: 80, size: 'max' }), async (commands) => {
      const variants: StockedVariant[] = [];
      for (let variant = 0; variant < VARIANTS; variant++)
        variants.push(await buildStockedVariant(shop.database, { stock: 0 }));
      const world = { model: emptyModel(VARIANTS, PLACES), variants };
      try {
        await stockUp(world);
        for (const it of commands) await perform(world, it);
        await expectAgreement(world);
      } finally {
        await cleanUp(world);
      }
    }),
    RUNS,
  );
});
