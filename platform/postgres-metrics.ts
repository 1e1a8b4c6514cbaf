import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

import type { Metrics } from './metrics';
import { watchStatements } from './statement-count';

/** Adds metrics for the statements and connections of the pool. */
export function observePostgres(database: DataSource, metrics: Metrics): void {
  const statements = metrics.counter('postgres_statements_total', 'Statements sent to Postgres.');
  watchStatements(database, () => statements.inc());

  const { master } = database.driver as unknown as { master: Pool };
  metrics.gauge('postgres_connections', 'Connections of the pool by what they do.', ['state'], function () {
    this.set({ state: 'idle' }, master.idleCount);
    this.set({ state: 'busy' }, master.totalCount - master.idleCount);
    this.set({ state: 'waited_for' }, master.waitingCount);
  });
}
