import type { ChildProcess } from 'node:child_process';

import type { StackGuard } from './guard';
import { endByForce, launch, type LaunchSpec } from './launch';
import { lastLines } from './log-file';

/** A server program: how to start it, and how to know that it is ready. */
export interface ProgramSpec extends LaunchSpec {
  /** Whether it is serving. Polled every 30 ms after a start. */
  readonly isReady: () => Promise<boolean>;
  readonly readyLimitMs: number;
  /** Whether to restart it when it ends by itself. */
  readonly restart: boolean;
}

export interface RunningProgram {
  readonly name: string;
  /** The current process; undefined while it restarts. */
  readonly pid: number | undefined;
  /** Ends it and begins again at once. Resolves when it is ready, or when it has failed and is being restarted. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A program failed, ended or timed out before it was ready. The message ends with its last output. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';

  constructor({ name, logFile }: LaunchSpec, what: string) {
    super(`${name} ${what}. The end of ${logFile}:\n${lastLines(logFile, 15)}`);
  }
}

const READY_POLL_MS = 30;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
const STEADY_AFTER_MS = 30_000;

/**
 * Starts a program and resolves when it is ready. After that, a `restart` program that ends by itself is restarted. Pauses
 * double from 0.2 s to 10 s, and start again at 0.2 s after half a minute of running. Throws {@link ProgramError} when the
 * program does not become ready.
 */
export async function startProgram(
  spec: ProgramSpec,
  guard: StackGuard,
  notice: (text: string) => void,
): Promise<RunningProgram> {
  let child: ChildProcess | undefined;
  let ended: Promise<unknown> = Promise.resolve();
  let isUp = false;
  let isStopping = false;
  let isReplaced = false;
  let pause = FIRST_PAUSE_MS;
  let pauseTimer: NodeJS.Timeout | undefined;

  function begin(): Promise<void> {
    const startedAt = performance.now();
    const launched = launch(spec, guard);
    child = launched.child;
    ended = restartAfter(launched.ended, startedAt);
    return becomeReady(spec, launched.ended, () => isStopping);
  }

  async function restartAfter(end: Promise<string | undefined>, startedAt: number): Promise<void> {
    const how = (await end) ?? 'exit code 0';
    child = undefined;
    if (isStopping || isReplaced || !isUp) return;
    if (performance.now() - startedAt > STEADY_AFTER_MS) pause = FIRST_PAUSE_MS;
    if (spec.restart) {
      // A killed process prints nothing; one that exited has printed why.
      const words = how.startsWith('exit') ? `. Its last output:\n${lastLines(spec.logFile, 5)}` : '';
      notice(`${spec.name} ended (${how}), restarting it${words}`);
      pauseTimer = setTimeout(() => void beginAgain(), pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    } else {
      notice(`${spec.name} ended by itself (${how}); see ${spec.logFile}`);
    }
  }

  async function beginAgain(): Promise<void> {
    const ready = begin();
    const begun = child;
    try {
      await ready;
      if (!isStopping) notice(`${spec.name} is back`);
    } catch {
      // If it ended, that already triggers the next restart. If it hangs, it must end first.
      if (begun && child === begun) endByForce(begun);
    }
  }

  async function endCurrent(): Promise<void> {
    clearTimeout(pauseTimer);
    const last = child;
    if (!last) return;
    last.kill(spec.stopSignal);
    const limit = setTimeout(() => endByForce(last), spec.stopLimitMs);
    await ended;
    clearTimeout(limit);
  }

  async function restart(): Promise<void> {
    isReplaced = true;
    await endCurrent();
    isReplaced = false;
    pause = FIRST_PAUSE_MS;
    if (!isStopping) await beginAgain();
  }

  function stop(): Promise<void> {
    isStopping = true;
    return endCurrent();
  }

  try {
    await begin();
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
    restart,
    stop,
  };
}

async function becomeReady(
  spec: ProgramSpec,
  end: Promise<string | undefined>,
  isStopping: () => boolean,
): Promise<void> {
  let how: string | undefined;
  void end.then((it) => (how = it ?? 'exit code 0'));
  const deadline = performance.now() + spec.readyLimitMs;
  while (!isStopping()) {
    if (await spec.isReady().catch(() => false)) return;
    if (how !== undefined) throw new ProgramError(spec, `ended before it was ready (${how})`);
    if (performance.now() > deadline) {
      throw new ProgramError(spec, `was not ready within ${spec.readyLimitMs / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
}
