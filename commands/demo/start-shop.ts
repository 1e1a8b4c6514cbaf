import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { environmentWith } from '../../platform/config/environment';
import type { ShopAddresses } from './find-shop';

/** A shop that was started for the demo. */
export interface StartedShop {
  readonly addresses: ShopAddresses;
  /** Stops it in order, and waits until it has ended. */
  stop(): Promise<void>;
  /** Lets it run on after this process has ended. */
  leave(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const INTERRUPTED = 130;
const LAUNCHER = join(__dirname, '../../sandbox/dev.js');

/**
 * Starts what `npm run dev` starts, and resolves when the shop is up. Rejects when it does not start; the launcher has then
 * written the reason to standard error.
 *
 * @param keep whether it may outlive this process; otherwise it stops when this process is gone
 */
export async function startDemoShop(
  directory: string,
  { keep, onLine }: { keep: boolean; onLine: (line: string) => void },
): Promise<StartedShop> {
  const launcher = spawn(process.execPath, [LAUNCHER, '--state', directory], {
    // A launcher that was started by npm stops when its parent is gone.
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
  // An interrupted demo stops what it started. A detached launcher would get no Ctrl-C itself.
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

/** Passes on the launcher's progress lines, without the table at the end. */
function followLines(launcher: ChildProcess, onLine: (line: string) => void): void {
  let rest = '';
  launcher.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (/^ *\d+\.\d s {2}/.test(line)) onLine(line);
  });
}
