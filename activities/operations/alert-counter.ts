import type { Metrics } from '../../platform/metrics';

/** Counts the calls for a person, by what is wrong: one number to watch, whoever calls. */
export function alertCounter(metrics: Metrics) {
  return metrics.counter('asoud_alerts_total', 'Problems that need a person', ['code']);
}
