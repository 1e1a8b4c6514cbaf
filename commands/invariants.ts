import { INVARIANTS } from '../entities/invariants/all-invariants';
import { checkInvariants, type Violation } from '../entities/invariants/check-invariants';
import { DatabaseConfig } from '../platform/config/database';
import { loadConfig } from '../platform/config/load-config';
import { openPostgres } from '../platform/postgres';
import { runProcess } from '../platform/run-process';
import { withSnapshot } from '../platform/snapshot';
import { shopEnvironment } from './shop-environment';

/** In a large shop an invariant reads whole tables. */
const LONGEST_CHECK_MS = 600_000;

/** `npm run invariants`: checks all invariants in the database and prints violations. Exits with 1 when there are any. */
async function main(): Promise<void> {
  const { database: config } = loadConfig({ database: DatabaseConfig }, shopEnvironment());
  const database = await openPostgres(
    { ...config, databasePoolSize: 1 },
    { entities: [], migrations: [] },
    'asoud-invariants',
  );
  try {
    const violations = await withSnapshot(
      database,
      { statementTimeoutMs: LONGEST_CHECK_MS },
      checkInvariants,
    );
    process.stdout.write(`${tableOf(violations)}\n`);
    if (violations.length > 0) process.exitCode = 1;
  } finally {
    await database.destroy();
  }
}

function tableOf(violations: readonly Violation[]): string {
  const width = Math.max(...INVARIANTS.map(({ invariant }) => invariant.length));
  const lines = INVARIANTS.flatMap(({ invariant, sentence }) => {
    const violation = violations.find((it) => it.invariant === invariant);
    const verdict = violation ? `BROKEN ${violation.count}x` : 'holds';
    return [
      `${invariant.padEnd(width)}  ${verdict.padEnd(10)}  ${sentence}`,
      ...(violation ? rowsOf(violation) : []),
    ];
  });
  const sum = `${INVARIANTS.length - violations.length} of ${INVARIANTS.length} invariants hold`;
  return [...lines, '', sum].join('\n');
}

function rowsOf({ count, rows }: Violation): string[] {
  const shown = rows.map((row) => `    ${JSON.stringify(row)}`);
  return count > rows.length ? [...shown, `    … and ${count - rows.length} more`] : shown;
}

void runProcess(main);
