import { integer } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

const LOCK = statement<{ locked: number }>(
  `WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('recommendations', 0)))
   SELECT count(*) AS locked FROM locked`,
  { locked: integer },
);

/** One computation at a time: two would each insert what the other has replaced. */
export async function lockRecommendations(transaction: Transaction): Promise<void> {
  await rows(transaction, LOCK);
}
