import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { environmentWith } from '../../platform/config/environment';
import { temporalServes } from './probes';
import type { ProgramSpec } from './program';

export interface TemporalOptions {
  /** The `temporal` command line tool, which holds the dev server and its web UI. */
  readonly executable: string;
  readonly data: string;
  readonly port: number;
  /** Without it the server runs without its web UI. */
  readonly uiPort?: number | undefined;
  readonly logFile: string;
  readonly ephemeral: boolean;
}

/**
 * The dev server's own defaults are made for looking at it: with one shard and 20 polls a second every step of a
 * workflow waits up to 50 ms once a burst is over, and timers fire up to a second late. The limits of the frontend
 * would bite in tests and benchmarks.
 */
const DYNAMIC_CONFIG: Readonly<Record<string, number | string | boolean>> = {
  'history.transferProcessorMaxPollRPS': 2_000,
  'history.timerProcessorMaxPollRPS': 2_000,
  'history.visibilityProcessorMaxPollRPS': 2_000,
  'history.timerProcessorMaxTimeShift': '25ms',
  'history.rps': 100_000,
  'matching.rps': 100_000,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'frontend.rps': 100_000,
  'frontend.namespaceRPS': 100_000,
  'frontend.namespaceRPS.visibility': 10_000,
  'frontend.namespaceCount': 20_000,
  'frontend.enableServerVersionCheck': false,
};

/** How to run the Temporal dev server with its state in a file. */
export function prepareTemporal(options: TemporalOptions): ProgramSpec {
  const { executable, data, port, uiPort, logFile, ephemeral } = options;
  mkdirSync(data, { recursive: true });
  const address = `127.0.0.1:${port}`;
  const pragmas = { journal_mode: 'wal', synchronous: ephemeral ? 'off' : 'normal' };
  return {
    name: 'Temporal',
    command: executable,
    arguments: [
      'server',
      'start-dev',
      '--ip=127.0.0.1',
      `--port=${port}`,
      '--log-level=warn',
      `--db-filename=${join(data, 'temporal.db')}`,
      ...(uiPort === undefined ? ['--headless'] : ['--ui-ip=127.0.0.1', `--ui-port=${uiPort}`]),
      ...Object.entries(pragmas).map(([name, value]) => `--sqlite-pragma=${name}=${value}`),
      ...Object.entries(DYNAMIC_CONFIG).map(
        ([name, value]) => `--dynamic-config-value=${name}=${JSON.stringify(value)}`,
      ),
    ],
    environment: withoutTemporalSettings(),
    directory: data,
    logFile,
    stopSignal: 'SIGTERM',
    stopLimitMs: 10_000,
    rank: 1,
    isReady: () => temporalServes(address),
    readyLimitMs: 60_000,
    restart: !ephemeral,
  };
}

/** `TEMPORAL_…` in a developer's environment means a client's settings and must not reach the server. */
function withoutTemporalSettings(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environmentWith({})).filter(([name]) => !name.startsWith('TEMPORAL_')),
  );
}
