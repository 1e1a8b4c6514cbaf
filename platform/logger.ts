import { pino, type DestinationStream, type Logger } from 'pino';

import type { RuntimeConfig } from './config/runtime';
import { hideIn } from './redaction';

export type { Logger } from 'pino';

/** What a logger writes, and what it hides. */
export interface LoggerOptions {
  /** The process, such as `api` or `worker`. */
  readonly service: string;
  /** Values to hide wherever they appear, from `secretsOf(config)`. */
  readonly secrets?: readonly string[];
  /** Where lines go; standard output by default. */
  readonly destination?: DestinationStream;
}

/**
 * Writes one JSON object per line with `time`, `level`, `service` and `msg`. Tokens, merchant ids, authorization headers,
 * card data and mobile numbers are hidden in the finished line, at any depth. `logger.child({ orderId })` adds context to
 * every line about one piece of work.
 */
export function createLogger(
  runtime: Pick<RuntimeConfig, 'logLevel'>,
  { service, secrets = [], destination }: LoggerOptions,
): Logger {
  const options = {
    level: runtime.logLevel,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    hooks: { streamWrite: hideIn(secrets) },
  };
  return pino(options, destination ?? standardOutput());
}

let output: ReturnType<typeof pino.destination> | undefined;

/** Buffered, so that a line costs a request no system call. The rest is flushed at exit. */
function standardOutput(): DestinationStream {
  if (!output) {
    const opened = pino.destination({ dest: 1, sync: false });
    process.once('exit', () => opened.flushSync());
    output = opened;
  }
  return output;
}

/** An error without the values of its SQL statement, which may be personal data of a buyer. */
function describeError(error: Error): unknown {
  return withoutValues(pino.stdSerializers.err(error));
}

function withoutValues(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'parameters' && key !== 'detail' && key !== 'where')
      .map(([key, inner]) => [key, withoutValues(inner)]),
  );
}
