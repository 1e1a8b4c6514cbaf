import type { DataSource } from 'typeorm';

import { makeRole, type ShopRole } from './shop-role';

/** What the job reads with, and what it then cannot tell without it. */
const EXTENSIONS = ['pgstattuple', 'pg_stat_statements'];

/**
 * Lets a role maintain every table (ANALYZE, REINDEX) and read the statistics of the server, but no row. Makes the role if there is
 * none. The connection must be the owner's. Run it after every migration; it may run again.
 *
 * @returns what the owner was not allowed to give, with the reason. The job goes on without it, and says so.
 */
export async function allowMaintenanceRole(
  database: DataSource,
  maintenance: ShopRole,
): Promise<{ readonly missing: Readonly<Record<string, string>> }> {
  const role = await makeRole(database, maintenance);
  await database.query(`
    GRANT USAGE ON SCHEMA public TO ${role};
    GRANT MAINTAIN ON ALL TABLES IN SCHEMA public TO ${role};
    GRANT EXECUTE ON FUNCTION drop_leftover_index TO ${role};
  `);
  const wishes = [
    ['pg_monitor', `GRANT pg_monitor TO ${role}`],
    ...EXTENSIONS.map((name) => [name, `CREATE EXTENSION IF NOT EXISTS ${name}`]),
  ] as const;
  const missing: Record<string, string> = {};
  for (const [name, wish] of wishes) {
    await database.query(wish).catch((error: Error) => {
      missing[name] = error.message;
    });
  }
  return { missing };
}
