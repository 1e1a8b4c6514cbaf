import { io, type Socket } from 'socket.io-client';
import type { DataSource } from 'typeorm';
import { inject } from 'vitest';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import type { Problem } from '../../entities/problem';
import { signAccessToken, type AccessClaims } from '../../platform/access-token';
import { AnalyticsConfig } from '../../platform/config/analytics';
import { EdgeConfig } from '../../platform/config/edge';
import { PublicAddressConfig } from '../../platform/config/public-address';
import { RealtimeConfig } from '../../platform/config/realtime';
import { RedisConfig } from '../../platform/config/redis';
import { TokensConfig } from '../../platform/config/tokens';
import { openJournalWake } from '../../platform/journal-wake';
import type { Logger } from '../../platform/logger';
import { createMetrics, type Metrics } from '../../platform/metrics';
import { openPostgres } from '../../platform/postgres';
import { createRedis } from '../../platform/redis';
import { createSignedTokens, type SignedTokens } from '../../platform/signed-token';
import { makeSigningKeys, readSigningKeys } from '../../platform/signing-keys';
import type { ObjectStorage } from '../../platform/storage/object-storage';
import { createS3Storage } from '../../platform/storage/s3-storage';
import { onEventsCommitted } from '../../platform/transaction';
import type { LiveEvent } from '../../realtime/event-maps';
import { openFanOutDatabase } from '../../realtime/fan-out-database';
import { openRealtime, type RealtimeNode } from '../../realtime/open-realtime';
import type { Answer, Namespace } from '../../realtime/registry';
import { eventually } from './eventually';
import { configOf, SILENT } from './journal';
import type { ShopDatabase } from './shop-database';

/** A store at which nobody answers. */
const AWAY = createS3Storage({
  ...{ endpoint: 'http://127.0.0.1:1', bucket: 'away', pathStyle: true, timeoutMs: 1_000 },
  ...{ region: 'us-east-1', accessKey: 'away', secretKey: 'away' },
});

/** The keys of all nodes of a test run. */
const KEYS = readSigningKeys(makeSigningKeys());
const { publicUrl } = new PublicAddressConfig();

/** Signs and reads order tokens and tickets, as every API and node of the tests does. */
export const LIVE_TOKENS: SignedTokens = createSignedTokens(new TokensConfig().tokenSecrets);

/** An access token that the nodes accept. */
export const liveToken = (claims: AccessClaims, lifeSeconds = 600): string =>
  signAccessToken(KEYS, { issuer: publicUrl, lifeSeconds }, claims);

export interface RealtimeOptions {
  readonly realtime?: Partial<RealtimeConfig>;
  readonly analytics?: Partial<AnalyticsConfig>;
  readonly browserOrigins?: string;
  /** How many proxies stand before it. */
  readonly trustedProxies?: number;
  readonly redisUrl?: string;
  readonly databaseUrl?: string;
  readonly logger?: Logger;
  /** Other namespaces than the shop's. */
  readonly namespaces?: readonly Namespace[];
  /** Where files are. Without it there is no store. */
  readonly storage?: ObjectStorage;
}

