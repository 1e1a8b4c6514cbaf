import { integer } from '../row-shape';
import { row, statement, type Transaction } from '../sql';

/** Messages keep their rows, without the code that they carried. */
const FORGET = statement<{ forgotten: number }>(
  `WITH due AS MATERIALIZED (
     SELECT id FROM verifications WHERE forget_at <= now() ORDER BY forget_at LIMIT 1000 FOR UPDATE SKIP LOCKED
   ), cut AS (
     UPDATE sms_messages SET verification_id = NULL WHERE verification_id IN (SELECT id FROM due)
   ), gone AS (
     DELETE FROM verifications WHERE id IN (SELECT id FROM due) RETURNING id
   ) SELECT count(*) AS forgotten FROM gone`,
  { forgotten: integer },
);

/** Removes codes of erased people that no limit counts any more. Returns how many. */
export async function forgetCodes(transaction: Transaction): Promise<number> {
  return (await row(transaction, FORGET))!.forgotten;
}
