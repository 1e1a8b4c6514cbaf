import pRetry from 'p-retry';
import type { DataSource } from 'typeorm';

import { MIGRATIONS, SHOP_ENTITIES } from '../entities/data-source';
import { allowMaintenanceRole } from '../entities/maintenance-role';
import { seedSmsTemplates } from '../entities/seeds/sms-templates';
import { allowShopRole, roleOf } from '../entities/shop-role';
import { CheckoutConfig } from '../platform/config/checkout';
import { DatabaseConfig, DatabaseMaintenanceConfig, DatabaseOwnerConfig } from '../platform/config/database';
import { loadConfig, secretsOf, type Config } from '../platform/config/load-config';
import { RuntimeConfig } from '../platform/config/runtime';
import { SmsDeliveryConfig } from '../platform/config/sms-delivery';
import { TemporalConfig } from '../platform/config/temporal';
import { createLogger, type Logger } from '../platform/logger';
import { openPostgres } from '../platform/postgres';
import { runProcess } from '../platform/run-process';
import { createTemporalClient, type TemporalClient } from '../temporal/connection';
import { compareSchedules, ensureSchedules } from '../temporal/ensure-schedules';
import { ensureNamespace } from '../temporal/namespace';
import { shopSchedules } from '../temporal/schedules';
import { ensureSearchAttributes } from '../temporal/search-attributes';
import { shopEnvironment } from './shop-environment';

const RETENTION_DAYS = 7;
/** A migration may take longer than any other statement. */
const MIGRATION_LIMIT_MS = 600_000;

const SECTIONS = {
  runtime: RuntimeConfig,
  database: DatabaseConfig,
  owner: DatabaseOwnerConfig,
  maintenance: DatabaseMaintenanceConfig,
  temporal: TemporalConfig,
  checkout: CheckoutConfig,
  smsDelivery: SmsDeliveryConfig,
};
type SetUpConfig = Config<typeof SECTIONS>;

/**
 * Brings Postgres and Temporal to the state that this version needs. Run it at every deploy, before the processes start. With
 * `--dry-run` it changes nothing, and prints how the schedules in Temporal differ from the declared ones.
 */
async function main(): Promise<void> {
  const parameters = process.argv.slice(2).filter((parameter) => parameter !== '--dry-run');
  const isDryRun = parameters.length < process.argv.length - 2;
  const config = loadConfig(SECTIONS, shopEnvironment(parameters));
  const temporal = createTemporalClient(config.temporal);
  try {
    if (isDryRun) {
      const differences = await compareSchedules(temporal.client, shopSchedules(settingsOf(config)));
      process.stdout.write(`${JSON.stringify(differences, null, 2)}\n`);
      return;
    }
    const logger = createLogger(config.runtime, { service: 'set-up', secrets: secretsOf(config) });
    await setUpDatabase(config, logger);
    await setUpTemporal(config, temporal, logger);
  } finally {
    await temporal.close();
  }
}

const settingsOf = ({ checkout, smsDelivery }: SetUpConfig) => ({ ...checkout, ...smsDelivery });

async function setUpDatabase(config: SetUpConfig, logger: Logger): Promise<void> {
  const { databaseUrl } = config.database;
  const ownerUrl = config.owner.databaseOwnerUrl ?? databaseUrl;
  const database = await openPostgres(
    {
      ...config.database,
      databaseUrl: ownerUrl,
      databaseStatementTimeoutMs: MIGRATION_LIMIT_MS,
      databaseLockTimeoutMs: 10_000,
    },
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-set-up',
  );
  const applied = await database.runMigrations({ transaction: 'each' });
  await seedSmsTemplates(database);
  const role = roleOf(databaseUrl);
  if (role.name !== roleOf(ownerUrl).name) {
    const { hasTooManyRights } = await allowShopRole(database, role);
    if (hasTooManyRights) logger.warn({ role: role.name }, 'the role of DATABASE_URL can change the schema');
  } else {
    logger.warn(
      'DATABASE_URL is the owner of the tables: set DATABASE_OWNER_URL, and a lesser role in DATABASE_URL',
    );
  }
  await allowMaintenance(database, config, logger);
  await database.destroy();
  logger.info({ applied: applied.map(({ name }) => name) }, 'the database is up to date');
}

async function allowMaintenance(database: DataSource, config: SetUpConfig, logger: Logger): Promise<void> {
  const { databaseMaintenanceUrl } = config.maintenance;
  if (databaseMaintenanceUrl === undefined) {
    logger.warn('DATABASE_MAINTENANCE_URL is not set: nobody maintains the database at night');
    return;
  }
  const role = roleOf(databaseMaintenanceUrl);
  const { missing } = await allowMaintenanceRole(database, role);
  if (Object.keys(missing).length > 0) {
    logger.warn(
      { role: role.name, missing },
      'the maintenance of the database lacks what the owner may not give',
    );
  }
}

async function setUpTemporal(config: SetUpConfig, temporal: TemporalClient, logger: Logger): Promise<void> {
  const namespace = config.temporal.temporalNamespace;
  await untilServed(() => ensureNamespace(temporal.connection, namespace, RETENTION_DAYS));
  await untilServed(() => ensureSearchAttributes(temporal.connection, namespace));
  const schedules = await untilServed(() =>
    ensureSchedules(temporal.client, shopSchedules(settingsOf(config))),
  );
  logger.info({ namespace, schedules }, 'namespace, search attributes and schedules are in place');
}

const SERVED_WITHIN_MS = 30_000;
const PAUSE_MS = 250;

/** Retries, because parts of Temporal are not ready at once after a start or after a namespace was registered. */
function untilServed<Result>(work: () => Promise<Result>): Promise<Result> {
  return pRetry(work, {
    retries: Infinity,
    maxRetryTime: SERVED_WITHIN_MS,
    minTimeout: PAUSE_MS,
    factor: 1,
  });
}

void runProcess(main);
