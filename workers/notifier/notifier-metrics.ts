import type { Created } from '../../entities/notifications/notify';
import type { Metrics } from '../../platform/metrics';

/** What a notifier counts. */
export type NotifierMetrics = ReturnType<typeof notifierMetrics>;

/** @param lagSeconds undefined while this process does not lead */
export function notifierMetrics(metrics: Metrics, lagSeconds: () => number | undefined) {
  metrics.gauge('notifier_leader', 'Whether this process makes notifications of events.', [], function () {
    this.set(lagSeconds() === undefined ? 0 : 1);
  });
  metrics.gauge(
    'notifier_lag_seconds',
    'People were told of all events that were committed longer ago than this. Only where notifier_leader is 1.',
    [],
    function () {
      const lag = lagSeconds();
      if (lag === undefined) this.remove();
      else this.set(lag);
    },
  );
  const created = metrics.counter('notifications_created_total', 'Notifications by kind.', ['kind']);
  const skipped = metrics.counter(
    'notifier_events_skipped_total',
    'Events that nobody could be told of, and people who could not be told of one.',
    [],
  );
  return {
    created(noted: readonly Created[]) {
      for (const { kind } of noted) created.inc({ kind });
    },
    skipped: () => skipped.inc(),
  };
}
