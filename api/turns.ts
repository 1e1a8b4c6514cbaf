import { AppError } from '../entities/errors';

/** Runs work when it is the turn of its key. */
export type InTurn = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

interface Waiter {
  readonly start: () => void;
}

/**
 * Runs the works of one key one after the other, in the order of their arrival, and those of different keys side by side. It knows
 * this process only, so it replaces no lock: it keeps works that would wait for the same lock from holding a connection each.
 *
 * `InTurn` throws `service.unavailable` where too many wait for the key already, and after too long a wait.
 *
 * @param mostWaiting how many may wait for one key
 */
export function createTurns({
  mostWaiting,
  longestWaitMs,
}: {
  readonly mostWaiting: number;
  readonly longestWaitMs: number;
}): InTurn {
  /** The keys whose work runs, with those who wait for its end. */
  const running = new Map<string, Set<Waiter>>();

  async function begin(key: string): Promise<void> {
    const waiters = running.get(key);
    if (!waiters) {
      running.set(key, new Set());
      return;
    }
    if (waiters.size >= mostWaiting) throw new AppError('service.unavailable');
    await new Promise<void>((resolve, reject) => {
      const waiter = {
        start() {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        waiters.delete(waiter);
        reject(new AppError('service.unavailable'));
      }, longestWaitMs);
      waiters.add(waiter);
    });
  }

  function end(key: string): void {
    const waiters = running.get(key)!;
    const [next] = waiters;
    if (!next) {
      running.delete(key);
      return;
    }
    waiters.delete(next);
    next.start();
  }

  return async (key, work) => {
    await begin(key);
    try {
      return await work();
    } finally {
      end(key);
    }
  };
}
