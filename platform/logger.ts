import { pino, type DestinationStream, type Logger } from 'pino';

import type { RuntimeConfig } from './config/runtime';
import { hideIn } from './redaction';

export type { Logger } from 'pino';

/** Who writes, and what must never be written. */
export interface LoggerOptions {
  /** The process, such as `api` or `worker`. */
  readonly service: string;
  /** Values hidden wherever they turn up, from `secretsOf(config)`. */
  readonly secrets?: readonly string[];
  /** Where lines go; standard output unless told. */
  readonly destination?: DestinationStream;
}

/**
 * A logger that writes one JSON object a line with `time`, `level`, `service` and `msg`. Tokens, merchant ids,
 * authorization headers, card data and mobile numbers are hidden in the finished line, however deep they stood.
 * `logger.child({ orderId })` adds context to every line of one piece of work.
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

/** Writes without waiting, so that a line does not cost a request a system call; what is left is written at the exit. */
function standardOutput(): DestinationStream {
  if (!output) {
    const opened = pino.destination({ dest: 1, sync: false });
    process.once('exit', () => opened.flushSync());
    output = opened;
  }
  return output;
}

/** An error without the values that its statement carried: those are a buyer's, not ours to write down. */
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
