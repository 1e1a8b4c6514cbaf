import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';

import { createTracking, type Tracking } from '../entities/analytics/tracking';
import { readJournal, type JournalEvent } from '../entities/events/read-journal';
import { createAccessTokenCheck } from '../platform/access-token';
import type { AnalyticsConfig } from '../platform/config/analytics';
import type { DatabaseConfig } from '../platform/config/database';
import type { EdgeConfig } from '../platform/config/edge';
import type { PublicAddressConfig } from '../platform/config/public-address';
import type { RealtimeConfig } from '../platform/config/realtime';
import type { RedisConfig } from '../platform/config/redis';
import type { TokensConfig } from '../platform/config/tokens';
import { openJournalTail } from '../platform/journal-tail';
import type { Logger } from '../platform/logger';
import type { Metrics } from '../platform/metrics';
import { createRateLimiter } from '../platform/rate-limit';
import { createSignedTokens } from '../platform/signed-token';
import { readPublicKeys } from '../platform/signing-keys';
import type { ObjectStorage } from '../platform/storage/object-storage';
import { withTransaction } from '../platform/transaction';
import { describeRealtime, renderAsyncApi } from './asyncapi/document';
import { createConnections } from './connections';
import { drain } from './drain';
import { createFanOut } from './fan-out';
import { createHandshakes } from './handshake';
import { healthListener } from './health';
import { NAMESPACES } from './namespaces';
import { openNamespace } from './open-namespace';
import { createPresence } from './presence';
import { startPulse } from './pulse';
import { openFanOutRedis } from './redis';
import type { Dependencies, Namespace } from './registry';
import { startSocketServer } from './server';
import { createSessionReader, watchSessions } from './sessions';
import { startSweep } from './sweep';
import { createTurns } from './turns';

/** The sections of the configuration that a node is built from. */
export interface RealtimeSettings {
  readonly realtime: RealtimeConfig;
  readonly edge: EdgeConfig;
  readonly tokens: TokensConfig;
  readonly publicAddress: PublicAddressConfig;
  readonly database: DatabaseConfig;
  readonly redis: RedisConfig;
  readonly analytics: AnalyticsConfig;
}

/** What the process opens before the node and closes after it. */
export interface RealtimeNeighbours {
  /** For verbs and handshakes. */
  readonly database: DataSource;
  /** For the audiences of events and the sessions of connections. */
  readonly fanOutDatabase: DataSource;
  /** Counts limits and knows who is present. What goes from node to node has connections of its own. */
  readonly redis: Redis;
  readonly storage: ObjectStorage;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly isStopping: () => boolean;
}

/** A node that serves sockets. */
export interface RealtimeNode {
  readonly url: string;
  /** Everything that was committed longer ago than this, in milliseconds, was sent. */
  lagMs(): number;
  /** Tells the clients, lets them go some at a time, and closes all. */
  close(drainTimeMs?: number): Promise<void>;
}

