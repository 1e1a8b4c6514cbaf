import type { NativeConnection } from '@temporalio/worker';
import { expect, test } from 'vitest';

import { RuntimeConfig } from '../../../platform/config/runtime';
import { WorkerConfig } from '../../../platform/config/worker';
import { QUEUES, type Queue } from '../../../temporal/queues';
import { workerOptions } from '../../../temporal/worker-options';

const NAMES = Object.keys(QUEUES) as Queue[];

const optionsOf = (queue: Queue, drainTimeMs?: number) =>
  workerOptions(queue, new WorkerConfig(), {} as NativeConnection, 'asoud', drainTimeMs);

test.each(NAMES)('a worker of %s may finish what it began within the drain time of the process', (queue) => {
  const { shutdownGraceTime, shutdownForceTime } = optionsOf(queue, 7_000);

  expect(shutdownGraceTime).toBe(7_000);
  expect(shutdownForceTime).toBeGreaterThan(7_000);
});

test('with the default settings a worker ends by itself before its process is ended', () => {
  const { drainTimeMs, stopLimitMs } = new RuntimeConfig();

  expect(optionsOf('checkout').shutdownGraceTime).toBe(drainTimeMs);
  expect(optionsOf('checkout').shutdownForceTime).toBeLessThan(stopLimitMs);
});
