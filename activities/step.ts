import type { DataSource } from 'typeorm';

import { AppError } from '../entities/errors';
import type { Transaction } from '../entities/sql';
import { claimStep } from '../entities/steps/claim-step';
import { withTransaction } from '../platform/transaction';
import { refusalFailure } from '../workflows/shared/refusal.contract';

type Operation<Input, Result> = (transaction: Transaction, input: Input) => Promise<Result>;

/** Wraps operations of `entities/` as steps of a workflow. */
export interface Steps {
  /** One transaction. For operations that compare and set: repeating them changes nothing. */
  step<Input, Result>(operation: Operation<Input, Result>): (input: Input) => Promise<Result>;
  /**
   * One transaction that takes effect once per key. If an earlier attempt or an undo has taken the key, nothing changes and
   * `current` reads how things stand now.
   */
  stepOnce<Input, Result>(
    operation: Operation<Input, Result>,
    current: Operation<Input, Result>,
  ): (input: Input & { readonly key: string }) => Promise<Result>;
}

/** Opens the transactions that operations never open themselves, and turns their refusals into typed failures. */
export function createSteps(database: DataSource): Steps {
  const run = <Result>(work: (transaction: Transaction) => Promise<Result>) =>
    withTransaction(database, work).catch(throwTyped);
  return {
    step: (operation) => (input) => run((transaction) => operation(transaction, input)),
    stepOnce: (operation, current) => (input) =>
      run(async (transaction) => {
        const first = await claimStep(transaction, input.key);
        return first ? operation(transaction, input) : current(transaction, input);
      }),
  };
}

/** A refusal becomes a failure that Temporal neither retries nor counts as an error. */
function throwTyped(error: unknown): never {
  throw error instanceof AppError ? refusalFailure(error) : error;
}
