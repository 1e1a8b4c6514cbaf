import type { DataSource } from 'typeorm';

import { listenToStatements } from './statement-log';

/** A result, and the statements that were sent to get it. */
export interface CountedStatements<T> {
  readonly result: T;
  /** Every statement in order, including START TRANSACTION and COMMIT. */
  readonly statements: readonly string[];
}

/** Runs work and returns all statements that this pool sent meanwhile. For tests and benchmarks. */
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

/** Calls the listener for every statement that this pool sends, until the returned function is called. */
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
