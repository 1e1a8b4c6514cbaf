import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { stopProcesses, type Watched } from './stop-processes';

/** What the launcher tells the watchdog, one JSON object a line. */
export type WatchdogMessage =
  | { readonly watch: Watched }
  | { readonly forget: number }
  | { readonly removeAtTheEnd: readonly string[] };

/**
 * A process beside the launcher whose standard input is a pipe from it. When the launcher ends, however it ends,
 * the pipe closes: the watchdog then stops what the launcher had started, in order, removes what was to be thrown
 * away, and ends too. It runs in a session of its own, so neither Ctrl-C nor a closed terminal reaches it.
 */
function watch(): void {
  const watched = new Map<number, Watched>();
  const toRemove = new Set<string>();
  const lines = createInterface({ input: process.stdin });

  lines.on('line', (line) => {
    const message = JSON.parse(line) as WatchdogMessage;
    if ('watch' in message) watched.set(message.watch.pid, message.watch);
    else if ('forget' in message) watched.delete(message.forget);
    else for (const folder of message.removeAtTheEnd) toRemove.add(folder);
  });
  lines.on('close', () => {
    void stopProcesses([...watched.values()]).finally(() => {
      for (const folder of toRemove) rmSync(folder, { recursive: true, force: true });
      process.exit();
    });
  });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
watch();
