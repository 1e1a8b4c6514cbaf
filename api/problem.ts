import { AppError, type ErrorCode } from '../entities/errors';
import { unstorableValue } from '../entities/problem';
import { isPostgresAway, isUnstorable } from '../platform/postgres-errors';

/**
 * Any failure as a refusal that may be sent. An unexpected one becomes `service.failed`, or `service.unavailable` when Postgres
 * was away; its cause is not sent.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = codeOfHttpError(error);
  if (code) return new AppError(code, {}, { cause: error });
  if (isUnstorable(error)) return unstorableValue(error);
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
