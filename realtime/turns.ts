/** Lets few calls of one caller run at once. The others wait, in the order in which they came. */
export interface Turns {
  /** Waits for a turn. The result ends it, and must be called once. */
  take(caller: string): Promise<() => void>;
}

interface Queue {
  running: number;
  readonly waiting: (() => void)[];
}

export function createTurns(atOnce: number): Turns {
  const queues = new Map<string, Queue>();

  function end(caller: string, queue: Queue): void {
    const next = queue.waiting.shift();
    if (next) return next();
    queue.running -= 1;
    if (queue.running === 0) queues.delete(caller);
  }

  return {
    async take(caller) {
      const queue = queues.get(caller) ?? { running: 0, waiting: [] };
      queues.set(caller, queue);
      if (queue.running < atOnce) queue.running += 1;
      else await new Promise<void>((resolve) => queue.waiting.push(resolve));
      return () => end(caller, queue);
    },
  };
}
