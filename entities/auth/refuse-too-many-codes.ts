import { AppError, type ErrorCode } from '../errors';
import { instant, integer, nullable, text } from '../row-shape';
import { rows, statement, type Transaction } from '../sql';
import type { VerificationLimits } from './verification-limits';

/** Who asks for a code, for which number. */
export interface CodeAsker {
  /** E.164. */
  readonly phone: string;
  readonly clientKey: string;
  readonly deviceKey: string | null;
}

const SECONDS = { minute: 60, hour: 3_600, day: 86_400 } as const;
type Window = keyof typeof SECONDS;

/** The codes of a number, an address or the whole shop, in the last minute, hour and day, and the oldest of each. */
interface Counted {
  readonly scope: 'number' | 'address' | 'all';
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly minuteSince: Date | null;
  readonly hourSince: Date | null;
  readonly daySince: Date | null;
  readonly newest: Date;
  readonly now: Date;
}

/** Each part reads its own index. That of the whole shop reads at most as many entries as the limit of a day allows. */
const COUNT = statement<Counted>(
  `SELECT scope, statement_timestamp() AS now, max(created_at) AS newest,
     count(*) FILTER (WHERE created_at > statement_timestamp() - interval '1 minute') AS minute,
     count(*) FILTER (WHERE created_at > statement_timestamp() - interval '1 hour') AS hour,
     count(*) AS day,
     min(created_at) FILTER (WHERE created_at > statement_timestamp() - interval '1 minute') AS "minuteSince",
     min(created_at) FILTER (WHERE created_at > statement_timestamp() - interval '1 hour') AS "hourSince",
     min(created_at) AS "daySince"
   FROM (
     SELECT 'number' AS scope, created_at FROM verifications
     WHERE phone = $1 AND device_key IS NOT DISTINCT FROM $3
       AND created_at > statement_timestamp() - interval '1 day'
     UNION ALL
     SELECT 'address', created_at FROM verifications
     WHERE client_key = $2 AND created_at > statement_timestamp() - interval '1 hour'
     UNION ALL
     SELECT 'all', created_at FROM verifications WHERE created_at > statement_timestamp() - interval '1 day'
   ) AS counted GROUP BY scope`,
  {
    scope: text,
    minute: integer,
    hour: integer,
    day: integer,
    minuteSince: nullable(instant),
    hourSince: nullable(instant),
    daySince: nullable(instant),
    newest: instant,
    now: instant,
  },
);

interface Refusal {
  readonly code: ErrorCode;
  /** When it may be over at the earliest, in milliseconds from now. */
  readonly waitMs: number;
}

/**
 * Refuses a further code. Of several reasons the one that lasts longest is told. The limits of the number and the address are
 * exact, because their locks are held. Askers who come at once may exceed that of the whole shop by as many as they are.
 *
 * @throws AppError `auth.code_too_soon`, `auth.codes_too_many`, `request.too_many`, `auth.codes_exhausted`
 */
export async function refuseTooManyCodes(
  transaction: Transaction,
  { phone, clientKey, deviceKey }: CodeAsker,
  limits: VerificationLimits,
): Promise<void> {
  const counted = await rows(transaction, COUNT, [phone, clientKey, deviceKey]);
  const refusals = counted.flatMap((scope) => refusalsOf(scope, deviceKey !== null, limits));
  const [longest] = refusals.toSorted((one, other) => other.waitMs - one.waitMs);
  if (!longest) return;
  throw new AppError(longest.code, { retryAfterSeconds: Math.max(1, Math.ceil(longest.waitMs / 1_000)) });
}

function refusalsOf(counted: Counted, isKnown: boolean, limits: VerificationLimits): Refusal[] {
  switch (counted.scope) {
    case 'number':
      return [...tooSoon(counted, limits), ...exceeded(counted, limits.perNumber, 'auth.codes_too_many')];
    case 'address':
      return exceeded(counted, limits.perAddress, 'request.too_many');
    case 'all': {
      const { minute, hour, day } = limits.inAll;
      const open = (most: number) => (isKnown ? most : most - Math.floor(most / limits.keptOneIn));
      return exceeded(
        counted,
        { minute: open(minute), hour: open(hour), day: open(day) },
        'auth.codes_exhausted',
      );
    }
  }
}

function exceeded(counted: Counted, most: Partial<Record<Window, number>>, code: ErrorCode): Refusal[] {
  return (Object.keys(most) as Window[])
    .filter((window) => counted[window] >= most[window]!)
    .map((window) => {
      const since = counted[`${window}Since`] ?? counted.now;
      return { code, waitMs: since.getTime() + SECONDS[window] * 1_000 - counted.now.getTime() };
    });
}

/** The pause grows with the codes of the last hour. */
function tooSoon({ hour, newest, now }: Counted, { waitSeconds }: VerificationLimits): Refusal[] {
  const pause = waitSeconds[Math.min(hour, waitSeconds.length) - 1] ?? 0;
  const waitMs = newest.getTime() + pause * 1_000 - now.getTime();
  return waitMs > 0 ? [{ code: 'auth.code_too_soon', waitMs }] : [];
}
