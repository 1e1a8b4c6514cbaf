import { checkInvariants, type Violation } from '../entities/invariants/check-invariants';
import { LAWS } from '../entities/invariants/laws';
import { DatabaseConfig } from '../platform/config/database';
import { loadConfig } from '../platform/config/load-config';
import { openPostgres } from '../platform/postgres';
import { runProcess } from '../platform/run-process';
import { withSnapshot } from '../platform/snapshot';

/** A law of a large shop reads whole tables. */
const LONGEST_LAW_MS = 600_000;

/** `npm run invariants`: holds every law of the shop against the database and names what breaks it; 1 when any is broken. */
async function main(): Promise<void> {
  const { database: config } = loadConfig({ database: DatabaseConfig });
  const database = await openPostgres(
    { ...config, databasePoolSize: 1 },
    { entities: [], migrations: [] },
    'asoud-invariants',
  );
  try {
    const violations = await withSnapshot(database, { statementTimeoutMs: LONGEST_LAW_MS }, checkInvariants);
    process.stdout.write(`${tableOf(violations)}\n`);
    if (violations.length > 0) process.exitCode = 1;
  } finally {
    await database.destroy();
  }
}

function tableOf(violations: readonly Violation[]): string {
  const width = Math.max(...LAWS.map(({ law }) => law.length));
  const lines = LAWS.flatMap(({ law, sentence }) => {
    const violation = violations.find((it) => it.law === law);
    const verdict = violation ? `BROKEN ${violation.count}x` : 'holds';
    return [
      `${law.padEnd(width)}  ${verdict.padEnd(10)}  ${sentence}`,
      ...(violation ? offendersOf(violation) : []),
    ];
  });
  const sum = `${LAWS.length - violations.length} of ${LAWS.length} laws hold`;
  return [...lines, '', sum].join('\n');
}

function offendersOf({ count, offenders }: Violation): string[] {
  const named = offenders.map((offender) => `    ${JSON.stringify(offender)}`);
  return count > offenders.length ? [...named, `    … and ${count - offenders.length} more`] : named;
}

void runProcess(main);
