import { inject, afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { readJournalCursor, storeJournalCursor } from '../../entities/events/store-journal-cursor';
import { readParked } from '../../entities/relay/handle-parked';
import type { ParkedSignal } from '../../entities/relay/parked-signal';
import { TemporalConfig } from '../../platform/config/temporal';
import { createTemporalClient } from '../../temporal/connection';
import { ROUTES } from '../../workers/relay/routes';
import { numberChangeWorkflowId } from '../../workflows/customers/number-change.contract';
import { eventually } from '../support/eventually';
import { buildApprovedChange, standingOf } from '../support/factories/number-changes';
import { makeParcels, move, writeInBulk } from '../support/journal';
import {
  looksOf,
  parcelRoute,
  parcelWorkflowId,
  relayOf,
  type RelayChanges,
  type RelayUnderTest,
} from '../support/relay';
import { rows } from '../support/sql';
import { openTcpGate } from '../support/tcp-gate';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;
const opened: RelayUnderTest[] = [];

beforeAll(async () => {
  shop = await openWorkflowShop();
});
beforeEach(async () => {
  await shop.database.query('TRUNCATE journal_cursors, relay_parked');
});
afterEach(() => Promise.all(opened.splice(0).map((relay) => relay.close())));
afterAll(() => shop?.close());

function start(changes?: RelayChanges): RelayUnderTest {
  const relay = relayOf(shop, changes);
  opened.push(relay);
  return relay;
}

async function startLeading(changes?: RelayChanges): Promise<RelayUnderTest> {
  const relay = start(changes);
  await relay.leads();
  return relay;
}

const cursor = () => readJournalCursor(shop.database.manager, 'relay');
const moveOnce = (parcel: string, to = 1) => shop.run((transaction) => move(transaction, parcel, to));
const looks = (parcel: string) => looksOf(shop, parcelWorkflowId(parcel));
const parked = () => readParked(shop.database.manager, { after: null, limit: 100 });

/** Ends the connection with which a relay leads, as a lost network does. */
const dethrone = () =>
  rows(
    shop.database.manager,
    `SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity USING (pid)
     WHERE l.locktype = 'advisory' AND l.granted AND application_name = 'asoud-lead-relay'
       AND pg_stat_activity.datname = current_database()`,
  );

/** The connections of relays that lead, or have asked for the lead. */
const electing = () =>
  rows(
    shop.database.manager,
    `SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'asoud-lead-relay' AND query LIKE 'SELECT%'`,
  );

/** Lets signals reach Temporal, but nobody hears of it until they are let through. */
function heldSignals() {
  let letThrough: (() => void) | undefined;
  const isOpen = new Promise<void>((resolve) => (letThrough = resolve));
  let sent = 0;
  const around: RelayChanges['around'] = (signal) => async (target) => {
    const result = await signal(target);
    sent += 1;
    await isOpen;
    return result;
  };
  return { around, sent: () => sent, letThrough: () => letThrough!() };
}

describe('an event', () => {
  test('wakes its workflow, and events that come together wake it once', async () => {
    const [one, other] = await makeParcels(shop, 2);
    const relay = await startLeading();

    await shop.run(async (transaction) => {
      await move(transaction, one!, 1, 2, 3);
      await move(transaction, other!, 1);
    });
    await relay.hasCaughtUp();

    expect([await looks(one!), await looks(other!)]).toEqual([1, 1]);
    expect(await relay.metric('relay_events_total')).toBe(4);
    expect(await relay.metric('relay_leader')).toBe(1);
  });

  test('of an approved change of number starts what the API could not, and has one effect when it is relayed again', async () => {
    await startLeading({ routes: ROUTES }).then((relay) => relay.close());
    const before = (await cursor())!;
    const change = await buildApprovedChange(shop.database, 0);
    const workflow = shop.temporal.workflow.getHandle(numberChangeWorkflowId(change.changeId));
    const relay = await startLeading({ routes: ROUTES });
    await relay.hasCaughtUp();
    await workflow.result();
    await relay.close();

    await shop.run((transaction) => storeJournalCursor(transaction, 'relay', before));
    await (await startLeading({ routes: ROUTES })).hasCaughtUp();
    await workflow.result();

    expect(await standingOf(shop.database, change)).toMatchObject({
      status: 'changed',
      phone: change.newPhone,
    });
    const changed = await rows(
      shop.database.manager,
      `SELECT 1 FROM events WHERE aggregate_id = $1 AND type = 'account.number_changed'`,
      [change.accountId],
    );
    expect(changed).toHaveLength(1);
  });

  test('of a transaction that began earlier and committed later is not missed', async () => {
    const [early, late] = await makeParcels(shop, 2);
    const relay = await startLeading();

    await shop.run(async (transaction) => {
      await move(transaction, late!, 1);
      await moveOnce(early!);
      await eventually(
        () => looks(early!).catch(() => 0),
        (count) => count === 1,
      );
    });
    await relay.hasCaughtUp();

    expect(await looks(late!)).toBe(1);
  });

  test('from before the first relay is not relayed, and none after it is missed while no relay runs', async () => {
    const [old, missed] = await makeParcels(shop, 2);
    await moveOnce(old!);
    await startLeading().then((relay) => relay.close());

    await moveOnce(missed!);
    await (await startLeading()).hasCaughtUp();

    expect(await looks(missed!)).toBe(1);
    await expect(looks(old!)).rejects.toThrow(/not found/);
  });
});

describe('of several relays', () => {
  test('one leads, and another takes over when it ends', async () => {
    const [parcel] = await makeParcels(shop);
    const relays = [start(), start(), start()];
    await eventually(() => relays.some(({ isLeading }) => isLeading), Boolean);
    const leader = relays.find(({ isLeading }) => isLeading)!;
    await eventually(electing, (found) => found.length === relays.length);
    expect(relays.filter(({ isLeading }) => isLeading)).toEqual([leader]);
    const others = relays.filter((relay) => relay !== leader);
    expect(await Promise.all(others.map((relay) => relay.metric('relay_leader')))).toEqual([0, 0]);

    await leader.close();
    await moveOnce(parcel!);
    await eventually(() => others.some(({ isLeading }) => isLeading), Boolean);
    await others.find(({ isLeading }) => isLeading)!.hasCaughtUp();

    expect(await looks(parcel!)).toBe(1);
  });

  test('one that lost its connection between signal and cursor does not move the cursor of its successor', async () => {
    const [parcel] = await makeParcels(shop);
    const held = heldSignals();
    const first = await startLeading({ around: held.around });
    const second = start();
    const before = await cursor();
    await moveOnce(parcel!);
    await eventually(held.sent, (sent) => sent === 1);
    expect(await cursor()).toBe(before);

    await dethrone();
    await second.leads();
    await second.hasCaughtUp();
    const after = await eventually(cursor, (now) => now !== before);
    expect(first.isLeading).toBe(false);
    expect(await looks(parcel!)).toBe(2);

    held.letThrough();
    await first.close();
    expect(await cursor()).toBe(after);
    expect(JSON.stringify(first.lines())).toContain('another process has moved the cursor');
  });
});

test('a backlog of 12,000 events is relayed whole, and the cursor moves inside it', async () => {
  await startLeading().then((relay) => relay.close());
  const parcels = await makeParcels(shop, 40);
  const seen = new Set<string | undefined>([await cursor()]);
  for (const parcel of parcels) {
    await writeInBulk(shop, 299);
    await moveOnce(parcel);
  }

  const relay = await startLeading({
    around: (signal) => async (target) => {
      seen.add(await cursor());
      return signal(target);
    },
  });
  await relay.hasCaughtUp();

  expect(await relay.metric('relay_events_total')).toBe(12_000);
  for (const parcel of parcels) expect(await looks(parcel)).toBe(1);
  expect(seen.size).toBeGreaterThanOrEqual(3);
});

test('after a restore it begins now, with an error in the log', async () => {
  const [parcel] = await makeParcels(shop);
  await shop.run((transaction) => storeJournalCursor(transaction, 'relay', '4000000000:4000000000:'));
  const relay = await startLeading();
  await relay.hasCaughtUp();

  await moveOnce(parcel!);
  await relay.hasCaughtUp();

  expect(await looks(parcel!)).toBe(1);
  expect(await cursor()).not.toMatch(/^4000000000:/);
  expect(relay.lines()).toContainEqual(
    expect.objectContaining({ level: 'error', msg: expect.stringContaining('restored') }),
  );
});

test('while Temporal is away the cursor stays, and once it is back each workflow is told', async () => {
  const parcels = await makeParcels(shop, 20);
  const gate = await openTcpGate(inject('stack').temporalAddress);
  const behindGate = createTemporalClient(
    Object.assign(new TemporalConfig(), {
      temporalAddress: gate.address,
      temporalNamespace: shop.namespace,
    }),
  );
  const relay = relayOf({ ...shop, temporal: behindGate.client });
  opened.push(relay);
  await relay.leads();
  const before = await cursor();
  gate.shut();

  for (const parcel of parcels) await moveOnce(parcel);
  await eventually(
    () => relay.lines(),
    (lines) => lines.some(({ msg }) => String(msg).startsWith('workflows could not be told')),
  );
  expect(await cursor()).toBe(before);
  expect(await relay.metric('relay_lag_seconds')).toBeGreaterThan(0);
  gate.open();
  await relay.hasCaughtUp();

  for (const parcel of parcels) expect(await looks(parcel)).toBeGreaterThanOrEqual(1);
  expect(await cursor()).not.toBe(before);
  await relay.close();
  await behindGate.close();
  await gate.close();
});

describe('a signal that can never be delivered', () => {
  /** Temporal refuses ids of more than 1,000 bytes. */
  const tooLong = (parcel: string) => parcelWorkflowId(parcel).padEnd(1_100, '-');

  const isPoisoned = (poisoned: string) =>
    parcelRoute((parcel) => (parcel === poisoned ? tooLong(parcel) : parcelWorkflowId(parcel)));

  const askForRetry = ({ id }: ParkedSignal) =>
    shop.database.query('UPDATE relay_parked SET retry_requested_at = now() WHERE id = $1', [id]);

  test('is parked once, the others are told, and a retry is routed by the corrected table', async () => {
    const [poisoned, healthy] = await makeParcels(shop, 2);
    const relay = await startLeading({ routes: [isPoisoned(poisoned!)] });
    await moveOnce(poisoned!);
    await moveOnce(healthy!);
    await relay.hasCaughtUp();
    await moveOnce(poisoned!, 2);
    await relay.hasCaughtUp();

    expect(await looks(healthy!)).toBe(1);
    const [signal, ...others] = await parked();
    expect(others).toEqual([]);
    expect(signal).toMatchObject({
      workflow: 'parcel',
      target: tooLong(poisoned!).slice(0, 1_000),
      reason: expect.stringMatching(/length/i),
      times: 2,
    });
    await eventually(
      () => relay.metric('relay_parked'),
      (count) => count === 1,
    );
    expect(relay.lines()).toContainEqual(
      expect.objectContaining({ level: 'error', msg: expect.stringContaining('parked') }),
    );

    await askForRetry(signal!);
    const [again] = await eventually(parked, ([row]) => row?.times === 3);
    expect(again).toMatchObject({ id: signal!.id, retryRequestedAt: null });
    await relay.close();

    const corrected = await startLeading();
    await askForRetry(signal!);
    await eventually(parked, (waiting) => waiting.length === 0);
    expect(await looks(poisoned!)).toBe(1);
    await eventually(
      () => corrected.metric('relay_parked'),
      (count) => count === 0,
    );
  });

  test('because its event names nothing is parked under the id of the event', async () => {
    const [parcel] = await makeParcels(shop);
    const relay = await startLeading({ routes: ROUTES });
    await shop.database.query(
      `INSERT INTO events (aggregate_type, aggregate_id, version, type, payload)
       VALUES ('account', $1, 1, 'account.number_change_approved', '{}')`,
      [parcel],
    );
    await relay.hasCaughtUp();

    const [signal] = await eventually(parked, (waiting) => waiting.length === 1);
    expect(signal).toMatchObject({
      workflow: 'numberChange',
      target: `event ${signal!.eventId}`,
      reason: expect.stringContaining('names no numberChange'),
    });
  });
});
