import { expect, test } from 'vitest';

import { GENTLY } from '../../../activities/cache/cache-warming.activities';
import {
  BEGINNING,
  warmAddresses,
  WINDOW,
  type Asked,
  type AskedOutcome,
  type WarmingState,
} from '../../../activities/cache/warm-addresses';
import type { HeatedAddress } from '../../../entities/cache/hot-addresses';

const addressesOf = (count: number): HeatedAddress[] =>
  Array.from({ length: count }, (_, n) => ({
    name: `product slug="${n}"`,
    kind: 'product',
    address: `/api/v1/products/${n}`,
    language: 'fa',
    heat: count - n,
  }));

/** An API whose answers take so long, and a clock that passes with them. */
function fakeWorld(answer: (address: HeatedAddress, nth: number) => Partial<Asked>) {
  const known = new Set<string>();
  const world = {
    clock: 0,
    asked: [] as string[],
    pauses: [] as number[],
    gone: [] as string[],
    states: [] as WarmingState[],
    mostAtOnce: 0,
  };
  let atOnce = 0;
  return {
    ...{ world },
    async ask(address: HeatedAddress): Promise<Asked> {
      atOnce += 1;
      world.mostAtOnce = Math.max(world.mostAtOnce, atOnce);
      const { outcome = known.has(address.name) ? 'hit' : 'load', ms = 5 } = answer(
        address,
        world.asked.length,
      );
      world.asked.push(address.name);
      known.add(address.name);
      await Promise.resolve();
      world.clock += ms;
      atOnce -= 1;
      return { outcome, ms };
    },
    async pause(ms: number) {
      world.pauses.push(ms);
      world.clock += ms;
    },
    now: () => world.clock,
    keep: (state: WarmingState) => void world.states.push(state),
    throwIfOver() {},
    async gone(names: readonly string[]) {
      world.gone.push(...names);
    },
  };
}

const BUDGET = { ...GENTLY, atOnce: 4, ms: 60_000 };

test('all are asked for, the hottest first, and once more to see what came of it', async () => {
  const fake = fakeWorld(() => ({}));
  const addresses = addressesOf(50);

  const { state, endedBy } = await warmAddresses(addresses, BUDGET, fake);

  expect(endedBy).toBe('done');
  expect(fake.world.asked.slice(0, 50).toSorted()).toEqual(addresses.map(({ name }) => name).toSorted());
  expect(fake.world.asked[0]).toBe(addresses[0]!.name);
  expect(state).toMatchObject({ outcomes: { load: 50, hit: 0 }, pauses: 0 });
  expect(state.before.hit).toBe(0);
  expect(state.after.hit).toBe(state.after.answered);
  expect(fake.world.mostAtOnce).toBe(4);
});

test('nothing hot is nothing to do', async () => {
  const { state, endedBy } = await warmAddresses(
    [],
    BUDGET,
    fakeWorld(() => ({})),
  );
  expect([state, endedBy]).toEqual([BEGINNING, 'done']);
});

test.each<[string, (nth: number) => Partial<Asked>]>([
  ['its answers take more than twice as long', (nth) => (nth < WINDOW ? {} : { ms: 300 })],
  ['it was slow from the beginning', () => ({ ms: 600 })],
  ['it refuses', () => ({ outcome: 'busy' })],
  ['it gives no answer', () => ({ outcome: 'away', ms: 5_000 })],
])('the API is left alone when %s', async (_, answer) => {
  const fake = fakeWorld((_address, nth) => answer(nth));

  const { endedBy, state } = await warmAddresses(addressesOf(500), { ...BUDGET, ms: 10_000_000 }, fake);

  expect(endedBy).toBe('slow');
  expect(fake.world.pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
  expect(state.pauses).toBe(5);
  expect(fake.world.asked.length).toBeLessThanOrEqual(7 * WINDOW);
});

test('it goes on after a pause when the API is quick again', async () => {
  const fake = fakeWorld((_address, nth) => (nth >= 40 && nth < 60 ? { ms: 900 } : {}));

  const { endedBy, state } = await warmAddresses(addressesOf(100), BUDGET, fake);

  expect([endedBy, state.pauses, fake.world.pauses]).toEqual(['done', 1, [1_000]]);
  expect(state.outcomes.load).toBe(100);
});

test('it ends with its budget', async () => {
  const fake = fakeWorld(() => ({ ms: 90 }));

  const { endedBy, state } = await warmAddresses(addressesOf(500), { ...BUDGET, ms: 9_000 }, fake);

  expect(endedBy).toBe('budget');
  expect(state.at).toBe(100);
  expect(state.spentMs).toBe(9_000);
});

test('another worker goes on where the last heartbeat was, and the budget counts on', async () => {
  const addresses = addressesOf(200);
  const first = fakeWorld(() => ({}));
  await warmAddresses(addresses, BUDGET, first);
  const kept = first.world.states[3]!;
  const second = fakeWorld(() => ({}));

  const { state } = await warmAddresses(addresses, BUDGET, second, kept);

  expect(kept.at).toBe(4 * WINDOW);
  expect(second.world.asked.slice(0, 200 - 4 * WINDOW)).not.toContain(addresses[0]!.name);
  expect(state.outcomes.load).toBe(200);
  expect(state.spentMs).toBe(kept.spentMs + second.world.clock);
});

test('what is not there any more is forgotten, and is no part of the ratios', async () => {
  const addresses = addressesOf(30);
  const goneOnes = addresses.filter((_, n) => n % 3 === 0).map(({ name }) => name);
  const fake = fakeWorld(({ name }): { outcome?: AskedOutcome } =>
    goneOnes.includes(name) ? { outcome: 'gone' } : {},
  );

  const { state } = await warmAddresses(addresses, BUDGET, fake);

  expect(new Set(fake.world.gone)).toEqual(new Set(goneOnes));
  expect(state.outcomes).toMatchObject({ gone: 10, load: 20 });
  expect(state.after.hit).toBe(state.after.answered);
});
