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

/**
 * The messages to a number, to all its known devices, for an address or of the whole shop, in the last minute, hour and day, and the
 * oldest of each.
 */
interface Counted {
  readonly scope: 'number' | 'devices' | 'address' | 'all';
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly minuteSince: Date | null;
  readonly hourSince: Date | null;
  readonly daySince: Date | null;
  readonly newest: Date;
  readonly now: Date;
}

const within = (window: Window) => `at > statement_timestamp() - interval '1 ${window}'`;
const PART = 'greatest(sends, 1) AS messages, coalesce(last_sent_at, created_at) AS at FROM verifications';
/** Each sign-in may be one of a new device, so the known devices of a number together have no more than so many of them. */
const KNOWN_DEVICES = 5;
/** A code may be sent again as long as it lives. */
const CREATED_WITHIN = (window: Window) =>
  `created_at > statement_timestamp() - interval '1 ${window}' - interval '10 minutes'`;

/**
 * A code that was asked for counts as its first message from then on. All messages of a code count from its last one on. Each
 * part reads its own index. That of the whole shop reads at most as many entries as the limit of a day allows.
 */
const COUNT = statement<Counted>(
  `SELECT scope, statement_timestamp() AS now, max(at) AS newest,
     coalesce(sum(messages) FILTER (WHERE ${within('minute')}), 0) AS minute,
     coalesce(sum(messages) FILTER (WHERE ${within('hour')}), 0) AS hour,
     coalesce(sum(messages) FILTER (WHERE ${within('day')}), 0) AS day,
     min(at) FILTER (WHERE ${within('minute')}) AS "minuteSince",
     min(at) FILTER (WHERE ${within('hour')}) AS "hourSince",
     min(at) FILTER (WHERE ${within('day')}) AS "daySince"
   FROM (
     SELECT 'number' AS scope, ${PART}
     WHERE phone = $1 AND device_key IS NOT DISTINCT FROM $3 AND ${CREATED_WITHIN('day')}
     UNION ALL
     SELECT 'devices', ${PART}
     WHERE phone = $1 AND $3::text IS NOT NULL AND device_key IS NOT NULL AND ${CREATED_WITHIN('day')}
     UNION ALL
     SELECT 'address', ${PART} WHERE client_key = $2 AND ${CREATED_WITHIN('hour')}
     UNION ALL
     SELECT 'all', ${PART} WHERE ${CREATED_WITHIN('day')}
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

/** What is left of the messages that the shop may send: more than half, less, or nothing but what is kept for known devices. */
export type CodeBudget = 'ample' | 'half' | 'spent';

/** Whether a further message may go out, and how the shop's budget stands. */
export interface CodeAllowance {
  /** Of several reasons the one that lasts longest. */
  readonly refusal: AppError | undefined;
  /** Zero when a message may go out. */
  readonly waitSeconds: number;
  readonly budget: CodeBudget;
}

/**
 * Judges a further message with a code. The limits of the number and the address are exact while their locks are held. Askers
 * who come at once may exceed that of the whole shop by as many as they are.
 */
export async function judgeFurtherCode(
  transaction: Transaction,
  { phone, clientKey, deviceKey }: CodeAsker,
  limits: VerificationLimits,
): Promise<CodeAllowance> {
  const counted = await rows(transaction, COUNT, [phone, clientKey, deviceKey]);
  const refusals = counted.flatMap((scope) => refusalsOf(scope, deviceKey !== null, limits));
  const [longest] = refusals.toSorted((one, other) => other.waitMs - one.waitMs);
  const budget = budgetOf(
    counted.find(({ scope }) => scope === 'all'),
    limits,
  );
  if (!longest) return { refusal: undefined, waitSeconds: 0, budget };
  const waitSeconds = Math.max(1, Math.ceil(longest.waitMs / 1_000));
  const refusal = new AppError(longest.code, { retryAfterSeconds: waitSeconds });
  return { refusal, waitSeconds, budget };
}

/**
 * Refuses a further code.
 *
 * @throws AppError `auth.code_too_soon`, `auth.codes_too_many`, `request.too_many`, `auth.codes_exhausted`
 */
export async function refuseTooManyCodes(
  transaction: Transaction,
  asker: CodeAsker,
  limits: VerificationLimits,
): Promise<void> {
  const { refusal } = await judgeFurtherCode(transaction, asker, limits);
  if (refusal) throw refusal;
}

function budgetOf(all: Counted | undefined, limits: VerificationLimits): CodeBudget {
  const open = openTo(false, limits);
  const windows = Object.keys(open) as Window[];
  const used = (window: Window) => all?.[window] ?? 0;
  if (windows.some((window) => used(window) >= open[window])) return 'spent';
  return windows.some((window) => used(window) * 2 >= limits.inAll[window]) ? 'half' : 'ample';
}

/** What is kept for known devices is open to nobody else. */
function openTo(isKnown: boolean, { inAll, keptOneIn }: VerificationLimits): Record<Window, number> {
  const open = (most: number) => (isKnown ? most : most - Math.floor(most / keptOneIn));
  return { minute: open(inAll.minute), hour: open(inAll.hour), day: open(inAll.day) };
}

function refusalsOf(counted: Counted, isKnown: boolean, limits: VerificationLimits): Refusal[] {
  switch (counted.scope) {
    case 'number':
      return [...tooSoon(counted, limits), ...exceeded(counted, limits.perNumber, 'auth.codes_too_many')];
    case 'devices': {
      const { hour, day } = limits.perNumber;
      const most = { hour: hour * KNOWN_DEVICES, day: day * KNOWN_DEVICES };
      return exceeded(counted, most, 'auth.codes_too_many');
    }
    case 'address':
      return exceeded(counted, limits.perAddress, 'request.too_many');
    case 'all':
      return exceeded(counted, openTo(isKnown, limits), 'auth.codes_exhausted');
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
