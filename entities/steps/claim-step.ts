import { rows, type Transaction } from '../sql';

/**
 * Takes the place of a step: true when it had not happened, in which case the caller's transaction makes it happen; false
 * when it had, or when an undo has taken its place. A second transaction with the same key waits for the first.
 */
export async function claimStep(transaction: Transaction, key: string): Promise<boolean> {
  const claimed = await rows(
    transaction,
    'INSERT INTO processed_steps (key) VALUES ($1) ON CONFLICT DO NOTHING RETURNING key',
    [key],
  );
  return claimed.length === 1;
}
