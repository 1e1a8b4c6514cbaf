/** Lets frames through at a rate that the server accepts, in the order in which they came. */
export interface Pacer {
  /** Resolves when the next frame may be sent. */
  turn(): Promise<void>;
}

/** The server lets 40 frames pass at once and 20 a second. Frames that it refuses count, and ten in a row end the socket. */
const AT_ONCE = 20;
const EVERY_MS = 70;

export function createPacer(): Pacer {
  let free = AT_ONCE;
  let filling: ReturnType<typeof setInterval> | undefined;
  const waiting: (() => void)[] = [];

  function fill(): void {
    const next = waiting.shift();
    if (next) return next();
    free += 1;
    if (free < AT_ONCE) return;
    clearInterval(filling);
    filling = undefined;
  }

  return {
    turn: () =>
      new Promise((resolve) => {
        filling ??= setInterval(fill, EVERY_MS);
        if (free === 0) return waiting.push(resolve);
        free -= 1;
        resolve();
      }),
  };
}
