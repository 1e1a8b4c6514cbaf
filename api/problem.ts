import { AppError, ERRORS, type ErrorCode, type ErrorDetails, type FieldError } from '../entities/errors';
import { isPostgresAway, postgresCode } from '../platform/postgres-errors';

/** RFC 9457, with our stable `code`, the request's id and the details of the refusal. */
export interface Problem extends ErrorDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly requestId: string;
}

const MOST_ERRORS = 20;
const LONGEST_NAME = 100;

/** A refusal that names each wrong field. It is cut, so that an answer is not larger than its request. */
export function invalidRequest(errors: readonly FieldError[]): AppError {
  const told = errors.slice(0, MOST_ERRORS).map((error) => ({
    ...error,
    field: error.field.slice(0, LONGEST_NAME),
    detail: error.detail.slice(0, 2 * LONGEST_NAME),
  }));
  return new AppError('request.invalid', { errors: told });
}

/** The body of the answer to a refusal. */
export function problemOf(error: AppError, requestId: string): Problem {
  const { status, title } = ERRORS[error.code];
  return { ...error.details, type: `/problems/${error.code}`, title, status, code: error.code, requestId };
}

/**
 * Any failure as a refusal that may be sent. An unexpected one becomes `service.failed`, or `service.unavailable` when Postgres
 * was away; its cause is not sent.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = codeOfHttpError(error);
  if (code) return new AppError(code, {}, { cause: error });
  if (isUnstorable(error)) {
    return new AppError(
      'request.invalid',
      { errors: [{ in: 'body', field: '', rule: 'storable', detail: 'a value cannot be stored' }] },
      { cause: error },
    );
  }
  return new AppError(isPostgresAway(error) ? 'service.unavailable' : 'service.failed', {}, { cause: error });
}

/** Errors of Koa and its parsers have a 4xx status when the caller was wrong. */
function codeOfHttpError(error: unknown): ErrorCode | undefined {
  const { status, expose } = (error ?? {}) as { status?: unknown; expose?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499 || expose === false) return undefined;
  if (status === 404) return 'route.not_found';
  if (status === 405) return 'route.method_not_allowed';
  if (status === 413) return 'request.too_large';
  if (status === 415) return 'request.unsupported_media_type';
  return 'request.malformed';
}

/** Whether Postgres could not read a value (class 22 of its codes) that validation let pass. */
function isUnstorable(error: unknown): boolean {
  return /^22(021|P02|P05|003)$/.test(postgresCode(error) ?? '');
}
