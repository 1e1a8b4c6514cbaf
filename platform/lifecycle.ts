import type { RuntimeConfig } from './config/runtime';
import type { Logger } from './logger';

/** Ends one part of a process. Work in flight may continue for `drainTimeMs`. */
export type StopPart = (drainTimeMs: number) => unknown;

/** How a process ends. */
export interface Lifecycle {
  /** True once a stop was requested. Readiness then answers no, so that no new work arrives. */
  readonly isStopping: boolean;
  /** Registers how a part ends. Parts end one after another, in reverse order of registration. */
  onStop(name: string, part: StopPart): void;
  /** Stops on SIGTERM, SIGINT and uncaught failures. A second signal ends the process at once. */
  listen(): void;
  /** Ends all parts, then the process. Further calls join the first. */
  stop(reason: string, exitCode?: number): Promise<void>;
}

/** @param exit ends the process; tests replace it */
export function createLifecycle(
  logger: Logger,
  { drainTimeMs, stopLimitMs }: Pick<RuntimeConfig, 'drainTimeMs' | 'stopLimitMs'>,
  exit: (code: number) => void = (code) => process.exit(code),
): Lifecycle {
  const parts: { name: string; part: StopPart }[] = [];
  let stopping: Promise<void> | undefined;

  async function end(reason: string, exitCode: number): Promise<void> {
    logger.info({ reason }, 'stopping');
    const limit = setTimeout(() => {
      logger.fatal({ stopLimitMs }, 'not stopped in time, exiting now');
      exit(1);
    }, stopLimitMs);
    limit.unref();
    let failed = false;
    for (const { name, part } of parts.toReversed()) {
      try {
        await part(drainTimeMs);
        logger.debug({ part: name }, 'part stopped');
      } catch (error) {
        failed = true;
        logger.error({ part: name, err: error }, 'part did not stop cleanly');
      }
    }
    clearTimeout(limit);
    logger.info('stopped');
    exit(failed ? 1 : exitCode);
  }

  function stop(reason: string, exitCode = 0): Promise<void> {
    stopping ??= end(reason, exitCode);
    return stopping;
  }

  function stopOnSignal(signal: NodeJS.Signals): void {
    if (stopping) {
      logger.warn({ signal }, 'second signal, exiting now');
      exit(1);
      return;
    }
    void stop(signal);
  }

  function stopOnFailure(error: unknown): void {
    logger.fatal({ err: error }, 'uncaught failure');
    void stop('uncaught failure', 1);
  }

  return {
    get isStopping() {
      return stopping !== undefined;
    },
    onStop: (name, part) => void parts.push({ name, part }),
    listen() {
      process.on('SIGTERM', stopOnSignal);
      process.on('SIGINT', stopOnSignal);
      process.on('uncaughtException', stopOnFailure);
      process.on('unhandledRejection', stopOnFailure);
    },
    stop,
  };
}
