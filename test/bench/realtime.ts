import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { orderToken } from '../../entities/orders/order-token';
import { signAccessToken, type AccessClaims } from '../../platform/access-token';
import { DatabaseConfig } from '../../platform/config/database';
import { PublicAddressConfig } from '../../platform/config/public-address';
import { TokensConfig } from '../../platform/config/tokens';
import { openJournalWake } from '../../platform/journal-wake';
import { openPostgres } from '../../platform/postgres';
import { createSignedTokens } from '../../platform/signed-token';
import { makeSigningKeys, readSigningKeys, type SigningKeys } from '../../platform/signing-keys';
import { onEventsCommitted } from '../../platform/transaction';
import { startStack } from '../../sandbox/stack/start-stack';
import { buildSession } from '../support/factories/accounts';
import { buildOrder } from '../support/factories/orders';
import { SILENT } from '../support/journal';
import { closedLoop, latencyOf } from './closed-loop';
import type { LoadClient } from './sockets/load';
import { cpuSecondsOf, memoryOf } from './sockets/process-cost';
import { startBare, startNode, type Node, type Place, type Side } from './sockets/servers';

const ORDERS = 1_000;
const SESSIONS = 100;
const WRITERS = 8;
const FIRST_VERSION = 2;
const COMMITS_PER_SECOND = 50;
/** A node that finds 5,000 events reads none of them, and tells its clients to ask. */
const MOST_BACKLOG = 4_000;
const QUIET_MS = 10_000;
const SETTLE_MS = 3_000;
/** `npm run bench:realtime`: a node of sockets beside bare Socket.IO with the same rooms, in turns. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sockets: { type: 'string', default: '100,1000,5000' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10' },
    },
  });
  const directory = join(process.cwd(), '.asoud', 'bench-realtime');
  const cache = join(process.cwd(), '.asoud', 'cache');
  const stack = await startStack({ directory, cache, reset: true, report: say });
  const database = await openPostgres(
    Object.assign(new DatabaseConfig(), {
      databaseUrl: stack.databaseOwnerUrl,
      databasePoolSize: WRITERS,
      databaseStatementTimeoutMs: 60_000,
    }),
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-bench',
  );
  const journal = openJournalWake(
    Object.assign(new DatabaseConfig(), { databaseUrl: stack.databaseOwnerUrl }),
    { applicationName: 'asoud-bench-wake', logger: SILENT },
  );
  try {
    await database.runMigrations({ transaction: 'each' });
    onEventsCommitted(database, journal.wake);
    const counts = values.sockets.split(',').map(Number);
    await measure({ stack, database }, counts, Number(values.rounds), Number(values.seconds));
  } finally {
    await journal.close();
    await database.destroy();
    await stack.stop();
  }
}

/** Each number of sockets has new servers: memory of earlier ones would hide what they need. */
async function measure(
  place: Place,
  counts: readonly number[],
  rounds: number,
  secondsOfEach: number,
): Promise<void> {
  const keys = readSigningKeys(makeSigningKeys());
  const orders: string[] = [];
  say(`building ${ORDERS} orders and ${SESSIONS} sessions`);
  await closedLoop(WRITERS, ORDERS + 1, async () => {
    orders.push((await buildOrder(place.database)).id);
  });
  const sessions: AccessClaims[] = [];
  await closedLoop(WRITERS, SESSIONS, async () => {
    sessions.push(await buildSession(place.database));
  });
  const versions = new Map(orders.map((id) => [id, FIRST_VERSION]));
  for (const count of counts) {
    say(`\n${count} sockets`);
    const node = await startNode(place, keys, new Map(versions));
    const bare = await startBare(new Map(versions));
    const clients = clientsOf(count, orders, node.versions, sessions, keys);
    await measureCount({ node, bare, clients, orders, rounds, secondsOfEach });
    node.versions.forEach((version, id) => versions.set(id, version));
    await Promise.all([node.stop(), bare.stop()]);
  }
}

/** Clients that follow an order of their own (or of a few), and one that all follow. They are signed in for ten minutes. */
function clientsOf(
  count: number,
  [hall, ...orders]: readonly string[],
  versions: ReadonlyMap<string, number>,
  sessions: readonly AccessClaims[],
  keys: SigningKeys,
): LoadClient[] {
  const orderTokens = createSignedTokens(new TokensConfig().tokenSecrets);
  const issuer = new PublicAddressConfig().publicUrl;
  const tokens = sessions.map((claims) => signAccessToken(keys, { issuer, lifeSeconds: 600 }, claims));
  return Array.from({ length: count }, (_, index) => {
    const subscriptions = [orders[index % orders.length]!, hall!].map((orderId) => ({
      orderId,
      after: versions.get(orderId)!,
      token: orderToken(orderTokens, orderId),
    }));
    return { auth: { token: tokens[index % tokens.length] }, subscriptions };
  });
}

interface Measurement {
  readonly node: Node;
  readonly bare: Side;
  readonly clients: readonly LoadClient[];
  readonly orders: readonly string[];
  readonly rounds: number;
  readonly secondsOfEach: number;
}

