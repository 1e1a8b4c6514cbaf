import { LiveProblem } from './protocol';

/** A question that is asked again whenever its answer may be out of date. */
export interface Standing {
  /** Asks now, or once more after the question that is under way. */
  ask(): void;
  close(): void;
}

interface Parts {
  /** Whether an answer can come. The next connection asks everything again. */
  readonly isConnected: () => boolean;
  /** Asks once. Returns whether there is more to ask at once. */
  readonly once: () => Promise<boolean>;
  /** The server will not answer this any more. */
  readonly onEnd: (problem: LiveProblem) => void;
}

const WITHOUT_ANSWER_SECONDS = 1;

/** Asks one question at a time. What may succeed later is asked again after a while, with a spread over all clients. */
export function createStanding({ isConnected, once, onEnd }: Parts): Standing {
  let isClosed = false;
  let isAsking = false;
  let isWanted = false;
  let later: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    isAsking = true;
    try {
      while (isWanted) {
        isWanted = false;
        if ((await once()) && !isClosed) isWanted = true;
      }
    } catch (error) {
      if (isClosed) return;
      if (error instanceof LiveProblem && error.retryAfterSeconds === undefined) {
        isClosed = true;
        onEnd(error);
      } else {
        const seconds = error instanceof LiveProblem ? error.retryAfterSeconds : undefined;
        later = setTimeout(ask, (seconds ?? WITHOUT_ANSWER_SECONDS) * 1_000 * (1 + Math.random()));
      }
    } finally {
      isAsking = false;
    }
  }

  function ask(): void {
    clearTimeout(later);
    if (isClosed || !isConnected()) return;
    isWanted = true;
    if (!isAsking) void run();
  }

  return {
    ask,
    close() {
      isClosed = true;
      isWanted = false;
      clearTimeout(later);
    },
  };
}
