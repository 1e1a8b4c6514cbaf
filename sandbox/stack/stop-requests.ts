import { environmentWith } from '../../platform/config/environment';

/** One press of Ctrl-C may arrive twice: from the terminal, and from npm, which passes it on. */
const SAME_REQUEST_MS = 500;
const LOOK_AT_PARENT_MS = 500;

/**
 * Calls back when the launcher is asked to stop: by Ctrl-C, SIGTERM, a closed terminal, or because npm was ended,
 * whose shell does not pass signals on. A later request sets `again`: somebody does not want to wait.
 */
export function onStopRequest(callBack: (again: boolean) => void): void {
  let first: number | undefined;

  function request(): void {
    const now = performance.now();
    if (first !== undefined && now - first < SAME_REQUEST_MS) return;
    const again = first !== undefined;
    first ??= now;
    callBack(again);
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request);
  if (environmentWith({})['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    request();
  }, LOOK_AT_PARENT_MS);
  watch.unref();
}
