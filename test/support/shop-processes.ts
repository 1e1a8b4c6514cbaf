import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { inject } from 'vitest';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { newId } from '../../entities/values/uuid';
import { signAccessToken, type AccessClaims } from '../../platform/access-token';
import { DatabaseConfig } from '../../platform/config/database';
import { environmentWith } from '../../platform/config/environment';
import { SMS_PROVIDERS } from '../../platform/config/sms';
import { TemporalConfig } from '../../platform/config/temporal';
import { openPostgres } from '../../platform/postgres';
import { makeSigningKeys, readSigningKeys } from '../../platform/signing-keys';
import { startZarinpalSandbox } from '../../sandbox/providers/zarinpal/server';
import { startGuard, type StackGuard } from '../../sandbox/stack/guard';
import { launch, type LaunchSpec } from '../../sandbox/stack/launch';
import { lastLines } from '../../sandbox/stack/log-file';
import { httpAnswers } from '../../sandbox/stack/probes';
import { hasFreshBundle } from '../../sandbox/stack/workflow-bundle-file';
import { createTemporalClient } from '../../temporal/connection';
import { createTestDatabase, type PostgresPlace } from './database';
import type { LastMoment } from './dying-worker';
import { eventually } from './eventually';
import { createTestNamespace } from './namespace';
import { PATIENCE_MS } from './patience';
import { startSmsSandboxes, type SmsSandboxes } from './sms-sandboxes';
import { openTcpGate } from './tcp-gate';
import { zarinpalControl, type ZarinpalControl } from './zarinpal';

const DIST = path.join(__dirname, '../../dist');
/** Tests are fast, and all requests come from one address. */
const UNLIMITED = {
  CART_REQUESTS_PER_MINUTE: '100000000',
  CHECKOUT_REQUESTS_PER_MINUTE: '100000000',
  STAFF_REQUESTS_PER_MINUTE: '100000000',
  ORDER_REQUESTS_PER_MINUTE: '100000000',
  PAYMENT_CALLBACKS_PER_MINUTE: '100000000',
  OPEN_ORDERS_PER_ADDRESS: '100000',
  HELD_UNITS_PER_ADDRESS: '1000000',
};

/** A process that serves: its compiled file, the field of its log with its address, and the path of its health. */
interface Server {
  readonly file: string;
  readonly logs: string;
  readonly health: string;
}

const API: Server = { file: 'api/main.js', logs: 'url', health: '/health/live' };
const REALTIME: Server = { file: 'realtime/main.js', logs: 'url', health: '/health/ready' };
const WORKER: Server = { file: 'workers/main.js', logs: 'health', health: '/health/ready' };

/** A process of the shop. */
export interface ShopProcess {
  /** How it ended: undefined for success. */
  readonly ended: Promise<string | undefined>;
  /** Ends it at once, as a power cut does, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop, as a deploy does, and waits for its end: undefined for success. */
  stop(): Promise<string | undefined>;
  /** Stops it where it stands, until it goes on. */
  pause(): void;
  goOn(): void;
}

/** One that serves at an address of its own. */
export interface ShopServer extends ShopProcess {
  readonly address: string;
}

/**
 * A shop of real, compiled processes. Each gets its configuration from its environment, and the test may kill any of them at
 * any moment. They end with the test run, whatever happens to it.
 */
export interface ShopProcesses {
  readonly url: string;
  readonly database: DataSource;
  /** For a further connection of the test. */
  readonly databaseUrl: string;
  readonly temporal: Client;
  readonly namespace: string;
  readonly zarinpal: ZarinpalControl;
  /** Where it sends SMS. */
  readonly sms: SmsSandboxes | undefined;
  /** Signs an access token as this shop's API does. */
  readonly accessToken: (claims: AccessClaims) => string;
  /** What all processes have logged so far. */
  logs(): string;
  startApi(environment?: Record<string, string>): Promise<ShopServer>;
  startWorker(environment?: Record<string, string>): Promise<ShopProcess>;
  /** A node of sockets, and its address. */
  startRealtime(environment?: Record<string, string>): Promise<ShopProcess & { readonly address: string }>;
  /** A worker that kills itself as soon as this step has done its work, before Temporal hears of it. */
  startWorkerThatDiesAfter(step: string): Promise<ShopProcess>;
  /** One that stops each of these steps in its moment, and kills itself when all have come. */
  startWorkerThatDiesIn(
    moments: readonly LastMoment[],
    environment?: Record<string, string>,
  ): Promise<ShopProcess>;
  close(): Promise<void>;
}

