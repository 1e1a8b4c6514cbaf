import type { LoggerOptions } from '../../../platform/logger';

/** A destination that keeps what a logger writes. */
export function collectLines(): {
  destination: NonNullable<LoggerOptions['destination']>;
  text: () => string;
  lines: () => Record<string, unknown>[];
} {
  const written: string[] = [];
  return {
    destination: { write: (line: string) => void written.push(line) },
    text: () => written.join(''),
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
