import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { DataSource } from 'typeorm';

import { recordEvents } from '../../../entities/events/record-events';
import { ORDER } from '../../../entities/orders/orders.events';
import { environmentWith } from '../../../platform/config/environment';
import type { SigningKeys } from '../../../platform/signing-keys';
import { withTransaction } from '../../../platform/transaction';
import { httpAnswers } from '../../../sandbox/stack/probes';
import type { Stack } from '../../../sandbox/stack/start-stack';
import type { BareEmits } from './bare-server';
import { openCrowd, type Crowd } from './crowd';

/** With it an event is about 330 bytes long. */
const SKU = 'A'.repeat(110);

/** One of the two servers, and how an event gets to it. */
export interface Side {
  readonly name: 'asoud' | 'bare';
  readonly url: string;
  readonly pid: number;
  readonly crowd: Crowd;
  /** The newest version of each order that it was given. */
  readonly versions: Map<string, number>;
  stop(): Promise<void>;
  /** Sends so many events to each of these orders, in one go. Resolves at the moment from which clients may get them. */
  send(orders: readonly string[], eventsOfEach: number): Promise<void>;
}

/** Where the shop's servers are. */
export interface Place {
  readonly stack: Stack;
  readonly database: DataSource;
}

/** A node of the shop. */
export interface Node extends Side {
  /** Statements so far, with those by which it reads the journal. */
  statements(): Promise<number>;
  /** Since it was asked last. */
  longestHoldMs(): Promise<number>;
}

/** Starts a process of its own, as `npm run dev` does. */
export async function startNode(
  { stack, database }: Place,
  keys: SigningKeys,
  versions: Map<string, number>,
): Promise<Node> {
  const port = await stack.ports.choose('realtime', 0);
  const metricsPort = await stack.ports.choose('realtimeMetrics', 0);
  const url = `http://127.0.0.1:${port}`;
  const program = await stack.run({
    name: 'realtime',
    command: process.execPath,
    arguments: [join(__dirname, '../../../realtime/main.js')],
    environment: environmentWith({
      NODE_ENV: 'development',
      LOG_LEVEL: 'warn',
      DATABASE_URL: stack.databaseOwnerUrl,
      REDIS_URL: stack.redisUrl,
      PUBLIC_KEYS: JSON.stringify({ keys: keys.published }),
      REALTIME_PORT: String(port),
      REALTIME_METRICS_PORT: String(metricsPort),
      CONNECTIONS_PER_ACCOUNT: '10000',
      CONNECTIONS_PER_ADDRESS: '100000',
    }),
    directory: stack.directory,
    logFile: stack.logFile('realtime'),
    stopSignal: 'SIGTERM',
    stopLimitMs: 35_000,
    rank: 2,
    isReady: () => httpAnswers(`${url}/health/ready`),
    readyLimitMs: 60_000,
    restart: false,
  });
  const crowd = openCrowd();
  const metric = async (pattern: RegExp) => {
    const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    return Number(pattern.exec(text)?.[1] ?? 0);
  };
  const event = { type: 'order.units_shipped', payload: { sku: SKU, quantity: 1 } } as const;
  return {
    ...{ name: 'asoud', url, pid: program.pid!, crowd, versions },
    statements: async () =>
      (await metric(/^postgres_statements_total (\d+)/m)) +
      (await metric(/^journal_tail_reads_total\{[^}]*\} (\d+)/m)),
    longestHoldMs: async () => (await metric(/^nodejs_eventloop_lag_max_seconds (\S+)/m)) * 1_000,
    async stop() {
      crowd.stop();
      await program.stop();
    },
    async send(orders, eventsOfEach) {
      await withTransaction(database, async (transaction) => {
        for (const order of orders) {
          await recordEvents(transaction, ORDER, order, ...Array.from({ length: eventsOfEach }, () => event));
        }
      });
      for (const order of orders) versions.set(order, versions.get(order)! + eventsOfEach);
    },
  };
}

/** Starts bare Socket.IO in a process of its own. */
export async function startBare(versions: Map<string, number>): Promise<Side> {
  const server = fork(join(__dirname, 'bare-server.js'));
  const [url] = (await once(server, 'message')) as [string];
  const crowd = openCrowd();
  return {
    ...{ name: 'bare', url, pid: server.pid!, crowd, versions },
    async stop() {
      crowd.stop();
      server.disconnect();
    },
    send(orders, eventsOfEach) {
      const emits = orders.flatMap((id) =>
        Array.from({ length: eventsOfEach }, () => {
          const version = versions.get(id)! + 1;
          versions.set(id, version);
          const at = new Date().toISOString();
          const payload = { sku: SKU, quantity: 1 };
          const event = { aggregate: 'order', id, version, type: 'order.units_shipped', payload, at };
          return { room: `order:${id}`, event };
        }),
      );
      server.send({ emits } satisfies BareEmits);
      return Promise.resolve();
    },
  };
}
