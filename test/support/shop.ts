import type { Client } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import type { DataSource } from 'typeorm';
import { inject } from 'vitest';

import { createInbound } from '../../activities/payments/inbound';
import { createAnswers } from '../../api/answers/open-answers';
import { createApi } from '../../api/app';
import { serveApi } from '../../api/serve';
import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { newId } from '../../entities/values/uuid';
import { signAccessToken, type AccessClaims } from '../../platform/access-token';
import { AnalyticsConfig } from '../../platform/config/analytics';
import { ApiConfig } from '../../platform/config/api';
import { AuthConfig, FactorConfig } from '../../platform/config/auth';
import { CacheConfig } from '../../platform/config/cache';
import { CampaignPricesConfig } from '../../platform/config/campaigns';
import { CheckoutConfig } from '../../platform/config/checkout';
import { CustomersConfig } from '../../platform/config/customers';
import { DatabaseConfig } from '../../platform/config/database';
import { EdgeConfig } from '../../platform/config/edge';
import type { Config } from '../../platform/config/load-config';
import { PublicAddressConfig } from '../../platform/config/public-address';
import { RateLimitsConfig } from '../../platform/config/rate-limits';
import { RedisConfig } from '../../platform/config/redis';
import { SMS_PROVIDERS, SmsMessagesConfig } from '../../platform/config/sms';
import type { SmsIrConfig } from '../../platform/config/sms-ir';
import { StockConfig } from '../../platform/config/stock';
import { LocalStorageConfig, S3Config, StorageConfig } from '../../platform/config/storage';
import { TemporalConfig } from '../../platform/config/temporal';
import { TokensConfig } from '../../platform/config/tokens';
import { WorkerConfig } from '../../platform/config/worker';
import { ZarinpalConfig } from '../../platform/config/zarinpal';
import { createLogger, type Logger, type LoggerOptions } from '../../platform/logger';
import { createMetrics, type Metrics } from '../../platform/metrics';
import { openPostgres } from '../../platform/postgres';
import { createRedis } from '../../platform/redis';
import { makeSigningKeys, readSigningKeys } from '../../platform/signing-keys';
import { openStorage, uploadsUrl, type OpenStorage } from '../../platform/storage/open-storage';
import type { S3Storage } from '../../platform/storage/s3-storage';
import { startZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { createTemporalClient } from '../../temporal/connection';
import { createWorkers } from '../../workers/create-workers';
import { createShopActivities, STEP_SECTIONS } from '../../workers/shop-activities';
import { createTestDatabase } from './database';
import { createTestNamespace } from './namespace';
import { removeFolder, scratchFolder } from './scratch-folder';
import { startSmsSandboxes, type SmsSandboxes } from './sms-sandboxes';
import { openTcpGate } from './tcp-gate';
import { quietRuntime, workflowBundlePath } from './workflow-runtime';
import { zarinpalControl, type ZarinpalControl } from './zarinpal';

export interface ShopOptions {
  /** Durations and caps that differ from the defaults. By default workflows poll rarely and verify without spacing. */
  readonly checkout?: Partial<CheckoutConfig>;
  readonly api?: Partial<ApiConfig>;
  readonly analytics?: Partial<AnalyticsConfig>;
  readonly edge?: Partial<EdgeConfig>;
  readonly tokens?: Partial<TokensConfig>;
  readonly auth?: Partial<AuthConfig>;
  readonly publicAddress?: Partial<PublicAddressConfig>;
  readonly factor?: Partial<FactorConfig>;
  readonly database?: Partial<DatabaseConfig>;
  readonly zarinpal?: Partial<ZarinpalConfig>;
  readonly temporal?: Partial<TemporalConfig>;
  /** Settings of a shop that sends SMS, through sandboxes of its own. Without them, providers of SMS are away. */
  readonly sms?: Partial<SmsIrConfig>;
  /** Where it keeps objects instead of a folder. */
  readonly s3?: S3Storage;
  /** False for a shop without workers until `startWorkers()`. */
  readonly workers?: boolean;
  /** Where the API's log goes, from `debug` on. By default nothing is logged. */
  readonly log?: NonNullable<LoggerOptions['destination']>;
  /** Replaces some of the real steps and gateway calls. */
  readonly activities?: (real: Record<string, (input: never) => Promise<unknown>>) => object;
}

/** The settings of another API of the same shop. */
export type Terms = Pick<
  ShopOptions,
  'analytics' | 'checkout' | 'api' | 'edge' | 'tokens' | 'auth' | 'factor' | 'publicAddress' | 'temporal'
>;

/** A whole shop for one test file: database, namespace, API, workers and gateway, all real. */
export interface Shop {
  readonly url: string;
  readonly database: DataSource;
  readonly temporal: Client;
  readonly namespace: string;
  readonly zarinpal: ZarinpalControl;
  /** Where it sends SMS. */
  readonly sms: SmsSandboxes | undefined;
  readonly metrics: Metrics;
  /** The folder of its objects. */
  readonly folder: string;
  /** Signs an access token as this shop's API does. */
  readonly accessToken: (claims: AccessClaims, lifeSeconds?: number) => string;
  readonly checkout: CheckoutConfig;
  /** Another API of this shop with other settings. Rows, workers and gateway are the same. */
  withTerms(terms: Terms): Promise<Shop>;
  startWorkers(): Promise<void>;
  stopWorkers(): Promise<void>;
  close(): Promise<void>;
}

export async function openShop(options: ShopOptions = {}): Promise<Shop> {
  const { redisUrl, temporalAddress } = inject('stack');
  quietRuntime();
  const closers: (() => unknown)[] = [];
  const settings = configOf(options, redisUrl, temporalAddress);

  const testDatabase = await createTestDatabase({ seeded: true });
  closers.push(() => testDatabase.drop());
  settings.database.databaseUrl = testDatabase.shopUrl;
  const database = await openPostgres(
    settings.database,
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-test',
  );
  closers.push(() => database.destroy());
  settings.temporal.temporalNamespace = await createTestNamespace();
  const sandbox = await startZarinpalSandbox({ port: 0 });
  closers.push(() => sandbox.stop());
  settings.zarinpal.zarinpalBaseUrl = sandbox.url;
  settings.zarinpal.zarinpalPayPageUrl = `${sandbox.url}/pg/StartPay/`;

  const sms = options.sms && (await openSms(settings, options.sms, closers));

  const metrics = createMetrics();
  const logger = createLogger(
    { logLevel: options.log ? 'debug' : 'silent' },
    { service: 'test', destination: options.log },
  );
  const redis = createRedis(settings.redis, logger);
  closers.push(() => redis.disconnect());
  const folder = scratchFolder('objects');
  closers.push(() => removeFolder(folder));
  settings.localStorage.storageFolder = folder;
  const storage: OpenStorage = options.s3
    ? { kind: 's3', storage: options.s3, close: () => Promise.resolve() }
    : await openStorage(settings, uploadsUrl(settings.publicAddress.publicUrl));
  closers.push(() => storage.close());
  const neighbours = { database, storage, redis, logger, metrics, zarinpal: zarinpalControl(sandbox.url) };
  const api = await openApi(settings, neighbours);
  closers.push(() => api.close());
  sms?.gate.leadTo(new URL(api.url).host);
  const publicUrl = sms ? settings.publicAddress.publicUrl : api.url;
  const workers = runningWorkers(settings, neighbours, publicUrl, options.activities);
  closers.push(() => workers.stop());
  if (options.workers !== false) await workers.start();

  const shop: Shop = {
    ...shopAt(settings, neighbours, api),
    sms: sms?.sandboxes,
    async withTerms(terms) {
      const changed = changedBy(settings, terms);
      const other = await openApi(changed, neighbours);
      closers.push(() => other.close());
      return { ...shop, ...shopAt(changed, neighbours, other) };
    },
    startWorkers: workers.start,
    stopWorkers: workers.stop,
    async close() {
      for (const close of closers.toReversed()) await close();
    },
  };
  return shop;
}

/** Starts sandboxes of SMS and gives the API an address before it listens: providers sign their reports with it. */
async function openSms(settings: Settings, smsIr: Partial<SmsIrConfig>, closers: (() => unknown)[]) {
  const gate = await openTcpGate();
  closers.push(() => gate.close());
  const sandboxes = await startSmsSandboxes();
  closers.push(() => sandboxes.stop());
  settings.publicAddress.publicUrl = `http://${gate.address}`;
  Object.assign(settings.smsIr, smsIr, { smsIrBaseUrl: sandboxes.smsIr.url });
  settings.kavenegar.kavenegarBaseUrl = sandboxes.kavenegar.url;
  settings.twilio.twilioBaseUrl = sandboxes.twilio.url;
  settings.sms.smsProviders = SMS_PROVIDERS;
  settings.smsDelivery.smsRetryFirstMs = 100;
  return { gate, sandboxes };
}

interface Neighbours {
  readonly database: DataSource;
  readonly storage: OpenStorage;
  readonly redis: ReturnType<typeof createRedis>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly zarinpal: ZarinpalControl;
}

type Api = Awaited<ReturnType<typeof openApi>>;

async function openApi(settings: Settings, { database, storage, redis, logger, metrics }: Neighbours) {
  const temporal = createTemporalClient(settings.temporal);
  const app = createApi(settings, {
    database,
    catalogDatabase: database,
    searchDatabase: database,
    redis,
    answers: createAnswers(new CacheConfig(), metrics),
    temporal,
    storage,
    logger,
    metrics,
    inbound: createInbound(),
    isStopping: () => false,
  });
  const server = await serveApi(app, settings.api, logger);
  return {
    url: server.url,
    temporal: temporal.client,
    async close() {
      await server.close();
      await temporal.close();
    },
  };
}

function shopAt(settings: Settings, { database, metrics, zarinpal }: Neighbours, { url, temporal }: Api) {
  return {
    url,
    database,
    folder: settings.localStorage.storageFolder,
    temporal,
    zarinpal,
    metrics,
    namespace: settings.temporal.temporalNamespace,
    accessToken: (claims: AccessClaims, lifeSeconds = settings.auth.accessTokenSeconds) =>
      signAccessToken(
        readSigningKeys(settings.auth.signingKeys),
        { issuer: settings.publicAddress.publicUrl, lifeSeconds },
        claims,
      ),
    checkout: settings.checkout,
  };
}

function changedBy(
  settings: Settings,
  { analytics, checkout, api, edge, tokens, auth, factor, publicAddress, temporal }: Terms,
): Settings {
  return {
    ...settings,
    analytics: Object.assign(new AnalyticsConfig(), settings.analytics, analytics),
    checkout: Object.assign(new CheckoutConfig(), settings.checkout, checkout),
    api: Object.assign(new ApiConfig(), settings.api, api),
    edge: Object.assign(new EdgeConfig(), settings.edge, edge),
    tokens: Object.assign(new TokensConfig(), settings.tokens, tokens),
    auth: Object.assign(new AuthConfig(), settings.auth, auth),
    publicAddress: Object.assign(new PublicAddressConfig(), settings.publicAddress, publicAddress),
    factor: Object.assign(new FactorConfig(), settings.factor, factor),
    temporal: Object.assign(new TemporalConfig(), settings.temporal, temporal),
  };
}

type Settings = ReturnType<typeof configOf>;

/** The sections of the steps with their defaults. */
function stepSections(): Config<typeof STEP_SECTIONS> {
  const sections = Object.entries(STEP_SECTIONS).map(([name, Section]) => [name, new Section()]);
  return Object.fromEntries(sections) as Config<typeof STEP_SECTIONS>;
}

function configOf(options: ShopOptions, redisUrl: string, temporalAddress: string) {
  const unlimited = Object.fromEntries(
    Object.keys(new RateLimitsConfig()).map((name) => [name, 100_000_000]),
  );
  return {
    ...stepSections(),
    api: Object.assign(new ApiConfig(), { apiPort: 0 }, options.api),
    edge: Object.assign(new EdgeConfig(), options.edge),
    tokens: Object.assign(new TokensConfig(), options.tokens),
    auth: Object.assign(new AuthConfig(), { signingKeys: makeSigningKeys() }, options.auth),
    publicAddress: Object.assign(new PublicAddressConfig(), options.publicAddress),
    factor: Object.assign(new FactorConfig(), options.factor),
    rateLimits: Object.assign(new RateLimitsConfig(), unlimited),
    checkout: Object.assign(
      new CheckoutConfig(),
      {
        openOrdersPerAddress: 100_000,
        heldUnitsPerAddress: 1_000_000,
        verifySpacingMs: 0,
        retryFirstMs: 100,
      },
      options.checkout,
    ),
    database: Object.assign(new DatabaseConfig(), options.database),
    redis: Object.assign(new RedisConfig(), { redisUrl, redisKeyPrefix: `${newId()}:` }),
    // A busy machine is slow, not away.
    temporal: Object.assign(
      new TemporalConfig(),
      { temporalAddress, temporalDeadlineMs: 60_000 },
      options.temporal,
    ),
    worker: new WorkerConfig(),
    zarinpal: Object.assign(new ZarinpalConfig(), options.zarinpal),
    storage: new StorageConfig(),
    localStorage: new LocalStorageConfig(),
    s3: new S3Config(),
    customers: new CustomersConfig(),
    stock: new StockConfig(),
    smsMessages: new SmsMessagesConfig(),
    analytics: Object.assign(new AnalyticsConfig(), options.analytics),
    campaignPrices: new CampaignPricesConfig(),
  };
}

function runningWorkers(
  settings: Settings,
  { database, storage, metrics }: Neighbours,
  publicUrl: string,
  replace: ShopOptions['activities'] = (real) => real,
) {
  let workers: Worker[] = [];
  let running: Promise<unknown> = Promise.resolve();
  let connection: NativeConnection | undefined;
  return {
    async start(): Promise<void> {
      connection = await NativeConnection.connect({ address: settings.temporal.temporalAddress });
      const publicAddress = Object.assign(new PublicAddressConfig(), { publicUrl });
      const activities = createShopActivities(
        { ...settings, publicAddress },
        { database, storage: storage.storage, metrics },
      );
      workers = await createWorkers({
        connection,
        namespace: settings.temporal.temporalNamespace,
        config: settings.worker,
        activities: replace(activities),
        workflowBundle: await workflowBundlePath(),
      });
      running = Promise.all(workers.map((worker) => worker.run()));
    },
    async stop(): Promise<void> {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
      await connection?.close();
      workers = [];
      connection = undefined;
    },
  };
}
