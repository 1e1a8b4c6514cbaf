import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { environmentWith } from '../../platform/config/environment';
import type { ShopAddresses } from './find-shop';

/** A shop that was started for the demo. */
export interface StartedShop {
  readonly addresses: ShopAddresses;
  /** Stops it in order and waits for its end. */
  stop(): Promise<void>;
  /** Lets it outlive this process. */
  leave(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const INTERRUPTED = 130;
const LAUNCHER = join(__dirname, '../../sandbox/dev.js');

/**
 * Starts what `npm run dev` starts and resolves when the shop is up. Rejects when it cannot be brought up; the launcher has
 * said why on standard error then.
 *
 * @param keep whether it shall be able to outlive this process: else it notices when this process is gone, and stops
 */
export async function startShop(
  directory: string,
  { keep, onLine }: { keep: boolean; onLine: (line: string) => void },
): Promise<StartedShop> {
  const launcher = spawn(process.execPath, [LAUNCHER, '--state', directory], {
    // A launcher that npm started looks after its parent and stops when that is gone.
    env: environmentWith({ npm_lifecycle_event: keep ? undefined : 'demo' }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: keep,
  });
  const ended = once(launcher, 'exit');
  followLines(launcher, onLine);
  launcher.stderr?.pipe(process.stderr, { end: false });
  const stop = async () => {
    launcher.kill('SIGTERM');
    await ended;
  };
  // Whoever interrupts the demo wants back what it has taken, and the launcher hears no Ctrl-C of its own when it is detached.
  const interrupted = () => void stop().then(() => process.exit(INTERRUPTED));
  for (const signal of SIGNALS) process.once(signal, interrupted);
  const first = await Promise.race([once(launcher, 'message'), ended.then(() => undefined)]);
  if (!first) throw new Error('The shop could not be started.');
  return {
    addresses: first[0] as ShopAddresses,
    stop,
    leave() {
      for (const signal of SIGNALS) process.off(signal, interrupted);
      launcher.disconnect();
      launcher.stdout?.destroy();
      launcher.stderr?.destroy();
      launcher.unref();
    },
  };
}

/** Its lines of progress; the table at the end is for people who start it themselves. */
function followLines(launcher: ChildProcess, onLine: (line: string) => void): void {
  let rest = '';
  launcher.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (/^ *\d+\.\d s {2}/.test(line)) onLine(line);
  });
}
