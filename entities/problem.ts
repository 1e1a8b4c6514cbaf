import { AppError, ERRORS, type ErrorCode, type ErrorDetails, type FieldError } from './errors';

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
export function invalidRequest(errors: readonly FieldError[], cause?: unknown): AppError {
  const told = errors.slice(0, MOST_ERRORS).map((error) => ({
    ...error,
    field: error.field.slice(0, LONGEST_NAME),
    detail: error.detail.slice(0, 2 * LONGEST_NAME),
  }));
  return new AppError('request.invalid', { errors: told }, { cause });
}

/** Postgres could not read a value that validation let pass. */
export function unstorableValue(cause: unknown): AppError {
  const error = { in: 'body', field: '', rule: 'storable', detail: 'a value cannot be stored' } as const;
  return invalidRequest([error], cause);
}

/** What a caller is told of a refusal. */
export function problemOf(error: AppError, requestId: string): Problem {
  const { status, title } = ERRORS[error.code];
  return { ...error.details, type: `/problems/${error.code}`, title, status, code: error.code, requestId };
}