export interface ShopProcessesOptions {
  /** Whether the set-up runs as at a deploy, with schedules. Without it there is only a namespace. */
  readonly setUp?: boolean;
  /** `host:port` of another Temporal service than that of the run; it needs the set-up. */
  readonly temporalAddress?: string;
  /** Another Postgres than that of the run, with its templates. */
  readonly postgres?: PostgresPlace;
  /** Whether it sends SMS, through sandboxes of its own. */
  readonly sms?: boolean;
  /** Variables for every process. */
  readonly environment?: Record<string, string>;
}

export async function openShopProcesses(options: ShopProcessesOptions = {}): Promise<ShopProcesses> {
  const { redisUrl, temporalAddress: usual } = inject('stack');
  const temporalAddress = options.temporalAddress ?? usual;
  const directory = mkdtempSync(path.join(tmpdir(), 'asoud-processes-'));
  const guard = startGuard(directory);
  const running = new Set<ShopProcess>();
  const testDatabase = await createTestDatabase({ seeded: true, on: options.postgres });
  const sandbox = await startZarinpalSandbox({ port: 0 });
  const sms = options.sms ? await startSmsSandboxes() : undefined;
  // An API that is started again listens on another port; its address for everybody else stays the same.
  const gate = await openTcpGate();
  const url = `http://${gate.address}`;
  const namespace = options.setUp ? `test-${newId()}` : await createTestNamespace();
  const database = await openPostgres(
    Object.assign(new DatabaseConfig(), {
      databaseUrl: testDatabase.url,
      // The test itself holds locks in open transactions, and fills tables on a busy machine.
      databaseIdleTransactionTimeoutMs: PATIENCE_MS,
      databaseStatementTimeoutMs: PATIENCE_MS,
    }),
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-test',
  );
  const client = createTemporalClient(
    Object.assign(new TemporalConfig(), { temporalAddress, temporalNamespace: namespace }),
  );
  const signingKeys = makeSigningKeys();
  const variables = {
    SIGNING_KEYS: signingKeys,
    PUBLIC_KEYS: JSON.stringify({ keys: readSigningKeys(signingKeys).published }),
    REALTIME_PORT: '0',
    REALTIME_METRICS_PORT: '0',
    NODE_ENV: 'test',
    STORAGE_FOLDER: path.join(directory, 'objects'),
    DATABASE_URL: testDatabase.shopUrl,
    REDIS_URL: redisUrl,
    REDIS_KEY_PREFIX: `${namespace}:`,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: namespace,
    PUBLIC_URL: url,
    API_PORT: '0',
    METRICS_PORT: '0',
    WORKER_HEALTH_PORT: '0',
    WORKER_METRICS_PORT: '0',
    WORKER_SDK_METRICS_PORT: '0',
    ZARINPAL_BASE_URL: sandbox.url,
    ZARINPAL_PAY_PAGE_URL: `${sandbox.url}/pg/StartPay/`,
    ...(sms && throughSandboxes(sms)),
    ...UNLIMITED,
    VERIFY_SPACING_MS: '0',
    RETRY_FIRST_MS: '100',
    RETRY_MOST_MS: '500',
    ...options.environment,
  };

  /** Starts a compiled file with its output in a file of its own. */
  function start(
    file: string,
    environment: Record<string, string>,
    arguments_: readonly string[] = [],
  ): ShopProcess & { readonly spec: LaunchSpec } {
    const spec = specOf(file, directory, { ...variables, ...environment }, arguments_);
    const { child, ended } = launch(spec, guard);
    const process: ShopProcess & { readonly spec: LaunchSpec } = {
      spec,
      ended,
      async kill() {
        child.kill('SIGKILL');
        await ended;
      },
      async stop() {
        child.kill('SIGTERM');
        return ended;
      },
      pause: () => void child.kill('SIGSTOP'),
      goOn: () => void child.kill('SIGCONT'),
    };
    running.add(process);
    void ended.then(() => running.delete(process));
    return process;
  }

  async function runToEnd(file: string, environment: Record<string, string> = {}): Promise<void> {
    const { ended, spec } = start(file, environment);
    const how = await ended;
    if (how !== undefined) throw new Error(`${file} failed (${how}):\n${lastLines(spec.logFile, 20)}`);
  }

  /** Starts a process that serves, and waits until it answers at the address that it logs. */
  async function serve(
    { file, logs, health }: Server,
    environment: Record<string, string> = {},
    arguments_: readonly string[] = [],
  ): Promise<ShopServer> {
    const process = start(file, environment, arguments_);
    const end = process.ended.then((how) => {
      throw new Error(`${file} ended (${how}) before it was ready:\n${lastLines(process.spec.logFile, 20)}`);
    });
    const isReady = async () => {
      const address = loggedValue(process.spec.logFile, logs);
      return address !== undefined && (await httpAnswers(address + health)) ? address : undefined;
    };
    const address = await Promise.race([eventually(isReady, (it) => it !== undefined), end]);
    end.catch(() => undefined);
    return { ...process, address: address! };
  }

  // Steps keep their connections in their moments.
  const startDyingWorker = (moments: readonly LastMoment[], environment: Record<string, string> = {}) =>
    serve({ ...WORKER, file: 'test/support/dying-worker.js' }, { DATABASE_POOL_SIZE: '30', ...environment }, [
      JSON.stringify(moments),
    ]);

  if (!hasFreshBundle(DIST)) await runToEnd('workers/build-bundle.js');
  if (options.setUp) await runToEnd('commands/set-up.js', { DATABASE_OWNER_URL: testDatabase.url });
  return {
    url,
    accessToken: (claims) =>
      signAccessToken(readSigningKeys(signingKeys), { issuer: url, lifeSeconds: 600 }, claims),
    database,
    databaseUrl: testDatabase.url,
    temporal: client.client,
    namespace,
    zarinpal: zarinpalControl(sandbox.url),
    sms,
    logs: () =>
      readdirSync(directory)
        .filter((name) => name.endsWith('.log'))
        .map((name) => readFileSync(path.join(directory, name), 'utf8'))
        .join('\n'),
    async startApi(environment) {
      const api = await serve(API, environment);
      gate.leadTo(new URL(api.address).host);
      return api;
    },
    startWorker: (environment) => serve(WORKER, environment),
    startRealtime: (environment) => serve(REALTIME, environment),
    startWorkerThatDiesAfter: (step) => startDyingWorker([{ step, after: 'step' }]),
    startWorkerThatDiesIn: startDyingWorker,
    async close() {
      await Promise.all([...running].map((process) => process.kill()));
      releaseGuard(guard, directory);
      await gate.close();
      await client.close();
      await sandbox.stop();
      await sms?.stop();
      await database.destroy();
      await testDatabase.drop();
    },
  };
}

