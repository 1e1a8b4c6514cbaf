import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';

import type { Leadership } from '../../platform/leadership';
import { createLogger } from '../../platform/logger';
import { createMetrics, type Metrics } from '../../platform/metrics';
import { createLookSignal, type SignalLook } from '../../temporal/look-signal';
import type { Queue } from '../../temporal/queues';
import { route, type Route } from '../../workers/relay/route';
import { startRelay, type RelayOptions } from '../../workers/relay/start-relay';
import { look } from '../../workflows/customers/number-change.contract';
import { collectLines } from '../unit/platform/log-lines';
import { eventually } from './eventually';
import { configOf, PARCEL } from './journal';

const PARCEL_WORKFLOW = 'parcel';
/** No worker serves it, so each signal is in the history at once. */
const NO_QUEUE = 'nobody' as Queue;

export const parcelWorkflowId = (parcel: string) => `parcel:${parcel}`;

/** Each event of a parcel wakes its workflow. */
export function parcelRoute(workflowIdOf: (parcel: string) => string = parcelWorkflowId): Route {
  return route({
    from: PARCEL,
    types: 'all',
    workflow: PARCEL_WORKFLOW,
    id: ({ aggregateId }) => aggregateId,
    target: (parcel) => ({
      workflowId: workflowIdOf(parcel),
      taskQueue: NO_QUEUE,
      args: [{ parcel }],
      signal: look,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: 'A parcel of a test',
    }),
  });
}

/** Between which database and which Temporal a relay is. */
export interface RelayPlace {
  readonly database: DataSource;
  readonly url: string;
  readonly temporal: Client;
}

/** A relay, and what it said. */
export interface RelayUnderTest extends Leadership {
  readonly metrics: Metrics;
  lines(): Record<string, unknown>[];
  /** The value of a metric without labels, undefined when it has none. */
  metric(name: string): Promise<number | undefined>;
  /** Waits until it leads. */
  leads(): Promise<void>;
  /** Waits until it has handled everything that is committed now. */
  hasCaughtUp(): Promise<void>;
}

/** What a test of a relay changes. */
export type RelayChanges = Partial<Pick<RelayOptions, 'routes' | 'name'>> & {
  /** Wraps each signal. */
  readonly around?: (signal: SignalLook) => SignalLook;
};

/** Starts a relay of the shop's database to the shop's Temporal. */
export function relayOf(
  shop: RelayPlace,
  { around = (signal) => signal, ...options }: RelayChanges = {},
): RelayUnderTest {
  const { destination, lines } = collectLines();
  const metrics = createMetrics();
  const relay = startRelay({
    routes: [parcelRoute()],
    database: shop.database,
    databaseConfig: configOf(shop.url),
    signal: around(createLookSignal(shop.temporal, 2_000)),
    logger: createLogger({ logLevel: 'info' }, { service: 'test', destination }),
    metrics,
    ...options,
  });
  const metric = async (name: string) => {
    const { values } = await metrics.registry.getSingleMetric(name)!.get();
    return values[0]?.value;
  };
  return {
    get isLeading() {
      return relay.isLeading;
    },
    close: () => relay.close(),
    metrics,
    lines,
    metric,
    async leads() {
      await eventually(() => relay.isLeading, Boolean);
    },
    async hasCaughtUp() {
      const since = performance.now();
      await eventually(
        async () => ((await metric('relay_lag_seconds')) ?? Infinity) * 1_000,
        (lagMs) => lagMs < performance.now() - since,
      );
    },
  };
}

/** How many signals the latest run of a workflow has got. */
export async function looksOf(
  { temporal }: Pick<RelayPlace, 'temporal'>,
  workflowId: string,
): Promise<number> {
  const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).filter(({ workflowExecutionSignaledEventAttributes: signaled }) => signaled).length;
}