/** Serves the namespaces. It starts without Postgres and Redis, and follows the journal once Postgres is there. */
export async function openRealtime(
  settings: RealtimeSettings,
  { database, fanOutDatabase, redis, storage, logger, metrics, isStopping }: RealtimeNeighbours,
  definitions: readonly Namespace[] = NAMESPACES,
): Promise<RealtimeNode> {
  const { realtime: config, edge, publicAddress } = settings;
  let document: string | undefined;
  const tokens = createSignedTokens(settings.tokens.tokenSecrets);
  const connections = createConnections({ ...config, trustedProxies: edge.trustedProxies });
  const checkAccessToken = createAccessTokenCheck(readPublicKeys(config.publicKeys), publicAddress.publicUrl);
  const fanOutRedis = openFanOutRedis(settings.redis, logger, metrics);
  const { io, http } = await startSocketServer({
    config,
    origins: originsOf(edge.browserOrigins, publicAddress.publicUrl),
    connections,
    adapter: fanOutRedis.adapter,
    metrics,
    isStopping,
    health: healthListener({
      isStopping,
      lagMs: () => tail.lagMs(),
      isRedisThere: fanOutRedis.isThere,
      describe: () => (document ??= renderAsyncApi(describeRealtime(definitions))),
    }),
  });

  const presence = createPresence({ redis, lifeMs: config.presenceSeconds * 1_000, logger, metrics });
  const rateLimiter = createRateLimiter(redis, logger);
  const dependencies: Dependencies = {
    database,
    tokens,
    rateLimiter,
    presence,
    storage,
    tracking: openTracking(settings.analytics, { database, rateLimiter, metrics }),
    metrics,
  };
  const handshakes = createHandshakes({
    database,
    tokens,
    checkAccessToken,
    connections,
    sessions: createSessionReader(database),
  });
  const turns = createTurns(config.verbsAtOnce);
  const parts = { io, config, dependencies, connections, handshakes, turns, logger };
  const namespaces = definitions.map((definition) => openNamespace(definition, parts));
  const sessions = watchSessions(fanOutDatabase, connections, logger);
  const sweep = startSweep(connections, metrics);
  const pulses = namespaces.flatMap((namespace) => {
    const { pulse } = namespace.definition;
    return pulse
      ? [startPulse({ namespace, pulse, redis, isShared: fanOutRedis.isThere, dependencies, logger })]
      : [];
  });
  const fanOut = createFanOut({
    ...{ namespaces, database: fanOutDatabase, connections, sessions, logger, metrics },
  });
  const tail = openJournalTail<JournalEvent>({
    name: 'realtime',
    database: settings.database,
    read: readJournal,
    onEvents: fanOut.onEvents,
    onResync: fanOut.onResync,
    logger,
    metrics,
  });
  metrics.gauge('realtime_connections', 'Connections that are open.', [], function () {
    this.set(connections.all().length);
  });
  metrics.gauge('realtime_sockets', 'Sockets by namespace.', ['namespace'], function () {
    for (const { definition, sockets } of namespaces) {
      this.set({ namespace: definition.name }, sockets.sockets.size);
    }
  });
  metrics.gauge('realtime_lag_seconds', 'What is older than this was sent.', [], function () {
    this.set(tail.lagMs() / 1_000);
  });

  return {
    url: http.url,
    lagMs: () => tail.lagMs(),
    async close(drainTimeMs = 0) {
      // At once for all, and nobody is told: they come back elsewhere.
      await presence.close();
      for (const pulse of pulses) pulse.close();
      await drain(io, connections, { perStep: config.drainedPerStep, drainTimeMs });
      await tail.close();
      sessions.close();
      sweep.close();
      fanOutRedis.close();
    },
  };
}

function openTracking(
  { trackingEnabled, trackingOneIn, trackingEventsPerMinute, trackingEventsPerDay }: AnalyticsConfig,
  { database, rateLimiter, metrics }: Pick<Dependencies, 'database' | 'rateLimiter' | 'metrics'>,
): Tracking {
  const events = metrics.counter('tracking_events_total', 'Events of browsers, by what became of them.', [
    'outcome',
  ]);
  return createTracking({
    isEnabled: trackingEnabled,
    oneIn: trackingOneIn,
    run: (operation) => withTransaction(database, operation),
    count: (outcome, count) => events.inc({ outcome }, count),
    limits: {
      perMinute: trackingEventsPerMinute,
      perDay: trackingEventsPerDay,
      consume: rateLimiter.consumeMany,
    },
  });
}

/** The shop's own pages may always connect. */
function originsOf(browserOrigins: string, publicUrl: string): ReadonlySet<string> {
  const listed = browserOrigins.split(',').map((origin) => origin.trim());
  return new Set([...listed.filter((origin) => origin !== 'none'), new URL(publicUrl).origin]);
}
