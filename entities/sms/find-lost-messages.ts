import { boolean, integer, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';

/** How old unfinished business must be before its workflow is looked after, in milliseconds. */
export interface LostMessageSearch {
  /** A report that nobody has judged. */
  readonly reportsOlderThanMs: number;
  /** A message on which a running workflow may still be working. */
  readonly overdueByMs: number;
  readonly limit: number;
}

/** A message whose workflow may be missing, or has missed a report. */
export interface LostMessage {
  readonly messageId: string;
  readonly hasReport: boolean;
}

const FIND = statement<LostMessage>(
  `WITH unfinished AS (
     SELECT m.id, m.woken_at, m.wakes, EXISTS (
       SELECT 1 FROM sms_reports r WHERE r.message_id = m.id AND r.processed_at IS NULL
     ) AS has_report
     FROM sms_messages m
     WHERE m.finished_at IS NULL AND m.created_at < now() - $2 * interval '1 millisecond'
     UNION
     SELECT m.id, m.woken_at, m.wakes, true
     FROM sms_messages m JOIN sms_reports r ON r.message_id = m.id
     WHERE r.processed_at IS NULL AND r.received_at < now() - $1 * interval '1 millisecond'
   ), due AS (
     SELECT id, bool_or(has_report) AS has_report FROM unfinished
     WHERE woken_at IS NULL OR woken_at < now() - least($2 * 2 ^ least(wakes - 1, 10), 600000) * interval '1 millisecond'
     GROUP BY id, woken_at ORDER BY woken_at NULLS FIRST LIMIT $3
   )
   UPDATE sms_messages m SET woken_at = now(),
     wakes = CASE WHEN m.woken_at < now() - interval '1 hour' THEN 1 ELSE m.wakes + 1 END
   FROM due WHERE m.id = due.id
   RETURNING m.id AS "messageId", due.has_report AS "hasReport"`,
  { messageId: uuid, hasReport: boolean },
);

/**
 * Finds messages that are not over, and reports that nobody has judged, and notes that they are looked after. One that stays so
 * is found less and less often, at least every ten minutes.
 */
export function findLostMessages(
  transaction: Transaction,
  search: LostMessageSearch,
): Promise<LostMessage[]> {
  return rows(transaction, FIND, [search.reportsOlderThanMs, search.overdueByMs, search.limit]);
}

const ERASE = statement<{ erased: number }>(
  `WITH erased AS (
     UPDATE sms_messages SET variables = NULL
     WHERE kind = 'code' AND variables IS NOT NULL AND expires_at < now()
     RETURNING id
   ) SELECT count(*) AS erased FROM erased`,
  { erased: integer },
);

/** Erases the codes whose lifetime has passed, also of messages without a workflow. Returns how many. */
export async function eraseExpiredCodes(transaction: Transaction): Promise<number> {
  return (await row(transaction, ERASE))!.erased;
}
