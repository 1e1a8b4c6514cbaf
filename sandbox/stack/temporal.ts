import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { environmentWith } from '../../platform/config/environment';
import { temporalServes } from './probes';
import type { ProgramSpec } from './program';

export interface TemporalOptions {
  /** The `temporal` command line tool, which contains the dev server and its web UI. */
  readonly executable: string;
  readonly data: string;
  readonly port: number;
  /** Undefined for a server without web UI. */
  readonly uiPort?: number | undefined;
  readonly logFile: string;
  readonly ephemeral: boolean;
}

/**
 * The defaults of the dev server are too slow for us: with one shard and 20 polls a second, a step waits up to 50 ms after a
 * burst, and timers fire up to a second late. The limits of the frontend would affect tests and benchmarks.
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

/** Returns how to run the Temporal dev server with its state in a file. */
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

/** `TEMPORAL_…` variables of a developer are settings of a client and must not reach the server. */
function withoutTemporalSettings(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environmentWith({})).filter(([name]) => !name.startsWith('TEMPORAL_')),
  );
}