async function measureCount(measurement: Measurement): Promise<void> {
  const { node, bare, clients, rounds, secondsOfEach } = measurement;
  const [hall, ...others] = measurement.orders;
  const own = others.slice(0, clients.length);
  const sides = [node, bare];
  for (const side of sides) {
    const before = memoryOf(side.pid);
    line(side, 'connects/s', await side.crowd.connect(side.url, clients));
    await pause(SETTLE_MS);
    line(side, 'KB a socket', (memoryOf(side.pid) - before) / clients.length / 1_024);
    line(side, 'subscriptions/s', await side.crowd.subscribe());
    line(side, 'KB a socket in two rooms', (memoryOf(side.pid) - before) / clients.length / 1_024);
  }
  await settled(sides);
  const before = await node.statements();
  await pause(QUIET_MS);
  line(node, 'statements/s idle', ((await node.statements()) - before) / (QUIET_MS / 1_000));

  await inTurns(sides, rounds, async (side) => {
    const statementsBefore = await node.statements();
    const { p50, p95, p99 } = latencyOf(await measureLatency(side, own, secondsOfEach));
    line(side, 'commit to client p50/p95/p99 ms', [p50, p95, p99]);
    if (side === node) {
      line(side, 'statements/s busy', ((await node.statements()) - statementsBefore) / secondsOfEach);
    }
  });
  const { length } = clients;
  await inTurns(sides, rounds, (side) => measureBurst(side, 'one room', [hall!], length * eventsFor(length)));
  const eventsOfEach = Math.min(20, Math.floor(MOST_BACKLOG / own.length));
  await inTurns(sides, rounds, (side) => measureBurst(side, 'a room each', own, length * eventsOfEach));
  line(node, 'longest hold of the event loop, ms', await node.longestHoldMs());
  for (const side of sides) {
    const { problems, closed } = await side.crowd.report();
    if (problems + closed > 0) say(`${side.name}: ${problems} refusals, ${closed} closed connections`);
  }
}

/** Fewer than a slow client may have waiting, and not more deliveries than take a few seconds. */
const eventsFor = (sockets: number) => Math.max(10, Math.min(200, Math.round(60_000 / sockets)));

async function inTurns(
  sides: readonly Side[],
  rounds: number,
  work: (side: Side) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      await work(side);
      await settled([side]);
    }
  }
}

/** Waits until a server has nothing left to do. */
async function settled(sides: readonly Side[]): Promise<void> {
  for (const { pid } of sides) {
    for (let spent = 1; spent > 0.05;) {
      const before = cpuSecondsOf(pid);
      await pause(500);
      spent = cpuSecondsOf(pid) - before;
    }
  }
}

/** Times from the commit of an event until each of its clients has it, at a steady rate. */
async function measureLatency(side: Side, orders: readonly string[], seconds: number): Promise<number[]> {
  await side.crowd.reset(true);
  const sentAt = new Map<string, number>();
  async function sendOne(order: string): Promise<void> {
    await side.send([order], 1);
    sentAt.set(`${order}:${side.versions.get(order)}`, performance.timeOrigin + performance.now());
  }
  const startedAt = performance.now();
  const sending: Promise<void>[] = [];
  for (let index = 0; index < COMMITS_PER_SECOND * seconds; index += 1) {
    await pause(startedAt + (index * 1_000) / COMMITS_PER_SECOND - performance.now());
    const order = orders[Math.floor(Math.random() * orders.length)]!;
    sending.push(sendOne(order));
  }
  await Promise.all(sending);
  await pause(1_500);
  const { times } = await side.crowd.report();
  return times.flatMap(([key, at]) => {
    const sent = sentAt.get(key);
    return sent === undefined ? [] : [Math.max(0, at - sent)];
  });
}

/** So many deliveries at once, by events of these orders. */
async function measureBurst(
  side: Side,
  what: 'one room' | 'a room each',
  orders: readonly string[],
  expected: number,
): Promise<void> {
  const eventsOfEach = Math.round(expected / side.crowd.size());
  await side.crowd.reset();
  const cpuBefore = cpuSecondsOf(side.pid);
  await side.send(orders, eventsOfEach);
  const startedAt = performance.timeOrigin + performance.now();
  const { count, lastAt } = await side.crowd.hasGot(expected);
  const cpu = cpuSecondsOf(side.pid) - cpuBefore;
  line(side, `${what}: deliveries/s`, count / Math.max((lastAt - startedAt) / 1_000, 0.001));
  line(side, `${what}: CPU µs a delivery`, (cpu * 1e6) / count);
  if (count !== expected) say(`${side.name}: ${count} of ${expected} deliveries`);
}

function line({ name }: Side, what: string, value: number | readonly number[]): void {
  const shown = [value].flat().map((number) => number.toFixed(number < 100 ? 1 : 0));
  say(`${name}: ${what} ${shown.join(' / ')}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

void main();
