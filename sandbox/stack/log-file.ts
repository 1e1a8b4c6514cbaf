import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const LARGEST_LOG = 10_000_000;
const LONGEST_LINE = 300;

/** Renames a large log to `<file>.1`, so that logs do not fill the disk. */
export function rotateLog(file: string): void {
  if (existsSync(file) && statSync(file).size > LARGEST_LOG) renameSync(file, `${file}.1`);
}

/** The last lines of a log, for the message of a program that did not start. */
export function lastLines(file: string, count: number): string {
  if (!existsSync(file)) return '(no output)';
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, 16_384));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer.toString('utf8').trimEnd().split('\n').slice(-count);
    return lines.map((line) => `  ${line.slice(0, LONGEST_LINE)}`).join('\n');
  } finally {
    closeSync(descriptor);
  }
}
