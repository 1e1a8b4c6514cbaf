import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** One remembered fact: the newest value of a key counts, `null` forgets the key. */
export type StoreRecord = readonly [key: string, value: unknown];

/**
 * Where the sandbox remembers: a file of JSON lines that is only appended to, and rewritten when it has grown.
 * `flush` returns after write(2), so what was answered survives a kill -9 of the process (not a power cut).
 */
export interface Store {
  put(key: string, value: unknown): void;
  flush(): void;
  close(): void;
}

/** Tells the store, when it rewrites its file, what is worth keeping. */
export type Survivors = () => Iterable<StoreRecord>;

/** At some 6 kB an order, minutes of a benchmark lie between two rewrites. */
const REWRITE_AT_BYTES = 32 * 1024 * 1024;

/** A store that keeps nothing beyond the process. */
export const forgetfulStore: Store = { put() {}, flush() {}, close() {} };

/** Reads the file's complete lines; a torn last line (the process was killed while writing it) is left out. */
export function readRecords(file: string): StoreRecord[] {
  if (!existsSync(file)) return [];
  const records: StoreRecord[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    try {
      records.push(JSON.parse(line) as StoreRecord);
    } catch {
      // Only an interrupted write leaves half a line, and its request was never answered.
    }
  }
  return records;
}

/** Opens the file for appending, after rewriting it with what survives, so that it is whole and small. */
export function openStore(file: string, survivors: Survivors, rewriteAtBytes = REWRITE_AT_BYTES): Store {
  mkdirSync(dirname(file), { recursive: true });
  let descriptor = rewrite(file, survivors);
  let written = 0;
  let waiting: string[] = [];
  let fallback: NodeJS.Immediate | undefined;

  const flush = () => {
    if (waiting.length === 0) return;
    const text = waiting.join('');
    waiting = [];
    writeAll(descriptor, text);
    written += text.length;
    if (written < rewriteAtBytes) return;
    const full = descriptor;
    descriptor = rewrite(file, survivors);
    closeSync(full);
    written = 0;
  };

  return {
    put(key, value) {
      waiting.push(`${JSON.stringify([key, value])}\n`);
      // Requests flush before they answer; what timers change is written at the end of the event loop's turn.
      fallback ??= setImmediate(() => {
        fallback = undefined;
        flush();
      });
    },
    flush,
    close() {
      if (fallback) clearImmediate(fallback);
      flush();
      closeSync(descriptor);
    },
  };
}

function rewrite(file: string, survivors: Survivors): number {
  const fresh = `${file}.new`;
  const descriptor = openSync(fresh, 'w', 0o600);
  let chunk = '';
  for (const record of survivors()) {
    chunk += `${JSON.stringify(record)}\n`;
    if (chunk.length < 1024 * 1024) continue;
    writeAll(descriptor, chunk);
    chunk = '';
  }
  writeAll(descriptor, chunk);
  renameSync(fresh, file);
  return descriptor;
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from);
}
