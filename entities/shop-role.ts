import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

import type { DataSource } from 'typeorm';

/** The role that the shop's processes connect as. */
export interface ShopRole {
  readonly name: string;
  readonly password: string;
}

/**
 * Lets a role read and write the rows of every table, and nothing else: it can change neither tables nor triggers, make not
 * even a temporary table, empty no table, and pretend no migration. Makes the role if there is none. The connection must be the owner's. Run it after every
 * migration; it may run again.
 *
 * @returns whether the role has more rights than that, because somebody made it a superuser or a member of the owner
 */
export async function allowShopRole(
  database: DataSource,
  shop: ShopRole,
): Promise<{ hasTooManyRights: boolean }> {
  const role = await makeRole(database, shop);
  await database.query(`
    GRANT USAGE ON SCHEMA public TO ${role};
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role};
    REVOKE INSERT, UPDATE, DELETE ON migrations FROM ${role};
    GRANT EXECUTE ON FUNCTION make_tracking_partition, drop_tracking_partitions TO ${role};
    ${await forbidTemporaryTables(database)}
  `);
  const [{ hasTooManyRights }] = (await database.query(
    `SELECT rolsuper OR pg_has_role(rolname, current_user, 'MEMBER') AS "hasTooManyRights"
     FROM pg_roles WHERE rolname = $1`,
    [shop.name],
  )) as [{ hasTooManyRights: boolean }];
  return { hasTooManyRights };
}

/** Nothing of the shop needs temporary tables, and they can stand in for others. */
async function forbidTemporaryTables(database: DataSource): Promise<string> {
  const [{ forbid }] = (await database.query(
    `SELECT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()) AS forbid`,
  )) as [{ forbid: string }];
  return forbid;
}

/**
 * Makes a role that may connect, if there is none.
 *
 * @returns its name as it stands in SQL
 */
export async function makeRole(database: DataSource, { name, password }: ShopRole): Promise<string> {
  const [{ role, create, exists }] = (await database.query(
    `SELECT quote_ident($1) AS role, format('CREATE ROLE %I LOGIN PASSWORD %L', $1::text, $2::text) AS create,
       to_regrole(quote_ident($1)) IS NOT NULL AS exists`,
    [name, verifierOf(password)],
  )) as [{ role: string; create: string; exists: boolean }];
  if (!exists) await database.query(create);
  return role;
}

const ROUNDS = 4_096;

/**
 * What Postgres keeps of a password (RFC 5803), made here: Postgres logs statements that fail, and this one fails where the owner
 * may make no roles. Null for no password.
 */
function verifierOf(password: string): string | null {
  if (password === '') return null;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ROUNDS, 32, 'sha256');
  const keyOf = (purpose: string) => createHmac('sha256', salted).update(purpose).digest();
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest('base64');
  const serverKey = keyOf('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ROUNDS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/** The role in the address of a database. */
export function roleOf(databaseUrl: string): ShopRole {
  const { username, password } = new URL(databaseUrl);
  return { name: decodeURIComponent(username), password: decodeURIComponent(password) };
}
