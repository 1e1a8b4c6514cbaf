import {
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import { refusalIn, type Refusal } from '../workflows/shared/refusal.contract';

/** Why a call to a workflow has no answer. */
export type CallFailure =
  /** The workflow is over, gone, or ended during the call: only Postgres knows how things stand. */
  | { readonly kind: 'read_again' }
  /** The workflow refused. */
  | ({ readonly kind: 'refused' } & Refusal)
  /** No worker took the call before its deadline. The same call may be repeated. */
  | { readonly kind: 'unavailable'; readonly cause: unknown };

/** The request itself is wrong (https://grpc.io/docs/guides/status-codes/): a mistake of ours, and useless to repeat. */
const INVALID_ARGUMENT = 3;

/** Reads a failure of the client. Throws every other error on. */
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
 * Whether a worker completed the workflow's task without handling the message. The SDK's core rarely drops one when many
 * arrive at once. The service then rejects the message and the workflow never saw it, so sending it again is safe.
 */
export function wasLost(error: unknown): boolean {
  if (!(error instanceof WorkflowUpdateFailedError)) return false;
  return error.cause instanceof ApplicationFailure && error.cause.type === 'UnprocessedUpdate';
}

function isInvalid(error: Error): boolean {
  const told = isGrpcServiceError(error) ? error : error.cause;
  return isGrpcServiceError(told) && told.code === INVALID_ARGUMENT;
}

function readUpdateFailure({ cause }: WorkflowUpdateFailedError): CallFailure {
  const isOver = cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
  if (isOver) return { kind: 'read_again' };
  const refusal = refusalIn(cause);
  return refusal ? { kind: 'refused', ...refusal } : { kind: 'unavailable', cause };
}