/** What a process needs to send SMS through sandboxes. A test that kills it in the middle of a call has the longest time for it. */
function throughSandboxes({ smsIr, kavenegar, twilio }: SmsSandboxes): Record<string, string> {
  return {
    SMS_PROVIDERS: SMS_PROVIDERS.join(','),
    SMS_IR_BASE_URL: smsIr.url,
    SMS_IR_TIMEOUT_MS: '12000',
    KAVENEGAR_BASE_URL: kavenegar.url,
    KAVENEGAR_TIMEOUT_MS: '12000',
    TWILIO_BASE_URL: twilio.url,
    SMS_RETRY_FIRST_MS: '100',
  };
}

/** The value of a field in a log of JSON lines, where a line has it. */
function loggedValue(file: string, field: string): string | undefined {
  return new RegExp(`"${field}":"(http[^"]+)"`).exec(readFileSync(file, 'utf8'))?.[1];
}

let started = 0;

function specOf(
  file: string,
  directory: string,
  environment: Record<string, string>,
  arguments_: readonly string[],
): LaunchSpec {
  started += 1;
  const name = `${path.basename(path.dirname(file))}-${started}`;
  return {
    name,
    command: process.execPath,
    arguments: [path.join(DIST, file), ...arguments_],
    environment: environmentWith(environment),
    directory,
    logFile: path.join(directory, `${name}.log`),
    stopSignal: 'SIGKILL',
    stopLimitMs: 1_000,
    rank: 1,
  };
}

function releaseGuard(guard: StackGuard, directory: string): void {
  guard.release();
  rmSync(directory, { recursive: true, force: true });
}
