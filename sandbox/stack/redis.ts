import { mkdirSync, rmSync } from 'node:fs';

import { environmentWith } from '../../platform/config/environment';
import { redisAnswers } from './probes';
import type { ProgramSpec } from './program';

export interface RedisOptions {
  /** `redis-server` or `valkey-server`. */
  readonly executable: string;
  readonly data: string;
  readonly port: number;
  readonly logFile: string;
  /** Whether to start it again when it ends by itself. */
  readonly restart?: boolean;
}

export function redisUrl(port: number): string {
  return `redis://127.0.0.1:${port}`;
}

/**
 * Returns how to run Redis. Nothing that it holds is needed, so it saves nothing, and removes what an earlier one has saved: a
 * newer version may have written it, and then this one would not start.
 */
export function prepareRedis({ executable, data, port, logFile, restart = true }: RedisOptions): ProgramSpec {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: data,
    appendonly: 'no',
    save: '',
    databases: '4',
  };
  return {
    name: 'Redis',
    command: executable,
    arguments: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    environment: environmentWith({}),
    directory: data,
    logFile,
    stopSignal: 'SIGTERM',
    stopLimitMs: 5_000,
    rank: 0,
    isReady: () => redisAnswers(redisUrl(port)),
    readyLimitMs: 30_000,
    restart,
  };
}
