import { AppError } from '../errors';

/** Gathers what many callers want to write, and writes it together. */
export interface WriteBuffer<Item> {
  /** How many items wait or are being written. */
  readonly waiting: number;
  /**
   * Resolves once the items are written, and rejects when that failed.
   *
   * @throws AppError `tracking.full`
   */
  add(items: readonly Item[]): Promise<void>;
}

interface Bounds {
  /** What waits in memory at most. */
  readonly mostWaiting: number;
  /** What one write takes at most. */
  readonly mostAtOnce: number;
}

interface Waiting<Item> {
  readonly items: readonly Item[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const RETRY_AFTER_SECONDS = 5;

/**
 * One write is under way at a time, and what comes meanwhile shares the next: a crowd takes one connection of the pool. What does
 * not fit is refused, so that slow writes cost callers and not memory.
 */
export function createWriteBuffer<Item>(
  write: (items: readonly Item[]) => Promise<unknown>,
  { mostWaiting, mostAtOnce }: Bounds,
): WriteBuffer<Item> {
  const queue: Waiting<Item>[] = [];
  let waiting = 0;
  let isWriting = false;

  function take(): Waiting<Item>[] {
    let count = 0;
    let batches = 0;
    for (const { items } of queue) {
      if (batches > 0 && count + items.length > mostAtOnce) break;
      count += items.length;
      batches += 1;
    }
    return queue.splice(0, batches);
  }

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (queue.length > 0) {
      const batches = take();
      const items = batches.flatMap((batch) => batch.items);
      try {
        await write(items);
        for (const { done } of batches) done();
      } catch (error) {
        for (const { failed } of batches) failed(error);
      }
      waiting -= items.length;
    }
    isWriting = false;
  }

  return {
    get waiting() {
      return waiting;
    },
    async add(items) {
      if (waiting + items.length > mostWaiting) {
        throw new AppError('tracking.full', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      waiting += items.length;
      const written = new Promise<void>((done, failed) => queue.push({ items, done, failed }));
      if (!isWriting) void writeAll();
      await written;
    },
  };
}
