import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Client } from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';

import { StackConfig } from '../../sandbox/stack/stack-config';
import { startStack, type Stack } from '../../sandbox/stack/start-stack';
import type { PostgresPlace } from '../support/database';
import { eventually } from '../support/eventually';
import { readRegister } from '../support/launcher';
import { prepareTemplates } from '../support/templates';

const CACHE = path.join(__dirname, '../../.asoud/cache');

/** A Postgres of one file. */
export interface OwnPostgres {
  readonly place: PostgresPlace;
  /**
   * Stops each of its processes where it stands: connections stay open, new ones are accepted by the system, and nothing is
   * answered. Returns how all go on.
   */
  hang(): Promise<() => Promise<void>>;
  /** A Redis beside it, if one was wanted. */
  readonly redisUrl: string;
  /** Ends a server at once, without its leave, and waits until another process serves in its place. */
  crash(server: 'Postgres' | 'Redis'): Promise<void>;
}

/** @param options.redis whether the file has a Redis of its own too */
export function ownPostgres({ redis = false }: { readonly redis?: boolean } = {}): OwnPostgres {
  let directory: string;
  let stack: Stack;
  let place: PostgresPlace;
  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'asoud-postgres-'));
    const { redisUrl, temporalAddress } = inject('stack');
    const config = Object.assign(new StackConfig(), {
      ...(redis ? { embeddedRedisPort: 0 } : { redisUrl }),
      temporalAddress,
      embeddedPostgresPort: 0,
    });
    stack = await startStack({ directory, cache: CACHE, config });
    const { names: templates } = await prepareTemplates(stack.databaseOwnerUrl, false);
    place = { postgresUrl: stack.databaseOwnerUrl, templates };
  });
  afterAll(async () => {
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const pidOf = (server: string) =>
    readRegister(directory).processes.find(({ name }) => name === server)?.pid;
  return {
    get place() {
      return place;
    },
    get redisUrl() {
      return stack.redisUrl;
    },
    async crash(server) {
      const before = pidOf(server)!;
      // Postgres leaves a shared memory behind when it is killed, and its processes end only by themselves.
      process.kill(before, server === 'Postgres' ? 'SIGQUIT' : 'SIGKILL');
      await eventually(
        () => pidOf(server),
        (pid) => pid !== undefined && pid !== before,
      );
    },
    async hang() {
      const postmaster = pidOf('Postgres')!;
      const client = new Client({ connectionString: place.postgresUrl });
      await client.connect();
      // Without the postmaster there are no new ones; our own goes last.
      process.kill(postmaster, 'SIGSTOP');
      const { rows } = await client.query<{ pid: number }>(
        'SELECT pid FROM pg_stat_activity ORDER BY pid = pg_backend_pid()',
      );
      for (const { pid } of rows) process.kill(pid, 'SIGSTOP');
      return async () => {
        for (const pid of [...rows.map((it) => it.pid), postmaster]) process.kill(pid, 'SIGCONT');
        await client.end();
      };
    },
  };
}
