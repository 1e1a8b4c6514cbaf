import type { Logger, QueryRunner } from 'typeorm';

/** Says nothing: a failing statement arrives as an error where it can be told with its context. */
export class SilentTypeormLogger implements Logger {
  logQuery(): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}

/** Tells each statement to a listener before it is sent. */
export class ListeningTypeormLogger extends SilentTypeormLogger {
  constructor(private readonly listener: (statement: string) => void) {
    super();
  }

  override logQuery(statement: string, _parameters?: unknown, _runner?: QueryRunner): void {
    this.listener(statement);
  }
}
