import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { readWholeJournal, type JournalEvent } from '../../entities/events/read-journal';
import { readJournalCursor, storeJournalCursor } from '../../entities/events/store-journal-cursor';
import { openJournalWake, type JournalWake } from '../../platform/journal-wake';
import { onEventsCommitted } from '../../platform/transaction';
import { eventually } from '../support/eventually';
import {
  configOf,
  cursorOf,
  follow,
  makeParcels,
  move,
  SILENT,
  writeInBulk,
  type Followed,
} from '../support/journal';
import { drawing } from '../support/random';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openTcpGate } from '../support/tcp-gate';

const WRITERS = 24;

let shop: ShopDatabase;
let journal: JournalWake;
const opened: Followed[] = [];

beforeAll(async () => {
  shop = await openShopDatabase({ poolSize: WRITERS + 4 });
  journal = openJournalWake(configOf(shop.url), { applicationName: 'test-wake', logger: SILENT });
  onEventsCommitted(shop.database, journal.wake);
});
afterEach(() => Promise.all(opened.splice(0).map((tail) => tail.close())));
afterAll(async () => {
  await journal.close();
  await shop.close();
});

async function open(options?: Parameters<typeof follow>[1]): Promise<Followed> {
  const tail = await follow(shop, options);
  opened.push(tail);
  return tail;
}

const places = (events: readonly JournalEvent[]) => events.map(({ payload }) => payload.to);

/** The ids of all events that were committed since an id. */
async function committedSince(id: number): Promise<number[]> {
  const found = await rows<{ id: number }>(
    shop.database.manager,
    'SELECT id FROM events WHERE id > $1 ORDER BY id',
    [id],
  );
  return found.map((row) => row.id);
}

const byNumber = (one: number, other: number) => one - other;

const newestId = async () => (await committedSince(0)).at(-1) ?? 0;

