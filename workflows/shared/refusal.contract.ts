import { ActivityFailure, ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

import type { ErrorCode, ErrorDetails } from '../../entities/errors';

/**
 * A refusal of the shop. It crosses from an operation to its activity, from there to the workflow, and from the workflow
 * to its caller. This file is the only place that encodes and decodes it.
 */
export interface Refusal {
  readonly code: ErrorCode;
  readonly details: RefusalDetails;
}

/** What a workflow tells its caller besides what the buyer is told. */
export interface RefusalDetails extends ErrorDetails {
  /** The request that was refused, where the refusal is remembered. */
  readonly requestDigest?: string;
  /** The attempt that an operator named. */
  readonly attemptId?: string;
}

/**
 * Encodes a refusal as a failure of an activity or an update. Refusals are expected: Temporal does not retry them and does
 * not log or count them as errors (`BENIGN`). No other failure of ours has this category.
 */
export function refusalFailure({ code, details }: Refusal): ApplicationFailure {
  return ApplicationFailure.create({
    message: code,
    type: code,
    nonRetryable: true,
    category: 'BENIGN',
    details: [details],
  });
}

/** Decodes a refusal. A failure of a local activity or an update arrives bare, one of a regular activity wrapped. */
export function refusalIn(error: unknown): Refusal | undefined {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  if (!(failure instanceof ApplicationFailure) || failure.category !== ApplicationFailureCategory.BENIGN) {
    return undefined;
  }
  return { code: failure.type as ErrorCode, details: failure.details?.[0] ?? {} };
}
