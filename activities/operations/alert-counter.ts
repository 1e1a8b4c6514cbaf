import type { Metrics } from '../../platform/metrics';

/** Counts alerts by code. All alerts share this counter, so there is one number to watch. */
export function alertCounter(metrics: Metrics) {
  return metrics.counter('asoud_alerts_total', 'Problems that need a person', ['code']);
}
