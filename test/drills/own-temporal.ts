import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, inject } from 'vitest';

import { temporalServes } from '../../sandbox/stack/probes';
import { StackConfig } from '../../sandbox/stack/stack-config';
import { startStack, type Stack } from '../../sandbox/stack/start-stack';
import { eventually } from '../support/eventually';
import { readRegister } from '../support/launcher';

const CACHE = path.join(__dirname, '../../.asoud/cache');

/** A Temporal service of one file, with its state in a file, as `npm run dev` has it. */
export interface OwnTemporal {
  readonly address: string;
  /** Ends the service as a power cut does, and waits until it is gone. Its launcher starts it again. */
  kill(): Promise<void>;
  /** Stops the service where it stands, until it goes on. */
  pause(): void;
  goOn(): void;
}

export function ownTemporal(): OwnTemporal {
  let directory: string;
  let stack: Stack;
  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'asoud-temporal-'));
    const { postgresUrl, redisUrl } = inject('stack');
    const config = Object.assign(new StackConfig(), {
      databaseUrl: postgresUrl,
      redisUrl,
      embeddedTemporalPort: 0,
    });
    stack = await startStack({ directory, cache: CACHE, config });
  });
  afterAll(async () => {
    await stack?.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  function signal(name: NodeJS.Signals): void {
    const { pid } = readRegister(directory).processes.find((it) => it.name === 'Temporal')!;
    process.kill(pid, name);
  }
  return {
    get address() {
      return stack.temporalAddress;
    },
    pause: () => signal('SIGSTOP'),
    goOn: () => signal('SIGCONT'),
    async kill() {
      signal('SIGKILL');
      await eventually(
        () => temporalServes(stack.temporalAddress),
        (serves) => !serves,
      );
    },
  };
}
