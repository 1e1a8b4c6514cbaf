import { randomBytes } from 'node:crypto';

import { Client } from 'pg';
import type { DataSource } from 'typeorm';

import { MIGRATIONS, SHOP_ENTITIES } from '../../entities/data-source';
import { allowMaintenanceRole } from '../../entities/maintenance-role';
import { seedCatalog } from '../../entities/seeds/seed-catalog';
import { seedSmsTemplates } from '../../entities/seeds/sms-templates';
import { allowShopRole, type ShopRole } from '../../entities/shop-role';
import { DatabaseConfig } from '../../platform/config/database';
import { loadConfig } from '../../platform/config/load-config';
import { openPostgres } from '../../platform/postgres';

/** The databases of which each test file gets a copy. */
export interface Templates {
  /** As the set-up leaves it: all migrations have run, and there are no rows but the templates of SMS. */
  readonly migrated: string;
  /** The same with the seeded catalogue. */
  readonly seeded: string;
  /** The role that processes of the shop connect as. */
  readonly role: ShopRole;
  /** The role that maintains the database. */
  readonly maintenanceRole: ShopRole;
}

/**
 * Makes both templates on this server. On a server that is not ours (`shared`) their names belong to this run alone, and
 * `drop` removes them.
 */
export async function prepareTemplates(
  postgresUrl: string,
  shared: boolean,
): Promise<{ names: Templates; drop: () => Promise<void> }> {
  const suffix = shared ? `_${randomBytes(5).toString('hex')}` : '';
  const role = { name: `asoud_shop${suffix}`, password: randomBytes(18).toString('hex') };
  const maintenanceRole = { name: `asoud_maintenance${suffix}`, password: randomBytes(18).toString('hex') };
  const names = { migrated: `asoud_template${suffix}`, seeded: `asoud_seeded${suffix}` };

  await statement(postgresUrl, `CREATE DATABASE ${names.migrated}`);
  await inDatabase(postgresUrl, names.migrated, async (database) => {
    await database.runMigrations({ transaction: 'each' });
    await seedSmsTemplates(database);
    await allowShopRole(database, role);
    await allowMaintenanceRole(database, maintenanceRole);
  });
  await statement(postgresUrl, `CREATE DATABASE ${names.seeded} TEMPLATE ${names.migrated}`);
  await inDatabase(postgresUrl, names.seeded, async (database) => {
    await seedCatalog(database);
  });
  for (const name of Object.values(names)) {
    // Postgres copies no template that has an open connection.
    await statement(postgresUrl, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  }
  return {
    names: { ...names, role, maintenanceRole },
    async drop() {
      if (!shared) return;
      for (const name of Object.values(names))
        await statement(postgresUrl, `DROP DATABASE IF EXISTS ${name}`);
      await statement(postgresUrl, `DROP ROLE IF EXISTS ${role.name}, ${maintenanceRole.name}`);
    },
  };
}

/** Runs one statement on the server, outside any transaction. */
export async function statement(postgresUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The address of another database on the same server, also for another role. */
export function databaseUrl(postgresUrl: string, name: string, role?: ShopRole): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  if (role) Object.assign(url, { username: role.name, password: role.password });
  return url.href;
}

async function inDatabase(
  postgresUrl: string,
  name: string,
  work: (database: DataSource) => Promise<void>,
): Promise<void> {
  const { database: config } = loadConfig(
    { database: DatabaseConfig },
    {
      DATABASE_URL: databaseUrl(postgresUrl, name),
      DATABASE_STATEMENT_TIMEOUT_MS: '60000',
      DATABASE_POOL_SIZE: '2',
    },
  );
  const database = await openPostgres(
    config,
    { entities: SHOP_ENTITIES, migrations: MIGRATIONS },
    'asoud-templates',
  );
  try {
    await work(database);
  } finally {
    await database.destroy();
  }
}
