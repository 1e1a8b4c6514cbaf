import { setImmediate } from 'node:timers/promises';

import { afterEach, expect, test, vi } from 'vitest';

import { createLifecycle } from '../../../platform/lifecycle';
import { createLogger } from '../../../platform/logger';
import { PATIENCE } from '../../support/patience';
import { collectLines } from './log-lines';

const SIGNALS = ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection'] as const;
const before = new Map(SIGNALS.map((name) => [name, process.listeners(name as 'SIGTERM')]));
afterEach(() => {
  for (const name of SIGNALS) {
    for (const listener of process.listeners(name as 'SIGTERM')) {
      if (!before.get(name)?.includes(listener)) process.off(name, listener);
    }
  }
});

/** Calls the signal's handler, without sending the signal to the test process. */
function send(name: (typeof SIGNALS)[number], value: unknown = name): void {
  const listener = process.listeners(name as 'SIGTERM').at(-1) as (value: unknown) => void;
  listener(value);
}

function buildLifecycle(limits = { drainTimeMs: 50, stopLimitMs: 5_000 }) {
  const { destination, lines } = collectLines();
  const exit = vi.fn<(code: number) => void>();
  const logger = createLogger({ logLevel: 'debug' }, { service: 'test', destination });
  return { lifecycle: createLifecycle(logger, limits, exit), exit, lines };
}

test('parts end one after another in reverse order, then the process', async () => {
  const { lifecycle, exit } = buildLifecycle();
  const order: string[] = [];
  for (const name of ['pool', 'app', 'server']) {
    lifecycle.onStop(name, async (drainTimeMs) => {
      order.push(`${name} begins (${drainTimeMs})`);
      await setImmediate();
      order.push(`${name} ends`);
    });
  }

  expect(lifecycle.isStopping).toBe(false);
  const stopping = lifecycle.stop('test');
  expect(lifecycle.isStopping).toBe(true);
  await stopping;

  expect(order).toEqual([
    'server begins (50)',
    'server ends',
    'app begins (50)',
    'app ends',
    'pool begins (50)',
    'pool ends',
  ]);
  expect(exit.mock.calls).toEqual([[0]]);
});

test('when a part fails, the others still end, and the exit code says so', async () => {
  const { lifecycle, exit, lines } = buildLifecycle();
  const ended = vi.fn<() => void>();
  lifecycle.onStop('pool', ended);
  lifecycle.onStop('server', () => Promise.reject(new Error('stuck')));

  await lifecycle.stop('test');

  expect(ended).toHaveBeenCalledOnce();
  expect(exit.mock.calls).toEqual([[1]]);
  expect(lines()).toContainEqual(expect.objectContaining({ level: 'error', part: 'server' }));
});

test('when a part never ends, the process exits after the limit', async () => {
  const { lifecycle, exit } = buildLifecycle({ drainTimeMs: 1, stopLimitMs: 20 });
  lifecycle.onStop('server', () => new Promise(() => {}));

  void lifecycle.stop('test');

  await vi.waitFor(() => expect(exit.mock.calls).toEqual([[1]]), PATIENCE);
});

test('stopping twice ends every part once', async () => {
  const { lifecycle, exit } = buildLifecycle();
  const ended = vi.fn<() => void>();
  lifecycle.onStop('pool', ended);

  await Promise.all([lifecycle.stop('one'), lifecycle.stop('two')]);

  expect(ended).toHaveBeenCalledOnce();
  expect(exit).toHaveBeenCalledOnce();
});

test('SIGTERM stops in order, a second signal exits at once', async () => {
  const { lifecycle, exit, lines } = buildLifecycle();
  let end: (() => void) | undefined;
  lifecycle.onStop('server', () => new Promise<void>((resolve) => (end = resolve)));
  lifecycle.listen();

  send('SIGTERM');
  expect(lifecycle.isStopping).toBe(true);
  expect(exit).not.toHaveBeenCalled();
  send('SIGINT');
  expect(exit.mock.calls).toEqual([[1]]);
  end?.();

  await vi.waitFor(() => expect(exit).toHaveBeenCalledTimes(2), PATIENCE);
  expect(lines()).toContainEqual(expect.objectContaining({ msg: 'stopping', reason: 'SIGTERM' }));
});

test('an uncaught failure is logged, parts end, and the process exits with 1', async () => {
  const { lifecycle, exit, lines } = buildLifecycle();
  const ended = vi.fn<() => void>();
  lifecycle.onStop('pool', ended);
  lifecycle.listen();

  send('unhandledRejection', new Error('forgotten'));

  await vi.waitFor(() => expect(exit.mock.calls).toEqual([[1]]), PATIENCE);
  expect(ended).toHaveBeenCalledOnce();
  expect(lines()[0]).toMatchObject({ level: 'fatal', err: { message: 'forgotten' } });
});
