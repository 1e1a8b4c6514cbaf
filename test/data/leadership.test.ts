import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { openLeadership, type Leadership } from '../../platform/leadership';
import { eventually } from '../support/eventually';
import { configOf, SILENT } from '../support/journal';
import { openShopDatabase, type ShopDatabase } from '../support/shop-database';
import { rows } from '../support/sql';
import { openTcpGate } from '../support/tcp-gate';

let shop: ShopDatabase;
const opened: Leadership[] = [];

beforeAll(async () => {
  shop = await openShopDatabase({ poolSize: 2 });
});
afterEach(() => Promise.all(opened.splice(0).map((candidate) => candidate.close())));
afterAll(() => shop.close());

interface Candidate extends Leadership {
  /** What happened to its reigns, oldest first. */
  readonly happened: readonly string[];
  resign(): void;
}

function candidate(name: string, url = shop.url, begin = async () => {}): Candidate {
  const happened: string[] = [];
  let resign: ((reason: string) => void) | undefined;
  const leadership = openLeadership({
    name,
    database: configOf(url),
    logger: SILENT,
    async lead(giveUp) {
      resign = giveUp;
      await begin();
      happened.push('began');
      return { end: async () => void happened.push('ended') };
    },
  });
  opened.push(leadership);
  return {
    get isLeading() {
      return leadership.isLeading;
    },
    close: () => leadership.close(),
    happened,
    resign: () => resign!('a test'),
  };
}

const leads = (one: Leadership) => eventually(() => one.isLeading, Boolean);
const yields = (one: Leadership) =>
  eventually(
    () => one.isLeading,
    (leading) => !leading,
  );

test('one of many leads; the next one when it ends, resigns or loses its connection', async () => {
  const first = candidate('many');
  await leads(first);
  const second = candidate('many');
  const other = candidate('other');
  await leads(other);
  expect(second.isLeading).toBe(false);

  await first.close();
  await leads(second);
  expect(first.happened).toEqual(['began', 'ended']);

  const third = candidate('many');
  second.resign();
  await eventually(
    () => second.happened.length,
    (count) => count >= 2,
  );
  await eventually(() => second.isLeading !== third.isLeading, Boolean);

  const leader = second.isLeading ? second : third;
  const began = leader.happened.length;
  await rows(
    shop.database.manager,
    `SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
     WHERE l.locktype = 'advisory' AND a.datname = current_database() AND a.application_name = 'asoud-lead-many'`,
  );
  await eventually(
    () => leader.happened.length,
    (count) => count > began,
  );
  await eventually(() => second.isLeading !== third.isLeading, Boolean);
  expect(other.happened).toEqual(['began']);
});

test('a leader that falls silent, as a frozen process does, loses the lock after ten seconds and learns it', async () => {
  const url = new URL(shop.url);
  const gate = await openTcpGate(url.host);
  url.host = gate.address;
  const silent = candidate('silent', url.href);
  await leads(silent);
  const successor = candidate('silent');

  gate.swallow();
  const since = performance.now();
  await leads(successor);
  const tookMs = performance.now() - since;

  expect(tookMs).toBeGreaterThan(5_000);
  await yields(silent);
  expect(silent.happened).toEqual(['began', 'ended']);
  gate.open();
  await eventually(
    () =>
      rows(
        shop.database.manager,
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'asoud-lead-silent'",
      ),
    (connections) => connections.length === 2,
  );
  expect([silent.isLeading, successor.isLeading]).toEqual([false, true]);
  await silent.close();
  await gate.close();
});

test('who cannot begin gives the lead up and tries again', async () => {
  let attempts = 0;
  const clumsy = candidate('clumsy', shop.url, async () => {
    attempts += 1;
    if (attempts === 1) throw new Error('not yet');
  });
  await leads(clumsy);
  expect(attempts).toBe(2);
});
