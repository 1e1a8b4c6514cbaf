import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import type { Problem } from '../../../entities/problem';
import { createFollowing } from '../../../realtime/client/following';
import { createPacer } from '../../../realtime/client/pacer';
import { LiveProblem, type Resumed } from '../../../realtime/client/protocol';
import { createWatchedList } from '../../../realtime/client/watched-list';
import type { LiveEvent } from '../../../realtime/event-maps';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const eventOf = (version: number): LiveEvent => ({
  aggregate: 'order',
  id: 'one',
  version,
  type: 'order.expired',
  payload: {},
  at: new Date(version).toISOString(),
});
const resumed = (versions: readonly number[], more: Partial<Resumed> = {}): Resumed => ({
  version: versions.at(-1) ?? 0,
  events: versions.map(eventOf),
  more: false,
  reset: false,
  state: null,
  ...more,
});
const settled = () => vi.advanceTimersByTimeAsync(0);

/** A following whose questions the test answers. */
function openFollowing(after = 0) {
  const applied: number[] = [];
  const resets: number[] = [];
  const ends: string[] = [];
  const asked: number[] = [];
  const answers: { resolve: (answer: Resumed) => void; reject: (error: Error) => void }[] = [];
  const following = createFollowing({
    ...{ aggregate: 'order', id: 'one', after, isConnected: () => true },
    subscribe(version) {
      asked.push(version);
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    },
    handlers: {
      onEvent: ({ version }) => applied.push(version),
      onReset: (_state, version) => resets.push(version),
      onEnd: ({ problem }) => ends.push(problem.code),
    },
  });
  return {
    ...{ following, applied, resets, ends, asked },
    async answer(given: Resumed | Error) {
      await settled();
      const next = answers.shift()!;
      if (given instanceof Error) next.reject(given);
      else next.resolve(given);
      await settled();
    },
  };
}

const problem = (code: Problem['code'], status: number, retryAfterSeconds?: number) =>
  new LiveProblem('subscribe', {
    ...{ type: '', title: '', requestId: '', code, status },
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
  });

describe('an aggregate that is followed', () => {
  test('applies the next version, drops what is not newer', async () => {
    const { following, applied, answer } = openFollowing();
    following.ask();
    await answer(resumed([1, 2]));
    for (const version of [1, 2, 3, 3, 2, 4]) following.take(eventOf(version));

    expect(applied).toEqual([1, 2, 3, 4]);
    expect(following.version).toBe(4);
  });

  test('holds what is further on, and asks for what is between, one question at a time', async () => {
    const { following, applied, asked, answer } = openFollowing(2);
    for (const version of [5, 6, 8]) following.take(eventOf(version));
    await settled();
    expect(asked).toEqual([2]);
    expect(applied).toEqual([]);

    await answer(resumed([3, 4, 5]));
    expect(applied).toEqual([3, 4, 5, 6]);
    expect(asked).toEqual([2, 6]);
    await answer(resumed([7]));

    expect(applied).toEqual([3, 4, 5, 6, 7, 8]);
    expect(asked).toEqual([2, 6]);
  });

  test('reads the next page after the last event of the one before', async () => {
    const { following, applied, asked, answer } = openFollowing();
    following.ask();
    await answer(resumed([1, 2], { more: true, version: 3 }));
    await answer(resumed([3]));

    expect(asked).toEqual([0, 2]);
    expect(applied).toEqual([1, 2, 3]);
  });

  test('takes the whole state after a reset, and goes on from its version', async () => {
    const { following, applied, resets, answer } = openFollowing(99);
    following.ask();
    await answer(resumed([], { reset: true, version: 4, state: { status: 'placed' } }));
    following.take(eventOf(5));

    expect(resets).toEqual([4]);
    expect(applied).toEqual([5]);
  });

  test('asks again after the time that a refusal names, and later than that', async () => {
    const { following, asked, ends, answer } = openFollowing();
    following.ask();
    await answer(problem('request.too_many', 429, 2));
    await vi.advanceTimersByTimeAsync(1_999);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_001);

    expect(asked).toHaveLength(2);
    expect(ends).toEqual([]);
  });

  test('asks again when no answer came, and ends when the server refuses for good', async () => {
    const { following, asked, ends, answer } = openFollowing();
    following.ask();
    await answer(new Error('operation has timed out'));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toHaveLength(2);
    await answer(problem('order.not_found', 404));
    following.ask();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(ends).toEqual(['order.not_found']);
    expect(asked).toHaveLength(2);
  });

  test('asks nothing more once it is closed', async () => {
    const { following, asked, applied, answer } = openFollowing();
    following.ask();
    following.close();
    await answer(resumed([1], { more: true }));
    following.ask();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(asked).toEqual([0]);
    expect(applied).toEqual([]);
  });
});

test('a list drops what its answer shows, hands over what follows, and is read again after a gap', async () => {
  const results: number[] = [];
  const applied: number[] = [];
  const reads: ((result: { version: number }) => void)[] = [];
  const list = createWatchedList<{ version: number }>(
    { isConnected: () => true, read: () => new Promise((resolve) => reads.push(resolve)) },
    {
      aggregate: 'order',
      versionsOf: ({ version }) => [['one', version]],
      onResult: ({ version }) => results.push(version),
      onEvent: ({ version }) => applied.push(version),
    },
  );
  list.ask();
  list.take(eventOf(3));
  list.take({ ...eventOf(4), aggregate: 'room' });
  list.take(eventOf(4));
  reads.shift()!({ version: 3 });
  await settled();
  expect(applied).toEqual([4]);

  list.take(eventOf(7));
  await settled();
  list.take(eventOf(8));
  expect(applied).toEqual([4]);
  reads.shift()!({ version: 7 });
  await settled();

  expect(results).toEqual([3, 7]);
  expect(applied).toEqual([4, 8]);
});

test('a client never sends more frames than a socket may', async () => {
  const pacer = createPacer();
  const sent: number[] = [];
  for (let frame = 0; frame < 200; frame += 1) void pacer.turn().then(() => sent.push(Date.now()));
  const start = Date.now();
  await vi.advanceTimersByTimeAsync(20_000);

  expect(sent).toHaveLength(200);
  const tolerated = (at: number) => 40 + ((at - start) / 1_000) * 20;
  sent.forEach((at, place) => expect(place + 1).toBeLessThanOrEqual(tolerated(at)));
});
