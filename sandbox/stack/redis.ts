import { mkdirSync } from 'node:fs';

import { environmentWith } from '../../platform/config/environment';
import { redisAnswers } from './probes';
import type { ProgramSpec } from './program';

export interface RedisOptions {
  /** `redis-server` or `valkey-server`. */
  readonly executable: string;
  readonly data: string;
  readonly port: number;
  readonly logFile: string;
  readonly ephemeral: boolean;
}

export function redisUrl(port: number): string {
  return `redis://127.0.0.1:${port}`;
}

/** Returns how to run Redis. Its data may be lost, so occasional snapshots are enough, or none for a throw-away stack. */
export function prepareRedis({ executable, data, port, logFile, ephemeral }: RedisOptions): ProgramSpec {
  mkdirSync(data, { recursive: true });
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: data,
    appendonly: 'no',
    save: ephemeral ? '' : '60 1',
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
    restart: !ephemeral,
  };
}
