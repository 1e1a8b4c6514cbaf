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

/** The service could not do it in this state. */
const FAILED_PRECONDITION = 9;

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
 * Whether the message got lost on its way, so that sending it again is safe. A worker completed the workflow's task without
 * handling it: the SDK's core rarely drops one when many arrive at once. Or the workflow ended in the task that served it, and
 * something else arrived meanwhile, a child's end for example: the service drops the task with the message.
 */
export function wasLost(error: unknown): boolean {
  if (error instanceof ServiceError) return wasDropped(error);
  if (!(error instanceof WorkflowUpdateFailedError)) return false;
  return error.cause instanceof ApplicationFailure && error.cause.type === 'UnprocessedUpdate';
}

function wasDropped({ cause }: ServiceError): boolean {
  if (!isGrpcServiceError(cause) || cause.code !== FAILED_PRECONDITION) return false;
  return /unexpected workflow task failure/.test(cause.details);
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
