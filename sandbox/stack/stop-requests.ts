import { environmentWith } from '../../platform/config/environment';

/** One Ctrl-C may arrive twice: from the terminal, and from npm, which forwards it. */
const SAME_REQUEST_MS = 500;
const CHECK_PARENT_MS = 500;

/**
 * Calls back when the launcher should stop: on Ctrl-C, on SIGTERM, when the terminal closes, or when npm has ended, whose
 * shell does not forward signals. A later request sets `again`: somebody does not want to wait.
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
  }, CHECK_PARENT_MS);
  watch.unref();
}
