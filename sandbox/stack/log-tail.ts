import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** A log that is being followed. */
export interface LogTail {
  stop(): void;
}

const POLL_MS = 200;
const LARGEST_PIECE = 262_144;

/** Calls `onLine` for every line that is appended from now on, also after the file was replaced by a new one. */
export function followLog(file: string, onLine: (line: string) => void): LogTail {
  let offset = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  let unfinished = '';

  function poll(): void {
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (size < offset) offset = 0;
    if (size === offset) return;
    const piece = readFrom(file, offset);
    offset += piece.length;
    const lines = (unfinished + piece.toString('utf8')).split('\n');
    unfinished = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  }

  // Following a log must not keep the process alive.
  const timer = setInterval(poll, POLL_MS).unref();
  return {
    stop() {
      clearInterval(timer);
      poll();
    },
  };
}

function readFrom(file: string, offset: number): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const length = Math.min(fstatSync(descriptor).size - offset, LARGEST_PIECE);
    const buffer = Buffer.alloc(Math.max(0, length));
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(descriptor);
  }
}
