import { ActivityFailure, ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

import type { ErrorCode, ErrorDetails } from '../../entities/errors';

/** A refusal of the shop, as it crosses from a step into a workflow and from a workflow to its asker. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
}

/**
 * The refusal in what a step threw, if it is one. A local step's failure arrives bare, a regular step's wrapped; both are
 * expected (`BENIGN`), and nothing else is: then their type is a code of the error catalogue.
 */
export function refusalIn(error: unknown): Refusal | undefined {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  if (!(failure instanceof ApplicationFailure) || failure.category !== ApplicationFailureCategory.BENIGN) {
    return undefined;
  }
  return { code: failure.type as ErrorCode, details: (failure.details?.[0] ?? {}) as ErrorDetails };
}

/** The refusal as the failure of an update: expected, so neither logged as an error nor counted as one. */
export function refusalFailure({ code, details }: Refusal): ApplicationFailure {
  return ApplicationFailure.create({
    message: code,
    type: code,
    nonRetryable: true,
    category: 'BENIGN',
    details: [details],
  });
}
