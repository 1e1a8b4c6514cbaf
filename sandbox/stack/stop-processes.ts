import { isRunning } from './process-identity';

/** A process that must not outlive the launcher, and how to stop it. */
export interface Watched {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
  /** The signal for an orderly end, such as SIGINT for Postgres. */
  readonly signal: NodeJS.Signals;
  /** Milliseconds until it is killed. */
  readonly limitMs: number;
  /** Processes of a higher rank use those of a lower rank, so they end first. */
  readonly rank: number;
}

const POLL_MS = 25;

/** Ends these processes, highest rank first. Each gets its own signal, and is killed after its limit. */
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
  // It leads its own process group, so that what it started ends too.
  send(-pid, 'SIGKILL');
  send(pid, 'SIGKILL');
  await hasEnded(pid, identity, 5_000);
}

/** Waits until that process has ended. Returns false if it still runs after the limit. */
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
    // It has already ended.
  }
}
