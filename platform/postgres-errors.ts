/** Deadlock, serialisation failure, and prepared statements that a migration has made invalid. */
const RUN_AGAIN = new Set(['40P01', '40001', '0A000', '26000', '42P05']);

/** Time-outs, full or stopping servers, lost connections: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const AWAY = /^(08...|53...|57P0[1-5]|57014|55P03|25P03|25P04)$/;
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);
const LOST =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/;

/** The SQLSTATE or network code of an error or of the error that it wraps; undefined when there is none. */
export function postgresCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = innerError(cause)) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string') return code;
  }
  return undefined;
}

/** The name of the constraint that a statement would have broken; undefined when that was not the error. */
export function violatedConstraint(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = innerError(cause)) {
    const { constraint } = cause as { constraint?: unknown };
    if (typeof constraint === 'string') return constraint;
  }
  return undefined;
}

/** Whether the same transaction may succeed when run again, because it collided with another one or with a migration. */
export function isRetryable(error: unknown): boolean {
  return RUN_AGAIN.has(postgresCode(error) ?? '');
}

/** Whether Postgres was away, overloaded or too slow, and did not refuse the statement. */
export function isPostgresAway(error: unknown): boolean {
  const code = postgresCode(error);
  if (code !== undefined) return AWAY.test(code) || NETWORK.has(code);
  return error instanceof Error && LOST.test(error.message);
}

/** Whether Postgres could not read a value (class 22 of its codes) that validation let pass. */
export function isUnstorable(error: unknown): boolean {
  return /^22(021|P02|P05|003)$/.test(postgresCode(error) ?? '');
}

function innerError(error: Error): unknown {
  return (error as { driverError?: unknown }).driverError ?? error.cause;
}
