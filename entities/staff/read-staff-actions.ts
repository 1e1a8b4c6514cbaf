import type { Action } from '../auth/policy';
import { instant, integer, json, nullable, text, uuid } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { ActedOn } from './staff-action';

/** Something that somebody of the staff has done. */
export interface RecordedAction {
  readonly id: number;
  readonly accountId: string;
  readonly sessionId: string;
  readonly action: Action;
  readonly objectType: ActedOn;
  readonly objectId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  readonly at: Date;
}

const READ = statement<RecordedAction>(
  `SELECT id, account_id AS "accountId", session_id AS "sessionId", action, object_type AS "objectType",
     object_id AS "objectId", details, request_id AS "requestId", at
   FROM staff_actions WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
  {
    id: integer,
    accountId: uuid,
    sessionId: uuid,
    action: text,
    objectType: text,
    objectId: nullable(uuid),
    details: json<Record<string, unknown>>(),
    requestId: text,
    at: instant,
  },
);

/** What staff have done, the newest first. */
export function readStaffActions(
  transaction: Transaction,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<RecordedAction[]> {
  return rows(transaction, READ, [before, limit]);
}
