import type { Logger } from 'typeorm';

function silent(): void {}

/**
 * A logger for TypeORM that only passes each statement to a listener before it is sent. Failures are not logged here: they
 * are thrown, and logged with their context.
 */
export function listenToStatements(listener: (statement: string) => void = silent): Logger {
  return {
    logQuery: listener,
    logQueryError: silent,
    logQuerySlow: silent,
    logSchemaBuild: silent,
    logMigration: silent,
    log: silent,
  };
}
