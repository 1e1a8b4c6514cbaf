import { AppError } from '../entities/errors';
import { unstorableValue } from '../entities/problem';
import { isPostgresAway, isUnstorable } from '../platform/postgres-errors';

/** Any failure as a refusal that may be sent. The cause of an unexpected one is not sent. */
export function refusalOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isUnstorable(error)) return unstorableValue(error);
  return new AppError(isPostgresAway(error) ? 'service.unavailable' : 'service.failed', {}, { cause: error });
}
