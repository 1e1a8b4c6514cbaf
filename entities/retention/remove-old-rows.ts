import { integer, nullable, uuid } from '../row-shape';
import { row, statement, type Statement, type Transaction } from '../sql';
import { PAGE, type RemovedPage } from './page';

interface Removed {
  readonly removed: number;
}

/** @param before other parts of the statement, which the removal reads */
const removal = (text: string, before = ''): Statement<Removed> =>
  statement<Removed>(`WITH ${before} gone AS (${text} RETURNING 1) SELECT count(*) AS removed FROM gone`, {
    removed: integer,
  });

const DAYS = `now() - $1 * interval '1 day'`;

const STEP_KEYS = removal(
  `DELETE FROM processed_steps WHERE key IN (
     SELECT key FROM processed_steps WHERE created_at < ${DAYS} LIMIT ${PAGE})`,
);

const CALLBACKS = removal(
  `DELETE FROM payment_callbacks WHERE id IN (
     SELECT id FROM payment_callbacks
     WHERE received_at < ${DAYS} AND processed_at < ${DAYS} LIMIT ${PAGE} FOR UPDATE SKIP LOCKED)`,
);

/** Long over, whether its person signed out or never came back. */
const SESSIONS = removal(
  `DELETE FROM sessions WHERE id IN (
     SELECT id FROM sessions WHERE signed_in_at < ${DAYS} AND least(ended_at, idle_until, ends_at) < ${DAYS}
     LIMIT ${PAGE} FOR UPDATE SKIP LOCKED)`,
);

/** Limits count the codes of a day. Sessions and changes of number name theirs; those stay as long as these do. */
const CODES = removal(
  'DELETE FROM verifications WHERE id IN (SELECT id FROM due)',
  `due AS MATERIALIZED (
     SELECT id FROM verifications v WHERE created_at < ${DAYS}
       AND NOT EXISTS (SELECT FROM sessions WHERE verification_id = v.id)
       AND NOT EXISTS (SELECT FROM number_changes WHERE new_verification_id = v.id)
       AND NOT EXISTS (SELECT FROM number_changes WHERE old_verification_id = v.id)
     ORDER BY created_at LIMIT ${PAGE} FOR UPDATE SKIP LOCKED
   ), cut AS (
     UPDATE sms_messages SET verification_id = NULL WHERE verification_id IN (SELECT id FROM due)
   ),`,
);

const JOB_RUNS = removal(
  `DELETE FROM job_runs WHERE id IN (
     SELECT r.id FROM job_runs r WHERE started_at < ${DAYS} AND state <> 'running'
       AND EXISTS (SELECT FROM job_runs n WHERE n.job = r.job AND n.state = r.state AND n.started_at > r.started_at)
     LIMIT ${PAGE})`,
);

/** Removes a page of old rows. Its next page is the same statement. */
const simply =
  (removed: Statement<Removed>) =>
  async (transaction: Transaction, days: number): Promise<RemovedPage> => {
    const found = await row(transaction, removed, [days]);
    return { removed: found!.removed, next: found!.removed < PAGE ? null : '' };
  };

/** Removes keys of steps that nothing repeats any more. */
export const removeStepKeys = simply(STEP_KEYS);
/** Removes callbacks that were processed long ago. */
export const removeCallbacks = simply(CALLBACKS);
/** Removes sessions that ended long ago. */
export const removeSessions = simply(SESSIONS);
/** Removes old codes that nothing names. Messages that carried them keep their rows. */
export const removeCodes = simply(CODES);
/** Removes old runs of jobs, but the last of each state of each job. */
export const removeJobRuns = simply(JOB_RUNS);

const CARTS = statement<{ removed: number; seen: number; lastId: string | null }>(
  `WITH page AS MATERIALIZED (
     SELECT id FROM carts WHERE id > $2::uuid ORDER BY id LIMIT ${PAGE}
   ), gone AS (
     DELETE FROM carts c WHERE c.id IN (SELECT id FROM page) AND c.updated_at < ${DAYS}
       AND NOT EXISTS (SELECT FROM orders o WHERE o.cart_id = c.id)
     RETURNING 1
   )
   SELECT (SELECT count(*) FROM gone) AS removed, (SELECT count(*) FROM page) AS seen,
     (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS "lastId"`,
  { removed: integer, seen: integer, lastId: nullable(uuid) },
);

const FIRST = '00000000-0000-0000-0000-000000000000';

/** Removes carts of a page, by their ids, that nobody has changed for so long and that no order names. */
export async function removeCarts(
  transaction: Transaction,
  days: number,
  after: string | null,
): Promise<RemovedPage> {
  const found = await row(transaction, CARTS, [days, after ?? FIRST]);
  const { removed, seen, lastId } = found!;
  return { removed, next: seen < PAGE ? null : lastId };
}
