import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogLevel } from '@temporalio/worker';

import type { Logger } from '../platform/logger';

const LEVELS: Record<LogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

/**
 * Sends the logs of Temporal's SDK, including its native part, to our logger, and serves its metrics in the Prometheus
 * format. Call it once per process, before the first connection or worker.
 *
 * @param metricsAddress host and port for the metrics
 */
export function installTelemetry(logger: Logger, metricsAddress: string): void {
  const levels = Object.keys(LEVELS) as LogLevel[];
  // The SDK logs each start and end of an activity: do not let it build lines that our level drops.
  const least = levels.find((level) => logger.isLevelEnabled(LEVELS[level])) ?? 'ERROR';
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger(least, ({ level, message, meta }) => {
      // A task token allows anybody to complete the task, so it must not be logged.
      const { error, taskToken: _hidden, ...rest } = meta ?? {};
      logger[LEVELS[level]](error === undefined ? rest : { ...rest, err: error }, message);
    }),
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
      metrics: {
        prometheus: { bindAddress: metricsAddress, countersTotalSuffix: true, useSecondsForDurations: true },
        metricPrefix: 'temporal_',
        globalTags: { service: 'asoud' },
      },
    },
  });
}
