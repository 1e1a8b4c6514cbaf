import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file of JSON lines that is only appended to, and rewritten when it has grown. */
export interface LogFile {
  append(record: unknown): void;
  /** Returns after write(2): what was flushed survives a kill -9 of the process, not a power cut. */
  flush(): void;
  close(): void;
}

/** Large enough that a benchmark runs for minutes between two rewrites. */
const REWRITE_AT_BYTES = 32 * 1024 * 1024;
const CHUNK_LENGTH = 1024 * 1024;

/** Reads the complete lines of a file; a torn last line, which a killed process leaves, is skipped. */
export function readLogFile(file: string): unknown[] {
  if (!existsSync(file)) return [];
  const records: unknown[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    try {
      records.push(JSON.parse(line));
    } catch {
      // The request whose write was interrupted was never answered.
    }
  }
  return records;
}

/**
 * Opens the file for appending. Rewrites it with the survivors first, so that it is whole and small, and again
 * whenever `rewriteAtBytes` were appended.
 */
export function openLogFile(
  file: string,
  survivors: () => Iterable<unknown>,
  rewriteAtBytes = REWRITE_AT_BYTES,
): LogFile {
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
    append(record) {
      waiting.push(`${JSON.stringify(record)}\n`);
      // Requests flush before they answer. Changes by timers are written at the end of the event loop's turn.
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

function rewrite(file: string, survivors: () => Iterable<unknown>): number {
  const fresh = `${file}.new`;
  const descriptor = openSync(fresh, 'w', 0o600);
  let chunk = '';
  for (const record of survivors()) {
    chunk += `${JSON.stringify(record)}\n`;
    if (chunk.length < CHUNK_LENGTH) continue;
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
