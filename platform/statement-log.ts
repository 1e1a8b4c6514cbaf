import type { Logger } from 'typeorm';

function silent(): void {}

/**
 * TypeORM's logger as ours: it tells each statement to a listener before it is sent, and says nothing else, because a
 * failing statement arrives as an error where it can be told with its context.
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
