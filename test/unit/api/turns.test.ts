import { expect, test } from 'vitest';

import { createTurns } from '../../../api/turns';
import { PATIENCE_MS } from '../../support/patience';

/** Work that ends when it is told to. */
function heldWork() {
  let release!: () => void;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { work: () => released, release };
}

test('works of one key run one after the other, in their order, also after one that failed', async () => {
  const inTurn = createTurns({ mostWaiting: 10, longestWaitMs: PATIENCE_MS });
  const first = heldWork();
  const seen: string[] = [];
  const failing = inTurn('a', async () => {
    await first.work();
    seen.push('first');
    throw new Error('no');
  });
  const others = ['second', 'third'].map((name) =>
    inTurn('a', () => {
      seen.push(name);
      return Promise.resolve(name);
    }),
  );
  await inTurn('b', () => Promise.resolve(seen.push('another key')));
  first.release();

  await expect(failing).rejects.toThrow('no');
  expect(await Promise.all(others)).toEqual(['second', 'third']);
  expect(seen).toEqual(['another key', 'first', 'second', 'third']);
});

test('who finds too many waiting, or waits too long, is refused and never runs', async () => {
  const inTurn = createTurns({ mostWaiting: 1, longestWaitMs: 1 });
  const held = heldWork();
  const ran: string[] = [];
  const run = (name: string) =>
    inTurn('a', () => {
      ran.push(name);
      return Promise.resolve();
    });
  const running = inTurn('a', held.work);

  const late = run('late');
  await expect(run('one too many')).rejects.toMatchObject({ code: 'service.unavailable' });
  await expect(late).rejects.toMatchObject({ code: 'service.unavailable' });
  held.release();
  await running;
  await run('next');

  expect(ran).toEqual(['next']);
});
