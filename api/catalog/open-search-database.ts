import type { DataSource } from 'typeorm';

import type { ApiConfig } from '../../platform/config/api';
import type { DatabaseConfig } from '../../platform/config/database';
import { openPostgres, type DatabaseSchema } from '../../platform/postgres';

const LONGEST_WAIT_MS = 3_000;

/**
 * Opens the connections of searches. They are apart from all others and few, and Postgres cancels their statements early, so that
 * no crowd of searches keeps anything else waiting. A search that waits or takes too long is answered with 503.
 */
export function openSearchDatabase(
  database: DatabaseConfig,
  { searchesAtOnce, searchTimeoutMs }: Pick<ApiConfig, 'searchesAtOnce' | 'searchTimeoutMs'>,
  schema: DatabaseSchema,
): Promise<DataSource> {
  const config = {
    ...database,
    databasePoolSize: searchesAtOnce,
    databaseStatementTimeoutMs: searchTimeoutMs,
    databaseConnectTimeoutMs: LONGEST_WAIT_MS,
  };
  return openPostgres(config, schema, 'asoud-api-search');
}
