import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

import type { Guard } from './guard';
import { lastLines } from './log-file';
import { identityOf } from './process-identity';

/** A program that the launcher runs: what to start, how to know that it is ready, how it wants to be stopped. */
export interface ProgramSpec {
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The working directory; one that the program's user can enter. */
  readonly directory: string;
  /** Another user to run as; only root can ask for one. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Its output is appended here, past the launcher, so that nothing is lost when the launcher is killed. */
  readonly logFile: string;
  readonly stopSignal: NodeJS.Signals;
  readonly stopLimitMs: number;
  /** Programs of a higher rank use those of a lower one and are stopped before them. */
  readonly rank: number;
  /** Whether it serves; asked every few hundredths of a second after a start. */
  isReady(): Promise<boolean>;
  readonly readyLimitMs: number;
  /** Whether to start it again when it ends unasked. */
  readonly restart: boolean;
}

export interface RunningProgram {
  readonly name: string;
  /** The process at the moment; undefined while it is being started again. */
  readonly pid: number | undefined;
  readonly stop: () => Promise<void>;
}

/** A program that ended or stayed silent before it was ready; the message ends with its last output. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

const READY_POLL_MS = 30;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
const STEADY_AFTER_MS = 30_000;

/**
 * Starts a program and resolves when it is ready. From then on a `restart` program that ends unasked is started
 * again, with pauses that double from 0.2 s to 10 s and begin anew once it ran for half a minute.
 * Throws {@link ProgramError} when it cannot be brought up at all.
 */
export async function startProgram(
  spec: ProgramSpec,
  guard: Guard,
  notice: (text: string) => void,
): Promise<RunningProgram> {
  let child: ChildProcess | undefined;
  let isUp = false;
  let stopping = false;
  let pause = FIRST_PAUSE_MS;
  let pauseTimer: NodeJS.Timeout | undefined;
  let exited: Promise<string> = Promise.resolve('');

  function launch(): Promise<void> {
    const startedAt = performance.now();
    const started = spawnInBackground(spec, guard);
    child = started.child;
    exited = started.exited;
    void comeBackAfter(started.exited, startedAt);
    return becomesReady(spec, exited, () => stopping);
  }

  async function comeBackAfter(exit: Promise<string>, startedAt: number): Promise<void> {
    const reason = await exit;
    child = undefined;
    if (performance.now() - startedAt > STEADY_AFTER_MS) pause = FIRST_PAUSE_MS;
    if (!stopping && isUp) again(reason);
  }

  function again(reason: string): void {
    if (!spec.restart) {
      notice(`${spec.name} ended unasked (${reason}); see ${spec.logFile}`);
      return;
    }
    notice(`${spec.name} ended (${reason}), starting it again`);
    pauseTimer = setTimeout(() => {
      launch().then(
        () => notice(`${spec.name} is back`),
        () => undefined, // Its exit has already asked for the next try; one that hangs is left to its log.
      );
    }, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }

  async function stop(): Promise<void> {
    stopping = true;
    clearTimeout(pauseTimer);
    if (!child) return;
    child.kill(spec.stopSignal);
    const force = setTimeout(() => killGroup(child), spec.stopLimitMs);
    await exited;
    clearTimeout(force);
  }

  try {
    await launch();
  } catch (error) {
    await stop();
    throw error;
  }
  isUp = true;
  return {
    name: spec.name,
    get pid() {
      return child?.pid;
    },
    stop,
  };
}

function spawnInBackground(
  spec: ProgramSpec,
  guard: Guard,
): { child: ChildProcess; exited: Promise<string> } {
  const log = openSync(spec.logFile, 'a', 0o644);
  const child = spawn(spec.command, spec.arguments, {
    cwd: spec.directory,
    env: { ...spec.environment },
    // Away from the terminal's process group: Ctrl-C reaches the launcher alone, which stops all in order.
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
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  }).then((reason) => {
    if (pid !== undefined) guard.forget(pid);
    return reason;
  });
  return { child, exited };
}

async function becomesReady(
  spec: ProgramSpec,
  exited: Promise<string>,
  isStopping: () => boolean,
): Promise<void> {
  let ended: string | undefined;
  void exited.then((reason) => (ended = reason));
  const deadline = performance.now() + spec.readyLimitMs;
  while (!isStopping()) {
    if (await spec.isReady().catch(() => false)) return;
    if (ended !== undefined) throw problem(spec, `ended before it was ready (${ended})`);
    if (performance.now() > deadline)
      throw problem(spec, `was not ready within ${spec.readyLimitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
}

function problem(spec: ProgramSpec, what: string): ProgramError {
  const output = lastLines(spec.logFile, 15);
  return new ProgramError(`${spec.name} ${what}. The end of ${spec.logFile}:\n${output}`);
}

function killGroup(child: ChildProcess | undefined): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
