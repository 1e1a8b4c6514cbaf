import type { JournalEvent } from '../../entities/events/read-journal';
import type { Undeliverable } from '../../entities/relay/park-signals';
import type { Metrics } from '../../platform/metrics';
import type { Delivery } from './deliver';
import { ticketCounters } from './ticket-counters';

/** What a relay reports. Only the one that leads has a lag and a number of parked signals. */
export interface RelayMetrics {
  handled(events: readonly JournalEvent[]): void;
  told(delivery: Delivery): void;
  parked(count: number): void;
}

/** @param lagSeconds undefined while this process does not lead */
export function relayMetrics(metrics: Metrics, lagSeconds: () => number | undefined): RelayMetrics {
  metrics.gauge('relay_leader', 'Whether this process relays events to workflows.', [], function () {
    this.set(lagSeconds() === undefined ? 0 : 1);
  });
  metrics.gauge(
    'relay_lag_seconds',
    'Workflows were told of all events that were committed longer ago than this. Only where relay_leader is 1.',
    [],
    function () {
      const lag = lagSeconds();
      if (lag === undefined) this.remove();
      else this.set(lag);
    },
  );
  const parked = metrics.gauge(
    'relay_parked',
    'Signals that cannot be delivered and wait for a person. Only where relay_leader is 1.',
    [],
    function () {
      if (lagSeconds() === undefined) this.remove();
    },
  );
  const events = metrics.counter('relay_events_total', 'Events that the relay has handled.');
  const signals = metrics.counter('relay_signals_total', 'Signals to workflows, and what came of them.', [
    'workflow',
    'outcome',
  ]);
  const countTickets = ticketCounters(metrics);
  const count = (outcome: string, wakes: readonly Pick<Undeliverable, 'workflow'>[]) => {
    for (const { workflow } of wakes) signals.inc({ workflow, outcome });
  };
  return {
    handled(some) {
      events.inc(some.length);
      countTickets(some);
    },
    told({ acknowledged, impossible, unanswered }) {
      count('acknowledged', acknowledged);
      count('parked', impossible);
      count('repeated', unanswered);
    },
    parked: (number) => parked.set(number),
  };
}
