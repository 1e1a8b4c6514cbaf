import { isRunning } from './process-identity';

/** A process that must not outlive the launcher, and how it wants to be asked to end. */
export interface Watched {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
  /** What asks it to end in good order; Postgres for one wants SIGINT. */
  readonly signal: NodeJS.Signals;
  /** After how many milliseconds it is killed. */
  readonly limitMs: number;
  /** Processes of a higher rank use those of a lower one, so they end first. */
  readonly rank: number;
}

const POLL_MS = 25;

/** Ends these processes, highest rank first, each by its own signal and, past its limit, by force. */
export async function stopProcesses(processes: readonly Watched[]): Promise<void> {
  const ranks = [...new Set(processes.map((it) => it.rank))].toSorted((a, b) => b - a);
  for (const rank of ranks) {
    await Promise.all(processes.filter((it) => it.rank === rank).map(stopProcess));
  }
}

async function stopProcess({ pid, identity, signal, limitMs }: Watched): Promise<void> {
  if (!isRunning(pid, identity)) return;
  send(pid, signal);
  if (await hasEnded(pid, identity, limitMs)) return;
  // Each runs in a process group of its own; what it started ends with it.
  send(-pid, 'SIGKILL');
  send(pid, 'SIGKILL');
  await hasEnded(pid, identity, 5_000);
}

/** Waits until that process has ended; false when it still runs after the limit. */
export async function hasEnded(pid: number, identity: string, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (isRunning(pid, identity)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}
