import {
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

import type { ErrorCode, ErrorDetails } from '../entities/errors';

/** What became of a call to a workflow, when it was no plain answer. */
export type CallFailure =
  /** The workflow is over, gone, or ended while it was asked: only Postgres knows how things stand. */
  | { readonly kind: 'read_again' }
  /** The workflow said no. */
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly details: ErrorDetails }
  /** Nobody took the call before its deadline: the same call may be repeated. */
  | { readonly kind: 'unavailable'; readonly cause: unknown };

/** The request itself is wrong (https://grpc.io/docs/guides/status-codes/): that is ours to mend, repeating it is useless. */
const INVALID_ARGUMENT = 3;

/** Reads the failures of the client; anything that is none of them is thrown on. */
export function readFailure(error: unknown): CallFailure {
  if (error instanceof WorkflowExecutionAlreadyStartedError || error instanceof WorkflowNotFoundError) {
    return { kind: 'read_again' };
  }
  if (error instanceof WorkflowUpdateFailedError) return readUpdateFailure(error);
  const isOfService = error instanceof ServiceError || isGrpcServiceError(error);
  const isLate = error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
  if (isLate || (isOfService && !isInvalid(error))) return { kind: 'unavailable', cause: error };
  throw error;
}

/**
 * Whether a worker answered the workflow's task without a word about the message (the SDK's core drops one now and then when
 * many come at once). The service turns it away then, and the workflow never saw it: to send it again does nothing twice.
 */
export function wasLost(error: unknown): boolean {
  if (!(error instanceof WorkflowUpdateFailedError)) return false;
  return error.cause instanceof ApplicationFailure && error.cause.type === 'UnprocessedUpdate';
}

function isInvalid(error: Error): boolean {
  const told = isGrpcServiceError(error) ? error : error.cause;
  return isGrpcServiceError(told) && told.code === INVALID_ARGUMENT;
}

/** Refusals of a workflow are expected (`BENIGN`), and nothing else is; their type is a code of the error catalogue. */
function readUpdateFailure({ cause }: WorkflowUpdateFailedError): CallFailure {
  if (!(cause instanceof ApplicationFailure)) return { kind: 'unavailable', cause };
  if (cause.type === 'AcceptedUpdateCompletedWorkflow') return { kind: 'read_again' };
  if (cause.category !== ApplicationFailureCategory.BENIGN) return { kind: 'unavailable', cause };
  const details = (cause.details?.[0] ?? {}) as ErrorDetails;
  return { kind: 'refused', code: cause.type as ErrorCode, details };
}
