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
 * Sends what Temporal's SDK says, its native part included, through the process's own logger, and serves its metrics.
 * Once per process, before the first connection or worker.
 *
 * @param metricsAddress host and port of the SDK's metrics, in the Prometheus format
 */
export function installTelemetry(logger: Logger, metricsAddress: string): void {
  const levels = Object.keys(LEVELS) as LogLevel[];
  // The SDK has a line for each start and end of an activity; what nobody reads it need not write.
  const least = levels.find((level) => logger.isLevelEnabled(LEVELS[level])) ?? 'ERROR';
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger(least, ({ level, message, meta }) => {
      // Whoever has a task's token can complete the task in the worker's place.
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
