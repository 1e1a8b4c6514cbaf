import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { ApiConfig } from '../../platform/config/api';
import { AuthConfig } from '../../platform/config/auth';
import { environmentWith } from '../../platform/config/environment';
import { loadConfig } from '../../platform/config/load-config';
import { RealtimeConfig } from '../../platform/config/realtime';
import { SandboxConfig } from '../../platform/config/sandbox';
import { WorkerConfig } from '../../platform/config/worker';
import { readSigningKeys } from '../../platform/signing-keys';
import type { SandboxUrls } from './running-file';
import type { Stack } from './start-stack';

/** A process of the shop that the launcher keeps running. */
export interface ShopProcess {
  readonly name: string;
  /** Below `dist/`. */
  readonly file: string;
  /** Answers 2xx once the process serves. */
  readonly health: string;
}

/** The addresses of the shop on this stack, and the settings of its processes. */
export interface ShopSettings extends SandboxUrls {
  readonly apiUrl: string;
  /** Where sockets connect, below `/ws`. */
  readonly realtimeUrl: string;
  readonly temporalNamespace: string;
  /** The variables that make a process of the shop belong to this stack. */
  readonly variables: Readonly<Record<string, string>>;
  readonly processes: readonly ShopProcess[];
}

/** Chooses ports and the variables for every process of the shop. */
export async function shopSettings(stack: Stack): Promise<ShopSettings> {
  const publicKeys = publicKeysOf(stack);
  const { api, realtime, worker, sandbox } = loadConfig(
    { api: ApiConfig, realtime: RealtimeConfig, worker: WorkerConfig, sandbox: SandboxConfig },
    environmentWith({ PUBLIC_KEYS: publicKeys }),
  );
  const apiPort = await stack.ports.choose('api', api.apiPort);
  const metricsPort = await stack.ports.choose('apiMetrics', api.metricsPort);
  const realtimePort = await stack.ports.choose('realtime', realtime.realtimePort);
  const realtimeMetricsPort = await stack.ports.choose('realtimeMetrics', realtime.realtimeMetricsPort);
  const healthPort = await stack.ports.choose('workerHealth', worker.workerHealthPort);
  const workerMetricsPort = await stack.ports.choose('workerMetrics', worker.workerMetricsPort);
  const sdkMetricsPort = await stack.ports.choose('workerSdkMetrics', worker.workerSdkMetricsPort);
  const zarinpalPort = await stack.ports.choose('zarinpal', sandbox.sandboxZarinpalPort);
  const smsIrPort = await stack.ports.choose('smsIr', sandbox.sandboxSmsIrPort);
  const kavenegarPort = await stack.ports.choose('kavenegar', sandbox.sandboxKavenegarPort);
  const twilioPort = await stack.ports.choose('twilio', sandbox.sandboxTwilioPort);
  const s3Port = await stack.ports.choose('s3', sandbox.sandboxS3Port);
  const supplierPort = await stack.ports.choose('supplier', sandbox.sandboxSupplierPort);
  const smsInboxPort = await stack.ports.choose('smsInbox', sandbox.sandboxSmsInboxPort);
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const realtimeUrl = `http://127.0.0.1:${realtimePort}`;
  const zarinpalUrl = `http://127.0.0.1:${zarinpalPort}`;
  const smsIrUrl = `http://127.0.0.1:${smsIrPort}`;
  const kavenegarUrl = `http://127.0.0.1:${kavenegarPort}`;
  const twilioUrl = `http://127.0.0.1:${twilioPort}`;
  const s3Url = `http://127.0.0.1:${s3Port}`;
  const supplierUrl = `http://127.0.0.1:${supplierPort}`;
  const smsInboxUrl = `http://127.0.0.1:${smsInboxPort}`;

  const providers = join(stack.directory, 'sandbox');
  mkdirSync(providers, { recursive: true });
  const variables: Record<string, string> = {
    ...notGiven({
      TEMPORAL_NAMESPACE: 'asoud',
      PUBLIC_URL: apiUrl,
      TOKEN_SECRET: stack.secrets.tokenSecret,
      HASH_SECRET: stack.secrets.hashSecret,
      SIGNING_KEYS: stack.secrets.signingKeys,
      REFRESH_SECRET: stack.secrets.refreshSecret,
      FACTOR_KEYS: stack.secrets.factorKey,
      SUPPLIER_KEYS: stack.secrets.supplierKey,
      ZARINPAL_MERCHANT_ID: stack.secrets.zarinpalMerchantId,
      ZARINPAL_BASE_URL: zarinpalUrl,
      ZARINPAL_PAY_PAGE_URL: `${zarinpalUrl}/pg/StartPay/`,
      SMS_PROVIDERS: 'sms-ir,kavenegar,twilio',
      SMS_CALLBACK_SECRETS: stack.secrets.smsCallbackSecret,
      CODE_PEPPERS: stack.secrets.codePepper,
      WARMING_SECRETS: stack.secrets.warmingSecret,
      SMS_IR_BASE_URL: smsIrUrl,
      SMS_IR_API_KEY: stack.secrets.smsIrApiKey,
      SMS_IR_LINE: '30007732000000',
      KAVENEGAR_BASE_URL: kavenegarUrl,
      KAVENEGAR_API_KEY: stack.secrets.kavenegarApiKey,
      KAVENEGAR_SENDER: '10000000',
      TWILIO_BASE_URL: twilioUrl,
      TWILIO_ACCOUNT_SID: stack.secrets.twilioAccountSid,
      TWILIO_AUTH_TOKEN: stack.secrets.twilioAuthToken,
      TWILIO_FROM: '+15005550006',
      STORAGE_FOLDER: join(stack.directory, 'objects'),
      STORAGE_SECRETS: stack.secrets.storageSecret,
      S3_ENDPOINT: s3Url,
      S3_ACCESS_KEY: stack.secrets.s3AccessKey,
      S3_SECRET_KEY: stack.secrets.s3SecretKey,
      SANDBOX_STATE_FOLDER: providers,
      ...(stack.databaseMaintenanceUrl && { DATABASE_MAINTENANCE_URL: stack.databaseMaintenanceUrl }),
    }),
    NODE_ENV: 'development',
    DATABASE_URL: stack.databaseUrl,
    // For the set-up alone.
    DATABASE_OWNER_URL: '',
    REDIS_URL: stack.redisUrl,
    TEMPORAL_ADDRESS: stack.temporalAddress,
    PUBLIC_KEYS: publicKeys,
    API_PORT: String(apiPort),
    METRICS_PORT: String(metricsPort),
    REALTIME_PORT: String(realtimePort),
    REALTIME_METRICS_PORT: String(realtimeMetricsPort),
    WORKER_HEALTH_PORT: String(healthPort),
    WORKER_METRICS_PORT: String(workerMetricsPort),
    WORKER_SDK_METRICS_PORT: String(sdkMetricsPort),
    SANDBOX_ZARINPAL_PORT: String(zarinpalPort),
    SANDBOX_SMS_IR_PORT: String(smsIrPort),
    SANDBOX_KAVENEGAR_PORT: String(kavenegarPort),
    SANDBOX_TWILIO_PORT: String(twilioPort),
    SANDBOX_S3_PORT: String(s3Port),
    SANDBOX_SUPPLIER_PORT: String(supplierPort),
    SANDBOX_SMS_INBOX_PORT: String(smsInboxPort),
  };
  return {
    apiUrl,
    realtimeUrl,
    ...{ zarinpalUrl, smsIrUrl, kavenegarUrl, twilioUrl, s3Url, supplierUrl, smsInboxUrl },
    temporalNamespace: environmentWith(variables)['TEMPORAL_NAMESPACE']!,
    variables,
    processes: [
      // The inbox is the last of the sandboxes that listens.
      { name: 'sandbox', file: 'sandbox/providers/main.js', health: smsInboxUrl },
      { name: 'worker', file: 'workers/main.js', health: `http://127.0.0.1:${healthPort}/health/ready` },
      { name: 'api', file: 'api/main.js', health: `${apiUrl}/health/ready` },
      { name: 'realtime', file: 'realtime/main.js', health: `${realtimeUrl}/health/ready` },
    ],
  };
}

/** The public half of the keys that the API signs with: no other process needs the private one. */
function publicKeysOf({ secrets }: Stack): string {
  const given = notGiven({ SIGNING_KEYS: secrets.signingKeys });
  const { auth } = loadConfig({ auth: AuthConfig }, environmentWith(given));
  return JSON.stringify({ keys: readSigningKeys(auth.signingKeys).published });
}

/** Those of these variables that the launcher's own environment does not set. */
function notGiven(defaults: Readonly<Record<string, string>>): Record<string, string> {
  const given = environmentWith({});
  return Object.fromEntries(
    Object.entries(defaults).filter(([name]) => !given[name] && !given[`${name}_FILE`]),
  );
}
