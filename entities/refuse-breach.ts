import { AppError, type ErrorCode } from './errors';
import { breaksConstraint } from './sql';

/**
 * Runs a statement that a constraint may refuse, as a refusal of the shop. The transaction is over then.
 *
 * @param refusals the code for each constraint or unique index
 */
export async function refuseBreach<Result>(
  refusals: Readonly<Record<string, ErrorCode>>,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    const broken = Object.keys(refusals).find((constraint) => breaksConstraint(error, constraint));
    throw broken === undefined ? error : new AppError(refusals[broken]!, {}, { cause: error });
  }
}
