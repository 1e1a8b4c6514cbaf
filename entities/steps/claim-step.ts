import { text } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

const CLAIM = statement<{ key: string }>(
  'INSERT INTO processed_steps (key) VALUES ($1) ON CONFLICT DO NOTHING RETURNING key',
  { key: text },
);

/**
 * Claims a step. True when it has not happened: the caller's transaction makes it happen. False when it has, or when an undo
 * has claimed it. A second transaction with the same key waits for the first.
 */
export async function claimStep(transaction: Transaction, key: string): Promise<boolean> {
  const claimed = await rows(transaction, CLAIM, [key]);
  return claimed.length === 1;
}
