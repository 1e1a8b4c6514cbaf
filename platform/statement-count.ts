import type { DataSource } from 'typeorm';

import { listenToStatements } from './statement-log';

/** What a piece of work sent to Postgres. */
export interface CountedStatements<T> {
  readonly result: T;
  /** Every statement in order, START TRANSACTION and COMMIT among them. */
  readonly statements: readonly string[];
}

/** Runs work and tells which statements this pool sent meanwhile, whoever sent them. For tests and benchmarks. */
export async function countStatements<T>(
  database: DataSource,
  work: () => Promise<T>,
): Promise<CountedStatements<T>> {
  const statements: string[] = [];
  const stop = watchStatements(database, (statement) => statements.push(statement));
  try {
    return { result: await work(), statements };
  } finally {
    stop();
  }
}

/** Calls the listener for every statement this pool sends from now on, until the returned function is called. */
export function watchStatements(database: DataSource, listener: (statement: string) => void): () => void {
  const before = database.logger;
  database.logger = listenToStatements((statement) => {
    before.logQuery(statement);
    listener(statement);
  });
  return () => {
    database.logger = before;
  };
}
