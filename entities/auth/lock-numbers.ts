import { integer } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

/** The same locks as those of codes. */
const LOCK = statement<{ locked: number }>(
  `WITH ordered AS MATERIALIZED (SELECT phone FROM unnest($1::text[]) AS phone ORDER BY phone),
     locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended('code-number:' || phone, 0)) FROM ordered)
   SELECT count(*) AS locked FROM locked`,
  { locked: integer },
);

/**
 * Has everything that concerns these numbers wait, signing in too: between the question whether a number is free and its use
 * nobody takes it. It comes before the locks of rows.
 */
export async function lockNumbers(
  transaction: Transaction,
  phones: readonly (string | null)[],
): Promise<void> {
  await rows(transaction, LOCK, [phones.filter((phone) => phone !== null)]);
}
