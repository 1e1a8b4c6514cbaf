/** Lets one loop sleep until there is something to do. */
export interface Bell {
  /** Ends the present sleep, or else the next one at once. */
  ring(): void;
  /** Resolves when the bell has rung since the last sleep, after the time, or when it is stopped. */
  heard(longestMs: number): Promise<void>;
  /** Resolves after the time, whoever rings, or when it is stopped. */
  pause(ms: number): Promise<void>;
  /** Ends every sleep, now and later. */
  stop(): void;
  readonly isStopped: boolean;
}

export function createBell(): Bell {
  let hasRung = false;
  let isStopped = false;
  let endSleep: (() => void) | undefined;
  let endPause: (() => void) | undefined;

  return {
    ring() {
      hasRung = true;
      endSleep?.();
    },
    async heard(longestMs) {
      if (!hasRung && !isStopped) await sleep(longestMs, (end) => (endSleep = end));
      endSleep = undefined;
      hasRung = false;
    },
    async pause(ms) {
      if (!isStopped) await sleep(ms, (end) => (endPause = end));
      endPause = undefined;
    },
    get isStopped() {
      return isStopped;
    },
    stop() {
      isStopped = true;
      endSleep?.();
      endPause?.();
    },
  };
}

function sleep(ms: number, began: (end: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    began(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
