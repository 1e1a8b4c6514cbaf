import { AppError, type ErrorCode, type ErrorDetails } from '../../entities/errors';
import { postgresCode } from '../../platform/postgres-errors';

/** The refusal of something that must not work. Any other failure is thrown. */
export async function refusalOf(
  work: Promise<unknown>,
): Promise<{ readonly code: ErrorCode; readonly details: ErrorDetails }> {
  const error = await failureOf(work);
  if (!(error instanceof AppError)) throw error;
  return { code: error.code, details: error.details };
}

/** The code of that refusal. */
export async function codeOf(work: Promise<unknown>): Promise<ErrorCode> {
  return (await refusalOf(work)).code;
}

/** How Postgres refused something that must not work: the name of the constraint, or the message of a trigger. */
export async function guardOf(work: Promise<unknown>): Promise<string> {
  const error = await failureOf(work);
  if (!postgresCode(error)?.startsWith('23')) throw error;
  const { constraint, message } = (error as { driverError: { constraint?: string; message: string } })
    .driverError;
  return constraint ?? message;
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (!outcome) throw new Error('nobody refused it');
  return outcome.error;
}
