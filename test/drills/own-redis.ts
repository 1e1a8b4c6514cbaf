import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Redis } from 'ioredis';
import { afterAll, beforeAll, inject } from 'vitest';

import { redisAnswers } from '../../sandbox/stack/probes';
import { StackConfig } from '../../sandbox/stack/stack-config';
import { startStack, type Stack } from '../../sandbox/stack/start-stack';
import { eventually } from '../support/eventually';
import { readRegister } from '../support/launcher';

const CACHE = path.join(__dirname, '../../.asoud/cache');

/** A Redis of one file. */
export interface OwnRedis {
  readonly url: string;
  /** For what a test does to it. */
  readonly client: Redis;
  /** Stops it where it stands: connections stay open and nothing is answered. Returns how it goes on. */
  hang(): () => void;
  /** Ends it at once and waits until its launcher has started it again, empty. */
  kill(): Promise<void>;
}

export function ownRedis(): OwnRedis {
  let directory: string;
  let stack: Stack;
  let client: Redis;
  const pid = () => readRegister(directory).processes.find(({ name }) => name === 'Redis')?.pid;
  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'asoud-redis-'));
    const { postgresUrl, temporalAddress } = inject('stack');
    const config = Object.assign(new StackConfig(), {
      databaseUrl: postgresUrl,
      temporalAddress,
      embeddedRedisPort: 0,
    });
    stack = await startStack({ directory, cache: CACHE, config });
    client = new Redis(stack.redisUrl);
    client.on('error', () => {});
  });
  afterAll(async () => {
    client?.disconnect();
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    get url() {
      return stack.redisUrl;
    },
    get client() {
      return client;
    },
    hang() {
      const stopped = pid()!;
      process.kill(stopped, 'SIGSTOP');
      return () => process.kill(stopped, 'SIGCONT');
    },
    async kill() {
      const killed = pid()!;
      process.kill(killed, 'SIGKILL');
      await eventually(pid, (it) => it !== undefined && it !== killed);
      await eventually(
        () => redisAnswers(stack.redisUrl),
        (answers) => answers,
      );
    },
  };
}
