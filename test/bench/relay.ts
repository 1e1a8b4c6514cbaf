import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';

import { openJournalWake } from '../../platform/journal-wake';
import { onEventsCommitted, withTransaction } from '../../platform/transaction';
import { eventually } from '../support/eventually';
import { configOf, makeParcels, move, SILENT } from '../support/journal';
import { parcelRoute, parcelWorkflowId, relayOf, type RelayChanges } from '../support/relay';
import { closedLoop, latencyOf, Stopwatch, type Latency } from './closed-loop';

const TARGETS = 100;
const EVENTS_OF_EACH = 100;
const SINGLE_EVENTS = 400;
const CLIENTS = 2;

/** What a relay does with events that wake workflows. */
export interface MeasuredRelay {
  /** A backlog in which many events wake the same workflows. */
  readonly backlog: { readonly events: number; readonly signals: number; readonly perSecond: number };
  /** Two clients that commit an event for a workflow of its own, and wait until Temporal has the signal. */
  readonly single: { readonly perSecond: number; readonly lag: Latency };
}

/**
 * Relays between the shop's database and this Temporal, beside the relay of the shop's worker. Nobody serves the workflows: what
 * they cost is no matter of the relay.
 */
export async function measureRelay(place: {
  readonly database: DataSource;
  readonly url: string;
  readonly temporal: Client;
}): Promise<MeasuredRelay> {
  const journal = openJournalWake(configOf(place.url), {
    applicationName: 'asoud-bench-wake',
    logger: SILENT,
  });
  onEventsCommitted(place.database, journal.wake);
  try {
    return { backlog: await measureBacklog(place), single: await measureSingle(place) };
  } finally {
    await journal.close();
  }
}

type Place = Parameters<typeof measureRelay>[0];

function open(place: Place, around?: RelayChanges['around']) {
  return relayOf(place, { name: 'bench', routes: [parcelRoute()], ...(around && { around }) });
}

async function measureBacklog(place: Place): Promise<MeasuredRelay['backlog']> {
  const before = open(place);
  await before.leads();
  await before.close();
  const parcels = await makeParcels(place, TARGETS);
  for (let turn = 0; turn < EVENTS_OF_EACH; turn += 1)
    await withTransaction(place.database, async (transaction) => {
      for (const parcel of parcels) await move(transaction, parcel, turn);
    });
  let signals = 0;
  const relay = open(place, (signal) => (target) => {
    signals += 1;
    return signal(target);
  });
  const events = TARGETS * EVENTS_OF_EACH;
  const startedAt = performance.now();
  await eventually(
    () => relay.metric('relay_events_total'),
    (count) => (count ?? 0) >= events,
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  await relay.close();
  return { events, signals, perSecond: events / seconds };
}

async function measureSingle(place: Place): Promise<MeasuredRelay['single']> {
  const parcels = await makeParcels(place, SINGLE_EVENTS);
  const told = new Map<string, () => void>();
  const relay = open(place, (signal) => async (target) => {
    const result = await signal(target);
    told.get(target.workflowId)?.();
    return result;
  });
  await relay.leads();
  const lag = new Stopwatch();
  const { perSecond } = await closedLoop(CLIENTS, parcels.length, async (index) => {
    const parcel = parcels[index]!;
    const isTold = new Promise<void>((resolve) => told.set(parcelWorkflowId(parcel), resolve));
    await withTransaction(place.database, (transaction) => move(transaction, parcel, 1));
    await lag.time(() => isTold);
  });
  await relay.close();
  return { perSecond, lag: latencyOf(lag.times) };
}
