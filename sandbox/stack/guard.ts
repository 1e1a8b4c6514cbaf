import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { identityOf } from './process-identity';
import { hasEnded, stopProcesses, type Watched } from './stop-processes';
import type { WatchdogMessage } from './watchdog';

/** Records every process of a launcher twice: in the watchdog, and in a file for the next start. */
export interface StackGuard {
  watch(process: Watched): void;
  forget(pid: number): void;
  /** Ends the watchdog. Call it when all processes have ended. */
  release(): void;
}

interface Register {
  readonly watchdog?: { readonly pid: number; readonly identity: string };
  readonly processes: readonly Watched[];
}

const REGISTER = 'processes.json';

/**
 * Starts the watchdog of a launcher whose state is in `directory`. A killed watchdog is replaced. If launcher and watchdog are
 * killed together, the next start finds the register in the directory ({@link stopLeftovers}).
 */
export function startGuard(directory: string, removeAtTheEnd: readonly string[] = []): StackGuard {
  const file = join(directory, REGISTER);
  const watched = new Map<number, Watched>();
  let watchdog: ChildProcess;
  let released = false;

  function tell(message: WatchdogMessage): void {
    watchdog.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  function remember(): void {
    const identity = watchdog.pid === undefined ? undefined : identityOf(watchdog.pid);
    const register: Register = {
      ...(watchdog.pid !== undefined &&
        identity !== undefined && { watchdog: { pid: watchdog.pid, identity } }),
      processes: [...watched.values()],
    };
    writeFileSync(`${file}.new`, JSON.stringify(register));
    renameSync(`${file}.new`, file);
  }

  function begin(): void {
    watchdog = spawn(process.execPath, [watchdogFile()], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    // A write to a watchdog that was just killed fails. Its successor gets all messages again.
    watchdog.stdin?.on('error', () => undefined);
    watchdog.once('exit', (_code, signal) => {
      if (signal && !released) begin();
    });
    if (removeAtTheEnd.length > 0) tell({ removeAtTheEnd });
    for (const process of watched.values()) tell({ watch: process });
    remember();
  }

  begin();
  return {
    watch(process) {
      watched.set(process.pid, process);
      tell({ watch: process });
      remember();
    },
    forget(pid) {
      if (!watched.delete(pid)) return;
      tell({ forget: pid });
      if (!released) remember();
    },
    release() {
      released = true;
      watchdog.stdin?.end();
      rmSync(file, { force: true });
    },
  };
}

/**
 * Stops what an earlier launcher left running in this directory. Usually its watchdog is doing that already, so it gets the
 * time that its processes may take.
 */
export async function stopLeftovers(directory: string): Promise<void> {
  const file = join(directory, REGISTER);
  if (!existsSync(file)) return;
  const register = readRegister(file);
  const longest = Math.max(0, ...register.processes.map((it) => it.limitMs));
  if (register.watchdog) await hasEnded(register.watchdog.pid, register.watchdog.identity, longest + 10_000);
  await stopProcesses(register.processes);
  rmSync(file, { force: true });
}

function readRegister(file: string): Register {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Register;
  } catch {
    return { processes: [] };
  }
}

/** The compiled watchdog, also when the launcher runs from the sources, as in tests. */
function watchdogFile(): string {
  const places = [join(__dirname, 'watchdog.js'), join(__dirname, '../../dist/sandbox/stack/watchdog.js')];
  const file = places.find((it) => existsSync(it));
  if (!file) throw new Error('The watchdog of the embedded stack is not compiled: run npx tsc.');
  return file;
}
