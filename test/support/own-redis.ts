import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Redis } from 'ioredis';

import { findRedis } from '../../sandbox/stack/find-programs';
import { startGuard } from '../../sandbox/stack/guard';
import { anyFreePort } from '../../sandbox/stack/ports';
import { startProgram, type RunningProgram } from '../../sandbox/stack/program';
import { prepareRedis } from '../../sandbox/stack/redis';

/** A Redis of one test, which it may start late, kill and start again at the same port. */
export interface OwnRedis {
  /** With a user of its own, whose rights {@link allow} changes. */
  readonly url: string;
  /** @param rules see {@link allow} */
  start(...rules: string[]): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
  /** Gives the user rights or takes them, as `ACL SETUSER` has them: `+@pubsub`, `-@pubsub`. */
  allow(...rules: string[]): Promise<void>;
  close(): Promise<void>;
}

const USER = 'sockets';
const PASSWORD = 'sockets';
const RIGHTS = ['on', `>${PASSWORD}`, '~*', 'allchannels', '+@all'];

export async function ownRedis(): Promise<OwnRedis> {
  const directory = mkdtempSync(path.join(tmpdir(), 'asoud-redis-'));
  const guard = startGuard(directory);
  const cache = path.join(__dirname, '../../.asoud/cache');
  const { executable } = await findRedis({ cache, report: () => undefined });
  const port = await anyFreePort();
  let running: RunningProgram | undefined;

  return {
    url: `redis://${USER}:${PASSWORD}@127.0.0.1:${port}`,
    async start(...rules) {
      const data = path.join(directory, 'data');
      const spec = prepareRedis({
        executable,
        data,
        port,
        logFile: path.join(directory, 'redis.log'),
        restart: false,
      });
      const withUser = [...spec.arguments, '--user', USER, ...RIGHTS, ...rules];
      running = await startProgram(
        { ...spec, arguments: withUser, stopSignal: 'SIGKILL' },
        guard,
        () => undefined,
      );
    },
    async kill() {
      await running?.stop();
      running = undefined;
    },
    async allow(...rules) {
      const owner = new Redis(port, '127.0.0.1');
      await owner.call('ACL', 'SETUSER', USER, ...rules);
      owner.disconnect();
    },
    async close() {
      await running?.stop();
      guard.release();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
