import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

import type { StackGuard } from './guard';
import { identityOf } from './process-identity';

/** What to run, and how to stop it. */
export interface LaunchSpec {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The working directory, which the program's user must be able to enter. */
  readonly directory: string;
  /** The user to run as; only root can set it. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** The program appends its output here itself, so that nothing is lost when the launcher is killed. */
  readonly logFile: string;
  readonly stopSignal: NodeJS.Signals;
  readonly stopLimitMs: number;
  /** Programs of a higher rank use those of a lower rank, and are stopped first. */
  readonly rank: number;
}

export interface Launched {
  readonly child: ChildProcess;
  /** Resolves when it has ended: undefined for success, else how it ended. */
  readonly ended: Promise<string | undefined>;
}

/** Starts a process that the guard stops when this process is gone. */
export function launch(spec: LaunchSpec, guard: StackGuard): Launched {
  const log = openSync(spec.logFile, 'a', 0o644);
  const child = spawn(spec.command, spec.arguments, {
    cwd: spec.directory,
    env: { ...spec.environment },
    // In its own process group, so that Ctrl-C reaches only the launcher, which stops everything in order.
    detached: true,
    stdio: ['ignore', log, log],
    ...spec.user,
  });
  closeSync(log);
  const { pid } = child;
  const identity = pid === undefined ? undefined : identityOf(pid);
  if (pid !== undefined && identity !== undefined) {
    const { name, stopSignal: signal, stopLimitMs: limitMs, rank } = spec;
    guard.watch({ name, pid, identity, signal, limitMs, rank });
  }
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit code ${code}`)));
  }).then((how) => {
    if (pid !== undefined) guard.forget(pid);
    return how;
  });
  return { child, ended };
}

/** Kills a process and everything that it started. */
export function endByForce(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
