import type { DataSource } from 'typeorm';

import type { DatabaseConfig } from '../platform/config/database';
import type { RealtimeConfig } from '../platform/config/realtime';
import { openPostgres, type DatabaseSchema } from '../platform/postgres';

/**
 * Opens the connections on which a node finds out who hears of events and which sessions are still alive. They are apart from those of
 * verbs: however slow verbs are, events arrive and a revoked session is closed.
 */
export function openFanOutDatabase(
  database: DatabaseConfig,
  { fanOutConnections }: Pick<RealtimeConfig, 'fanOutConnections'>,
  schema: DatabaseSchema,
): Promise<DataSource> {
  return openPostgres({ ...database, databasePoolSize: fanOutConnections }, schema, 'asoud-realtime-fan-out');
}
