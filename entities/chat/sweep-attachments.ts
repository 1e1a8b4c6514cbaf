import { text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';

/** An object that serves nothing any more. */
export interface UselessObject {
  readonly id: string;
  readonly objectKey: string;
}

/** What was refused and what nobody has sent within an hour. Its name goes at once. */
const GIVE_UP = statement(
  `UPDATE attachments SET status = 'removed', failure = NULL, name = '', changed_at = now() WHERE id IN (
     SELECT id FROM attachments
     WHERE message_seq IS NULL AND status <> 'removed' AND changed_at < now() - interval '1 hour'
     ORDER BY changed_at LIMIT $1 FOR UPDATE SKIP LOCKED)`,
);

/** Some stores take an upload again until its signature has expired. */
const USELESS = statement<UselessObject>(
  `SELECT id, object_key AS "objectKey" FROM attachments
   WHERE message_seq IS NULL AND status = 'removed' AND object_key <> '' AND upload_expires_at < now()
   ORDER BY changed_at LIMIT $1`,
  { id: uuid, objectKey: text },
);

/** Gives up uploads that came to nothing, and lists the objects that can be removed from the store. */
export async function findUselessFiles(transaction: Transaction, limit: number): Promise<UselessObject[]> {
  await rows(transaction, GIVE_UP, [limit]);
  return rows(transaction, USELESS, [limit]);
}

/** For a day the row counts for what its person has uploaded. Its object is gone. */
const FORGET = statement(
  `UPDATE attachments SET object_key = '' WHERE id = ANY($1::uuid[]) AND status = 'removed'`,
);

const DELETE = statement(
  `DELETE FROM attachments WHERE id IN (
     SELECT id FROM attachments
     WHERE message_seq IS NULL AND status = 'removed' AND object_key = '' AND created_at < now() - interval '1 day' LIMIT 1000)`,
);

/** Forgets files whose objects were removed from the store. */
export async function forgetFiles(transaction: Transaction, ids: readonly string[]): Promise<void> {
  await rows(transaction, FORGET, [ids]);
  await rows(transaction, DELETE);
}
