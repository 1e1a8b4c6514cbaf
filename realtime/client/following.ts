import type { LiveEvent } from '../event-maps';
import type { LiveProblem, Resumed } from './protocol';
import { createStanding } from './standing';

/** One aggregate that a client follows. */
export interface Following {
  /** The version up to which everything was handed over. */
  readonly version: number;
  close(): void;
}

/** What a client does with what it follows. */
export interface FollowingHandlers<Event extends object = LiveEvent> {
  /** Each event once, in the order of its versions. */
  readonly onEvent: (event: Event) => void;
  /** What the client knows is worth nothing: this is the whole aggregate. */
  readonly onReset?: (state: object, version: number) => void;
  /** The server refuses to go on: it is gone, or may not be seen any more. */
  readonly onEnd?: (problem: LiveProblem) => void;
}

interface Parts {
  readonly aggregate: string;
  readonly id: string;
  /** The version that the client already has; 0 for none. */
  readonly after: number;
  readonly isConnected: () => boolean;
  readonly subscribe: (after: number) => Promise<Resumed>;
  readonly handlers: FollowingHandlers;
}

/** What waits for an earlier event. More of it is read again anyway. */
const MOST_HELD = 500;

/**
 * Keeps the versions of one aggregate: hands over the next one, drops what is not newer, holds what is further on and subscribes
 * again for what is between.
 */
export function createFollowing({ aggregate, id, after, isConnected, subscribe, handlers }: Parts) {
  let version = after;
  let isClosed = false;
  const held = new Map<number, LiveEvent>();

  const standing = createStanding({
    isConnected,
    async once() {
      const answer = await subscribe(version);
      if (isClosed) return false;
      if (answer.reset) {
        version = answer.version;
        held.clear();
        if (answer.state) handlers.onReset?.(answer.state, version);
      }
      for (const event of answer.events) apply({ aggregate, id, ...event });
      release();
      return answer.more || held.size > 0;
    },
    onEnd: (problem) => handlers.onEnd?.(problem),
  });

  function apply(event: LiveEvent): void {
    if (event.version !== version + 1) return;
    version = event.version;
    handlers.onEvent(event);
  }

  function release(): void {
    for (let next = held.get(version + 1); next; next = held.get(version + 1)) apply(next);
    for (const past of held.keys()) if (past <= version) held.delete(past);
  }

  return {
    get version() {
      return version;
    },
    ask: standing.ask,
    take(event: LiveEvent): void {
      if (isClosed || event.version <= version) return;
      if (event.version === version + 1) {
        apply(event);
        release();
      } else {
        if (held.size < MOST_HELD) held.set(event.version, event);
        standing.ask();
      }
    },
    close() {
      isClosed = true;
      standing.close();
    },
  };
}
