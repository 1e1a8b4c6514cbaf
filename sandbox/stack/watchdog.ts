import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { stopProcesses, type Watched } from './stop-processes';

/** A message of the launcher to the watchdog; one JSON object per line. */
export type WatchdogMessage =
  | { readonly watch: Watched }
  | { readonly forget: number }
  | { readonly removeAtTheEnd: readonly string[] };

/**
 * Runs beside the launcher, with a pipe from it as standard input. When the launcher ends for whatever reason, the pipe closes.
 * The watchdog then stops in order what the launcher had started, removes throw-away folders, and ends. It runs in its own
 * session, so neither Ctrl-C nor a closed terminal reaches it.
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