/** A node of a shop, in this process. */
export interface OpenRealtime extends Omit<RealtimeNode, 'close'> {
  readonly metrics: Metrics;
  /** Its own pool, for verbs. */
  readonly database: DataSource;
  /** Its own pool for audiences and sessions. */
  readonly fanOutDatabase: DataSource;
  /** Connects to a namespace, and resolves once it has joined. Rejects with {@link ConnectRefused}. */
  connect(namespace: string, auth?: object, headers?: Readonly<Record<string, string>>): Promise<LiveClient>;
  /** @param how `withClients`: while its clients are still there */
  close(drainTimeMs?: number, how?: { readonly withClients?: boolean }): Promise<void>;
  /** A value of the metrics, of all labels together. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

/** A client that has joined a namespace. */
export interface LiveClient {
  readonly socket: Socket;
  /** The events of the journal so far. */
  readonly events: readonly LiveEvent[];
  /** Everything else that the server sent, by name. */
  readonly others: readonly { readonly name: string; readonly payload: unknown }[];
  /** Sends a frame and waits for its answer. */
  call(verb: string, input?: unknown): Promise<Answer<Record<string, unknown>>>;
  /** {@link call} that must succeed. */
  get<Result = Record<string, unknown>>(verb: string, input?: unknown): Promise<Result>;
  /** Waits until so many events have come. */
  hasGot(count: number): Promise<readonly LiveEvent[]>;
  /** Waits until the connection is closed, and says how. */
  closed(): Promise<string>;
  close(): void;
}

/** The server refused a namespace. */
export class ConnectRefused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

/** How the nodes of a shop reach Redis. */
export const redisConfigOf = (shop: ShopDatabase, redisUrl = inject('stack').redisUrl): RedisConfig =>
  Object.assign(new RedisConfig(), {
    redisUrl,
    redisKeyPrefix: `${String(shop.database.driver.database)}:`,
  });

/**
 * Opens a node with a pool of its own, and wakes it after the commits of the shop's pool. Nodes of one shop reach each other
 * through Redis.
 */
export async function openRealtimeNode(
  shop: ShopDatabase,
  options: RealtimeOptions = {},
): Promise<OpenRealtime> {
  const databaseConfig = configOf(options.databaseUrl ?? shop.url);
  const realtime = Object.assign(
    new RealtimeConfig(),
    { realtimePort: 0, publicKeys: JSON.stringify({ keys: KEYS.published }) },
    options.realtime,
  );
  const schema = { entities: SHOP_ENTITIES, migrations: MIGRATIONS };
  const database = await openPostgres(databaseConfig, schema, 'realtime-test');
  const fanOutDatabase = await openFanOutDatabase(databaseConfig, realtime, schema);
  const wake = openJournalWake(configOf(shop.url), { applicationName: 'realtime-test-wake', logger: SILENT });
  onEventsCommitted(shop.database, wake.wake);
  onEventsCommitted(database, wake.wake);
  const metrics = createMetrics();
  const redisConfig = redisConfigOf(shop, options.redisUrl);
  const redis = createRedis(redisConfig, SILENT);
  let isStopping = false;
  const node = await openRealtime(
    {
      realtime,
      edge: Object.assign(new EdgeConfig(), {
        browserOrigins: options.browserOrigins ?? 'none',
        trustedProxies: options.trustedProxies ?? 0,
      }),
      tokens: new TokensConfig(),
      publicAddress: new PublicAddressConfig(),
      database: databaseConfig,
      redis: redisConfig,
      analytics: Object.assign(new AnalyticsConfig(), options.analytics),
    },
    {
      database,
      fanOutDatabase,
      redis,
      storage: options.storage ?? AWAY,
      logger: options.logger ?? SILENT,
      metrics,
      isStopping: () => isStopping,
    },
    options.namespaces,
  );
  await eventually(() => node.lagMs(), Number.isFinite);
  const clients: LiveClient[] = [];
  return {
    ...node,
    metrics,
    database,
    fanOutDatabase,
    async connect(namespace, auth = {}, headers = {}) {
      const client = await connectClient(`${node.url}${namespace}`, auth, headers);
      clients.push(client);
      return client;
    },
    async metric(name, labels = {}) {
      const found = await metrics.registry.getSingleMetric(name)?.get();
      const values = found?.values.filter((value) =>
        Object.entries(labels).every(([label, text]) => value.labels[label] === text),
      );
      return (values ?? []).reduce((sum, { value }) => sum + value, 0);
    },
    async close(drainTimeMs, { withClients = false } = {}) {
      isStopping = true;
      if (!withClients) clients.forEach((client) => client.close());
      await node.close(drainTimeMs);
      redis.disconnect();
      await wake.close();
      await database.destroy();
      await fanOutDatabase.destroy();
    },
  };
}

async function connectClient(
  url: string,
  auth: object,
  extraHeaders: Readonly<Record<string, string>>,
): Promise<LiveClient> {
  const socket = io(url, {
    path: '/ws',
    transports: ['websocket'],
    auth,
    extraHeaders,
    forceNew: true,
    reconnection: false,
  });
  const events: LiveEvent[] = [];
  const others: { name: string; payload: unknown }[] = [];
  let ended: string | undefined;
  socket.onAny((name: string, payload: unknown) => {
    if (name === 'event') events.push(payload as LiveEvent);
    else others.push({ name, payload });
  });
  socket.on('disconnect', (reason) => (ended = reason));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error: Error & { data?: Problem }) => {
      socket.close();
      reject(error.data ? new ConnectRefused(error.data) : error);
    });
  });
  const call: LiveClient['call'] = (verb, input = {}) =>
    new Promise((resolve) => socket.emit(verb, input, resolve));
  return {
    socket,
    events,
    others,
    call,
    async get<Result>(verb: string, input: unknown) {
      const answer = await call(verb, input);
      if (!answer.ok) throw new Error(`${verb}: ${JSON.stringify(answer.problem)}`);
      return answer.result as Result;
    },
    async hasGot(count) {
      await eventually(
        () => events.length,
        (length) => length >= count,
      );
      return events;
    },
    async closed() {
      await eventually(
        () => ended,
        (reason) => reason !== undefined,
      );
      return ended!;
    },
    close: () => void socket.disconnect(),
  };
}
