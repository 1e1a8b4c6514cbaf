import type { LiveEvent } from '../event-maps';
import type { LiveProblem } from './protocol';
import { createStanding } from './standing';

/** What a client does with a list that it watches. */
export interface ListHandlers<Result extends object, Event extends object = LiveEvent> {
  /** The name of the aggregates in it. */
  readonly aggregate: string;
  /** The versions of what an answer shows, by id. */
  readonly versionsOf: (result: Result) => Iterable<readonly [id: string, version: number]>;
  /** The list as it is now: what was known before is worth nothing. */
  readonly onResult: (result: Result) => void;
  /** What happened to something in the list, or to something that belongs into it since. */
  readonly onEvent: (event: Event) => void;
  readonly onEnd?: (problem: LiveProblem) => void;
}

/** A list that a client watches. */
export interface WatchedList {
  close(): void;
}

/**
 * Keeps a list up to date. It cannot be resumed, so it is read again after every gap. What came while it was read is handed over
 * after it, unless the answer shows it already.
 */
export function createWatchedList<Result extends object>(
  { isConnected, read }: { readonly isConnected: () => boolean; readonly read: () => Promise<Result> },
  handlers: ListHandlers<Result>,
) {
  let isClosed = false;
  let versions = new Map<string, number>();
  /** What came during a read; undefined between reads. */
  let meanwhile: LiveEvent[] | undefined = [];

  const standing = createStanding({
    isConnected,
    async once() {
      meanwhile ??= [];
      const result = await read();
      if (isClosed) return false;
      versions = new Map(handlers.versionsOf(result));
      const later = meanwhile;
      meanwhile = undefined;
      handlers.onResult(result);
      later.forEach(take);
      return false;
    },
    onEnd: (problem) => handlers.onEnd?.(problem),
  });

  function take(event: LiveEvent): void {
    const { aggregate, id, version } = event;
    if (isClosed || aggregate !== handlers.aggregate) return;
    if (meanwhile) {
      meanwhile.push(event);
      return;
    }
    const known = versions.get(id);
    if (known !== undefined && version <= known) return;
    if (known !== undefined && version > known + 1) {
      meanwhile = [];
      standing.ask();
      return;
    }
    versions.set(id, version);
    handlers.onEvent(event);
  }

  return {
    ask: standing.ask,
    take,
    close() {
      isClosed = true;
      standing.close();
    },
  };
}
