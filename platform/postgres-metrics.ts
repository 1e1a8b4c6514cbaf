import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

import type { Metrics } from './metrics';
import { watchStatements } from './statement-count';

/** Counts the statements of the pool and shows how busy it is. */
export function observePostgres(database: DataSource, metrics: Metrics): void {
  const statements = metrics.counter('postgres_statements_total', 'Statements sent to Postgres.');
  watchStatements(database, () => statements.inc());

  const connections = metrics.gauge('postgres_connections', 'Connections of the pool by what they do.', [
    'state',
  ]);
  const { master } = database.driver as unknown as { master: Pool };
  connections.collect = () => {
    connections.set({ state: 'idle' }, master.idleCount);
    connections.set({ state: 'busy' }, master.totalCount - master.idleCount);
    connections.set({ state: 'waited_for' }, master.waitingCount);
  };
}
