import type { DataSource } from 'typeorm';

import type { ApiConfig } from '../../platform/config/api';
import type { DatabaseConfig } from '../../platform/config/database';
import { openPostgres, type DatabaseSchema } from '../../platform/postgres';

const LONGEST_WAIT_MS = 3_000;

/**
 * Opens the connections of lists, products and categories. They are apart from all others and few, so that no crowd of readers keeps
 * a cart or a checkout waiting. A read that waits too long for one is answered with 503.
 */
export function openCatalogDatabase(
  database: DatabaseConfig,
  { catalogReadsAtOnce }: Pick<ApiConfig, 'catalogReadsAtOnce'>,
  schema: DatabaseSchema,
): Promise<DataSource> {
  const own = { databasePoolSize: catalogReadsAtOnce, databaseConnectTimeoutMs: LONGEST_WAIT_MS };
  return openPostgres({ ...database, ...own }, schema, 'asoud-api-catalog');
}

/**
 * The same for searches, which cost more: Postgres cancels their statements early, and no crowd of searches keeps a list waiting.
 */
export function openSearchDatabase(
  database: DatabaseConfig,
  { searchesAtOnce, searchTimeoutMs }: Pick<ApiConfig, 'searchesAtOnce' | 'searchTimeoutMs'>,
  schema: DatabaseSchema,
): Promise<DataSource> {
  const own = {
    databasePoolSize: searchesAtOnce,
    databaseStatementTimeoutMs: searchTimeoutMs,
    databaseConnectTimeoutMs: LONGEST_WAIT_MS,
  };
  return openPostgres({ ...database, ...own }, schema, 'asoud-api-search');
}
