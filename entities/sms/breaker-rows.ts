import { instant, integer, nullable, text, uuid } from '../row-shape';
import { row, rows, statement, type Transaction } from '../sql';
import { judgeBreaker, PROBE_LIMIT_MS, type BreakerState, type SendVerdict } from './judge-breaker';
import type { BreakerStatus, SmsOperation } from './sms-status';

/** A provider's operation: what one breaker guards. */
export interface Route {
  readonly provider: string;
  readonly operation: SmsOperation;
}

const PERMITS_PROBE = `((b.status = 'open' AND b.open_until <= now())
  OR (b.status = 'half_open' AND (b.probe_until IS NULL OR b.probe_until <= now())))`;

/** Whoever waited for another one's probe looks at the row again and takes none. */
const TAKE_PROBE = statement<{ provider: string }>(
  `UPDATE sms_breakers b SET status = 'half_open', probe_attempt_id = $3, changed_at = now(),
     probe_until = now() + ${PROBE_LIMIT_MS} * interval '1 millisecond'
   WHERE b.provider = $1 AND b.operation = $2 AND ${PERMITS_PROBE}
   RETURNING b.provider`,
  { provider: text },
);

const READ = statement<Route & { status: BreakerStatus; waitMs: number | null }>(
  `SELECT b.provider, b.operation, b.status,
     CASE WHEN b.status <> 'closed' THEN
       greatest(ceil(extract(epoch FROM coalesce(b.probe_until, b.open_until) - now()) * 1000), 0)::bigint
     END AS "waitMs"
   FROM sms_breakers b`,
  { provider: text, operation: text, status: text, waitMs: nullable(integer) },
);

/** Every breaker that has a row, with how long it lets nothing through. All other breakers are closed. */
export function readBreakers(
  transaction: Transaction,
): Promise<(Route & { status: BreakerStatus; waitMs: number | null })[]> {
  return rows(transaction, READ);
}

/** Takes the right to probe for an attempt. False when another one has it, or when it is too early. */
export async function takeProbe(
  transaction: Transaction,
  { provider, operation }: Route,
  attemptId: string,
): Promise<boolean> {
  return (await rows(transaction, TAKE_PROBE, [provider, operation, attemptId])).length === 1;
}

const MAKE = statement(
  'INSERT INTO sms_breakers (provider, operation) VALUES ($1, $2) ON CONFLICT DO NOTHING',
);

const LOCK = statement<BreakerState & { now: Date }>(
  `SELECT status, failures, window_began_at AS "windowBeganAt", window_calls AS "windowCalls",
     window_failures AS "windowFailures", openings, open_until AS "openUntil", good_probes AS "goodProbes",
     probe_attempt_id AS "probeAttemptId", probe_until AS "probeUntil", clock_timestamp() AS now
   FROM sms_breakers WHERE provider = $1 AND operation = $2 FOR UPDATE`,
  {
    status: text,
    failures: integer,
    windowBeganAt: instant,
    windowCalls: integer,
    windowFailures: integer,
    openings: integer,
    openUntil: nullable(instant),
    goodProbes: integer,
    probeAttemptId: nullable(uuid),
    probeUntil: nullable(instant),
    now: instant,
  },
);

const STORE = statement(
  `UPDATE sms_breakers SET status = $3::varchar, failures = $4, window_began_at = $5, window_calls = $6, window_failures = $7,
     openings = $8, open_until = $9, good_probes = $10, probe_attempt_id = $11, probe_until = $12,
     reason = CASE WHEN $3::varchar = 'closed' THEN NULL WHEN $3::varchar = 'open' THEN coalesce($13, reason) ELSE reason END,
     changed_at = CASE WHEN status <> $3::varchar THEN now() ELSE changed_at END
   WHERE provider = $1 AND operation = $2`,
);

/** Lets the breaker know of a send, by the clock of the database. */
export async function noteSend(
  transaction: Transaction,
  { provider, operation }: Route,
  verdict: SendVerdict,
  reason: string | undefined,
): Promise<void> {
  let found = await row(transaction, LOCK, [provider, operation]);
  if (!found) {
    await rows(transaction, MAKE, [provider, operation]);
    found = await row(transaction, LOCK, [provider, operation]);
  }
  const { now, ...before } = found!;
  const after = judgeBreaker(before, verdict, now);
  if (after === before) return;
  await rows(transaction, STORE, [
    provider,
    operation,
    after.status,
    after.failures,
    after.windowBeganAt,
    after.windowCalls,
    after.windowFailures,
    after.openings,
    after.openUntil,
    after.goodProbes,
    after.probeAttemptId,
    after.probeUntil,
    reason ?? null,
  ]);
}