/** Writers with savepoints, rollbacks and slow commits, who share a few parcels. */
async function writeInACrowd(parcels: readonly string[], transactions: number): Promise<void> {
  const writer = async (seed: number) => {
    const draw = drawing(seed);
    for (let turn = 0; turn < transactions; turn += 1) {
      const parcel = parcels[Math.floor(draw() * parcels.length)]!;
      const work = shop.run(async (transaction) => {
        if (draw() < 0.3) await move(transaction, parcel, 1);
        await transaction.query('SAVEPOINT part');
        await move(transaction, parcel, 2, 3);
        await transaction.query(draw() < 0.5 ? 'ROLLBACK TO part' : 'RELEASE part');
        if (draw() < 0.3) await transaction.query('SELECT pg_sleep($1)', [draw() / 50]);
        if (draw() < 0.2) throw new Error('rolled back');
        await move(transaction, parcel, 4);
      });
      await work.catch((error: Error) => {
        if (error.message !== 'rolled back') throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_unused, index) => writer(index + 1)));
}

function expectVersionsInOrder(events: readonly JournalEvent[]): void {
  const last = new Map<string, number>();
  for (const { aggregateId, version } of events) {
    expect(version).toBe((last.get(aggregateId) ?? 0) + 1);
    last.set(aggregateId, version);
  }
}

describe('among 24 writers with savepoints, rollbacks and slow commits', () => {
  test('each event is read once and in order, with one transaction open all along', async () => {
    const parcels = await makeParcels(shop, 8);
    const [late] = await makeParcels(shop);
    const before = await newestId();
    const tail = await open();

    await shop.run(async (transaction) => {
      await move(transaction, late!, 1);
      await writeInACrowd(parcels, 12);
    });

    const written = await committedSince(before);
    const events = await tail.hasRead(written.length);
    expect(events.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(written);
    expect(events.some(({ aggregateId }) => aggregateId === late)).toBe(true);
    expectVersionsInOrder(events);
  });

  test('each event is read once and in order, although the connection is killed again and again', async () => {
    const parcels = await makeParcels(shop, 8);
    const before = await newestId();
    const tail = await open();

    const writing = { isOver: false };
    let kills = 0;
    const kill = async () => {
      while (!writing.isOver) {
        const killed = await rows(
          shop.database.manager,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'asoud-tail-test'`,
        );
        kills += killed.length;
      }
    };
    await Promise.all([writeInACrowd(parcels, 6).finally(() => (writing.isOver = true)), kill()]);

    const written = await committedSince(before);
    const events = await tail.hasRead(written.length);
    expect(kills).toBeGreaterThan(1);
    expect(events.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(written);
    expectVersionsInOrder(events);
  });
});

test('an event whose transaction was open during a read is read after its commit', async () => {
  const [early, late] = await makeParcels(shop, 2);
  const tail = await open();

  await shop.run(async (transaction) => {
    await move(transaction, late!, 1);
    await shop.run((other) => move(other, early!, 2));
    expect(places(await tail.hasRead(1))).toEqual([2]);
  });

  expect(places(await tail.hasRead(2))).toEqual([2, 1]);
});

test('a tail that Postgres is hidden from keeps its place, from the start on', async () => {
  const [parcel] = await makeParcels(shop);
  const gate = await openTcpGate();
  const url = new URL(shop.url);
  const { host } = url;
  url.host = gate.address;
  const opening = follow({ url: url.href }, { cursor: await cursorOf(shop) });

  await shop.run((transaction) => move(transaction, parcel!, 1));
  gate.leadTo(host);
  const tail = await opening;
  await tail.hasRead(1);
  gate.shut();
  await shop.run((transaction) => move(transaction, parcel!, 2));
  gate.open();

  expect(places(await tail.hasRead(2))).toEqual([1, 2]);
  await tail.close();
  await gate.close();
});

test('an event comes with everything that its row has', async () => {
  const [parcel] = await makeParcels(shop);
  const tail = await open();

  await shop.run((transaction) => move(transaction, parcel!, 7));

  const [event] = await tail.hasRead(1);
  expect(event).toEqual({
    id: expect.any(Number),
    xid: expect.any(Number),
    aggregateType: 'parcel',
    aggregateId: parcel,
    version: 1,
    type: 'parcel.moved',
    payload: { to: 7 },
    createdAt: expect.any(Date),
  });
});

describe('a backlog', () => {
  test('is read in pages, and the cursor moves with the last', async () => {
    const start = await cursorOf(shop);
    await writeInBulk(shop, 1_234);
    const [parcel] = await makeParcels(shop);
    let isFirst = true;

    const tail = await open({
      cursor: start,
      async onEvents() {
        if (isFirst) await shop.run((transaction) => move(transaction, parcel!, 1));
        isFirst = false;
      },
    });

    await tail.hasRead(1_235);
    expect(tail.batches.map(({ events }) => events.length)).toEqual([500, 500, 234, 1]);
    const [first, second, third] = tail.batches.map(({ cursor }) => cursor);
    expect([first, second]).toEqual([start, start]);
    expect(third).not.toBe(start);
    const ids = tail.events().map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));

    const resumed = await open({ cursor: third });
    expect(places(await resumed.hasRead(1))).toEqual([1]);
  });

  test('of 5,000 is read', async () => {
    const cursor = await cursorOf(shop);
    await writeInBulk(shop, 5_000);

    const tail = await open({ cursor });

    expect(tail.events()).toHaveLength(5_000);
    expect(tail.resyncs).toEqual([]);
  });

  test('of more is skipped: the reader is told, and goes on from now', async () => {
    const cursor = await cursorOf(shop);
    await writeInBulk(shop, 5_001);
    const [parcel] = await makeParcels(shop);

    const tail = await open({ cursor });
    await shop.run((transaction) => move(transaction, parcel!, 1));

    expect(places(await tail.hasRead(1))).toEqual([1]);
    expect(tail.resyncs).toHaveLength(1);
  });
});

describe('a backlog of a durable reader', () => {
  const read = readWholeJournal;

  test('is read whole, once, in parts that each move the cursor, with one transaction open all along', async () => {
    const cursor = await cursorOf(shop);
    const before = await newestId();
    const [late] = await makeParcels(shop);
    let middle: string | undefined;
    await shop.run(async (transaction) => {
      await move(transaction, late!, 1);
      for (let turn = 0; turn < 40; turn += 1) await writeInBulk(shop, 300);

      const tail = await open({ cursor, read });

      expect(tail.resyncs).toEqual([]);
      expect(tail.events().map(({ id }) => id)).toEqual((await committedSince(before)).toSorted(byNumber));
      const cursors = new Set(tail.batches.map((batch) => batch.cursor));
      expect(cursors.size).toBe(4);
      [, middle] = [...cursors];
    });

    const resumed = await open({ cursor: middle, read });
    expect(resumed.events()).toHaveLength(12_001 - 16 * 300);
  });

  test('of one transaction is one part, and a restored database is noticed', async () => {
    const cursor = await cursorOf(shop);
    await writeInBulk(shop, 5_001);
    await writeInBulk(shop, 5_002);

    const tail = await open({ cursor, read });
    const restored = await open({ cursor: '4000000000:4000000000:', read });

    expect(tail.events()).toHaveLength(10_003);
    expect(new Set(tail.batches.map((batch) => batch.cursor)).size).toBe(3);
    expect(restored.resyncs).toHaveLength(1);
  });

  test('is read once among 24 writers who go on meanwhile', async () => {
    const cursor = await cursorOf(shop);
    const before = await newestId();
    for (let turn = 0; turn < 20; turn += 1) await writeInBulk(shop, 300);
    const parcels = await makeParcels(shop, 8);

    const writing = writeInACrowd(parcels, 6);
    const tail = await open({ cursor, read });
    await writing;

    const written = await committedSince(before);
    const events = await tail.hasRead(written.length);
    expect(events.map(({ id }) => id).toSorted(byNumber)).toEqual(written);
  });
});

describe('a restored database', () => {
  test('is noticed by transaction ids that went back, and read from now', async () => {
    const [parcel] = await makeParcels(shop);
    await shop.run((transaction) => move(transaction, parcel!, 1));

    const tail = await open({ cursor: '4000000000:4000000000:' });
    await shop.run((transaction) => move(transaction, parcel!, 2));

    expect(places(await tail.hasRead(1))).toEqual([2]);
    expect(tail.resyncs).toHaveLength(1);
    const counted = await tail.metrics.registry.getSingleMetricAsString('journal_tail_resyncs_total');
    expect(counted).toContain('journal_tail_resyncs_total{tail="test"} 1');
  });

  test('may have events with transaction ids that are still to come: they are not new, and its owner can make them old', async () => {
    const tail = await open();
    const [parcel, restored] = await makeParcels(shop, 2);
    await shop.database.query(
      `INSERT INTO events (xid, aggregate_type, aggregate_id, version, type, payload)
       VALUES (4000000000, 'parcel', $1, 1, 'parcel.moved', '{"to": 1}')`,
      [restored],
    );

    await shop.run((transaction) => move(transaction, parcel!, 2));

    expect(places(await tail.hasRead(1))).toEqual([2]);
    // As docs/journal.md has it.
    await shop.database.query(`
      ALTER TABLE events DISABLE TRIGGER events_are_never_changed;
      UPDATE events SET xid = 3 WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
      ALTER TABLE events ENABLE TRIGGER events_are_never_changed;
      TRUNCATE journal_cursors`);
    const old = await rows(shop.database.manager, 'SELECT xid FROM events WHERE aggregate_id = $1', [
      restored,
    ]);
    expect(old).toEqual([{ xid: 3 }]);
  });
});

test('events that could not be handled are handed over again, and the lag grows until they are handled', async () => {
  const [parcel] = await makeParcels(shop);
  const tried: unknown[][] = [];
  let lag = 0;
  const tail = await open({
    onEvents(events) {
      tried.push(places(events));
      if (tried.length === 1) throw new Error('not now');
      lag = tail.lagMs();
    },
  });

  await shop.run((transaction) => move(transaction, parcel!, 1));
  await tail.hasRead(1);

  expect(tried).toEqual([[1], [1]]);
  expect(lag).toBeGreaterThan(900);
  await eventually(
    () => tail.lagMs(),
    (now) => now < lag,
  );
});

test('a tail that closes waits for its handler, and hands over nothing more', async () => {
  const [parcel] = await makeParcels(shop);
  let finish: (() => void) | undefined;
  let calls = 0;
  const tail = await open({
    async onEvents() {
      calls += 1;
      await new Promise<void>((resolve) => (finish = resolve));
      throw new Error('too late');
    },
  });
  await shop.run((transaction) => move(transaction, parcel!, 1));
  await eventually(
    () => calls,
    (count) => count === 1,
  );

  let isClosed = false;
  const closing = tail.close().then(() => (isClosed = true));
  await cursorOf(shop);
  expect(isClosed).toBe(false);
  finish!();
  await closing;

  expect(calls).toBe(1);
});

test('a durable reader resumes where it stored its cursor', async () => {
  const [parcel] = await makeParcels(shop);
  expect(await readJournalCursor(shop.database.manager, 'relay')).toBeUndefined();
  const first = await open({
    async onEvents(_events, cursor) {
      await shop.run((transaction) => storeJournalCursor(transaction, 'relay', cursor));
    },
  });
  await shop.run((transaction) => move(transaction, parcel!, 1));
  await first.hasRead(1);
  await first.close();
  await shop.run((transaction) => move(transaction, parcel!, 2));

  const second = await open({ cursor: await readJournalCursor(shop.database.manager, 'relay') });

  expect(places(await second.hasRead(1))).toEqual([2]);
  const garbage = shop.run((transaction) => storeJournalCursor(transaction, 'relay', 'yesterday'));
  await expect(garbage).rejects.toThrow('ck_journal_cursors_snapshot');
});
