import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { authorityOf, Buyer, type PlacedOrder, type ShelfItem } from '../support/buyer';
import { buildItem } from '../support/factories/item';
import { expectInvariantsToHold, journeyShop } from '../support/journey';
import type { Shop } from '../support/shop';
import { rows } from '../support/sql';
import { takeUnasked } from '../support/terminal';
import { workflowOf, sweep } from '../support/workflow';
import type { SandboxFault } from '../support/zarinpal';

const BUYERS = 30;
/** How long a quiet machine takes at most to open a payment page. */
const QUIET_MS = 250;
const journey = journeyShop({
  zarinpal: { zarinpalTimeoutMs: 2_000 },
  checkout: { retryFirstMs: 50, retryMostMs: 300, workflowOverdueMs: 500, wakeCallbacksAfterMs: 200 },
});

/** How many times slower than a quiet machine this one is at the moment: a whole number. */
async function slowness(): Promise<number> {
  const hasty = await journey.shop.withTerms({
    checkout: { authorityLifetimeMs: 500, deadlineMarginMs: 0, watchLateMoneyMs: 0 },
  });
  const timedOrder = async () => {
    const begun = performance.now();
    const { order } = await new Buyer(hasty).order(await journey.takeItem());
    const took = performance.now() - begun;
    await workflowOf(hasty, order.id).untilEnded();
    return took;
  };
  await timedOrder(); // Warms up.
  return Math.ceil((await timedOrder()) / QUIET_MS);
}

const FAULTS: SandboxFault[] = [
  { kind: 'html', endpoint: 'verify', when: 'after' },
  { kind: 'reset', endpoint: 'verify' },
  { kind: 'code', code: -12, endpoint: 'verify' },
  { kind: 'empty', endpoint: 'inquiry' },
  { kind: 'timeout', endpoint: 'request', when: 'after' },
  { kind: 'html', endpoint: 'request' },
  { kind: 'reset', endpoint: 'reverse', when: 'after' },
  { kind: 'code', code: -52, endpoint: 'inquiry' },
];

/** The same numbers each time, so that a failure can be repeated. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Orders something scarce, then does what buyers, forgers and bad networks do. */
async function muddleThrough(shop: Shop, items: ShelfItem[], roll: (sides: number) => number) {
  const buyer = new Buyer(shop);
  const item = items[roll(items.length)]!;
  await buyer.put(item);
  if (roll(3) === 0) await shop.zarinpal.fault(FAULTS[roll(FAULTS.length)]!);
  const key = randomUUID();
  const asked = Array.from({ length: 1 + roll(2) }, () => buyer.checkout(item.price, { key }));
  const [answer] = await Promise.all(asked);
  if (answer!.status >= 400) return undefined;
  const placed = answer!.body;
  const pages = [placed.payment.redirect];
  if (roll(2) === 0) pages.push((await buyer.payAgain(placed)).body.payment?.redirect ?? null);
  for (const page of pages) if (page) await meddle(shop, buyer, placed, page, roll);
  return placed;
}

async function meddle(
  shop: Shop,
  buyer: Buyer,
  placed: PlacedOrder,
  page: string,
  roll: (sides: number) => number,
): Promise<void> {
  const authority = authorityOf(page);
  const forge = async (status: 'OK' | 'NOK') =>
    buyer.comeBack((await shop.zarinpal.callback(authority, { status })).callbackUrl);
  const pay = () => shop.zarinpal.pay(authority).catch(() => ({ callbackUrl: null }));
  const deeds: (() => Promise<unknown>)[] = [
    () => forge('OK'),
    () => forge('NOK'),
    () => pay(),
    () => buyer.cancel(placed),
    async () => {
      const { callbackUrl } = await pay();
      if (callbackUrl) await Promise.all([buyer.comeBack(callbackUrl), buyer.comeBack(callbackUrl)]);
    },
    async () => {
      const { callbackUrl } = await pay();
      if (callbackUrl) await Promise.all([buyer.comeBack(callbackUrl), buyer.cancel(placed)]);
    },
    async () => {
      await pay();
      await takeUnasked(shop, page, authority).catch(() => undefined);
      await forge('NOK');
    },
  ];
  for (let times = 1 + roll(3); times > 0; times--) await deeds[roll(deeds.length)]!();
}

/** Checks the invariants and sweeps, over and over, while everything goes on. */
function keepWatch(shop: Shop): { end(): Promise<void> } {
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      await expectInvariantsToHold(shop);
      await sweep(shop);
    }
  })();
  watching.catch(() => {});
  return {
    async end() {
      over.abort();
      await watching;
    },
  };
}

test('whatever buyers, forgers and networks do, every order ends, every rial is where it belongs and no invariant breaks', async () => {
  const factor = await slowness();
  const shop = await journey.shop.withTerms({
    checkout: {
      authorityLifetimeMs: 3_000 * factor,
      deadlineMarginMs: 200,
      pollEveryMs: 700,
      verifySpacingMs: 100,
      watchLateMoneyMs: 3_000 * factor,
    },
  });
  const roll = dice(20_261_123);
  const items = await Promise.all(Array.from({ length: 4 }, () => buildItem(shop, { stock: 6 })));

  // As at a real gateway, nothing is paid or taken after the watch of a page has ended. Money that nobody takes goes back
  // soon, so no workflow waits for a person at the end.
  await shop.zarinpal.switches.change({ payableMs: 3_000 * factor, verifyWindowMs: 1_500 * factor });
  const watch = keepWatch(shop);
  const orders = await Promise.all(Array.from({ length: BUYERS }, () => muddleThrough(shop, items, roll)));
  await shop.zarinpal.clearFaults();
  const placed = orders.filter((order) => order !== undefined);
  expect(placed.length).toBeGreaterThan(BUYERS / 3);
  for (const { order } of placed) await workflowOf(shop, order.id).untilEnded();
  await watch.end();

  const unfinished = await rows(
    shop.database.manager,
    `SELECT o.status, p.status AS attempt FROM orders o JOIN payment_attempts p ON p.order_id = o.id
     WHERE o.status = 'awaiting_payment' OR p.status NOT IN ('settled', 'closed', 'surplus')
       OR (p.status = 'surplus' AND p.refunded < p.captured)`,
  );
  expect(unfinished).toEqual([]);
  const settled = await rows<{ authority: string; status: string }>(
    shop.database.manager,
    `SELECT authority, status FROM payment_attempts WHERE status IN ('settled', 'surplus') ORDER BY authority`,
  );
  const sessions = await shop.zarinpal.sessions({ limit: 1_000 });
  const taken = sessions.filter(({ state }) => state === 'VERIFIED').map(({ authority }) => authority);
  const refunded = sessions.filter(({ state }) => state === 'REVERSED').map(({ authority }) => authority);
  const ours = (status: string) =>
    settled.filter((attempt) => attempt.status === status).map(({ authority }) => authority);
  expect(taken.toSorted()).toEqual(ours('settled').toSorted());
  expect(refunded.toSorted()).toEqual(ours('surplus').toSorted());
  expect(taken.length).toBeGreaterThan(0);
});
