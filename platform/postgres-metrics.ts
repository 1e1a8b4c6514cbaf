import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

import type { Metrics } from './metrics';
import { watchStatements } from './statement-count';

/** Adds metrics for the statements and connections of these pools. */
export function observePostgres(pools: Readonly<Record<string, DataSource>>, metrics: Metrics): void {
  const statements = metrics.counter('postgres_statements_total', 'Statements sent to Postgres.');
  for (const database of Object.values(pools)) watchStatements(database, () => statements.inc());

  const help = 'Connections by their pool and what they do.';
  metrics.gauge('postgres_connections', help, ['pool', 'state'], function () {
    for (const [pool, { driver }] of Object.entries(pools)) {
      const { master } = driver as unknown as { master: Pool };
      this.set({ pool, state: 'idle' }, master.idleCount);
      this.set({ pool, state: 'busy' }, master.totalCount - master.idleCount);
      this.set({ pool, state: 'waited_for' }, master.waitingCount);
    }
  });
}
