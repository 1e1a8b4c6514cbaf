import {
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';

import { readFailure, wasLost } from '../../../temporal/errors';
import { refusalFailure } from '../../../workflows/shared/refusal.contract';

const updateFailed = (cause: Error): WorkflowUpdateFailedError =>
  new WorkflowUpdateFailedError('Workflow Update failed', cause);

/** A failure of the gRPC library, as the client rethrows it. */
const grpc = (code: number): Error =>
  Object.assign(new Error('from gRPC'), { code, details: '', metadata: {} });

describe('Postgres is read again when', () => {
  test.each([
    [
      'the workflow is over and may not start again',
      new WorkflowExecutionAlreadyStartedError('over', 'id', 'checkout'),
    ],
    ['the workflow is gone', new WorkflowNotFoundError('gone', 'id', undefined)],
    [
      'the workflow ended while it was asked',
      updateFailed(
        ApplicationFailure.create({
          message: 'Workflow Update failed because the Workflow completed before the Update completed.',
          type: 'AcceptedUpdateCompletedWorkflow',
          nonRetryable: true,
        }),
      ),
    ],
  ])('%s', (_, error) => {
    expect(readFailure(error)).toEqual({ kind: 'read_again' });
  });
});

describe('the same call may be repeated when', () => {
  test.each([
    ['no worker took it before its deadline', new WorkflowUpdateRPCTimeoutOrCancelledError('deadline')],
    ['the service is away', new ServiceError('away')],
    ['the service itself says that it is away', grpc(14)],
    ["a workflow's task keeps failing", grpc(9)],
    ['the handler was cancelled', updateFailed(new CancelledFailure('cancelled'))],
    ['the handler failed unexpectedly', updateFailed(ApplicationFailure.retryable('oops', 'Error'))],
    ['the handler failed unexpectedly and for good', updateFailed(ApplicationFailure.nonRetryable('oops'))],
    [
      'an older worker does not know the update',
      updateFailed(ApplicationFailure.nonRetryable('no handler for buyerLeft', 'ReferenceError')),
    ],
  ])('%s', (_, error) => {
    expect(readFailure(error)).toEqual({
      kind: 'unavailable',
      cause: error instanceof WorkflowUpdateFailedError ? error.cause : error,
    });
  });
});

test('a message is sent again when the service dropped it with the task of its workflow, and not when the task fails', () => {
  const dropped = Object.assign(grpc(9), {
    details: 'Unable to perform workflow execution update due to unexpected workflow task failure.',
  });
  const rethrown = (cause: Error) => new ServiceError('Workflow Update failed', { cause });
  expect([dropped, grpc(9), grpc(14)].map((cause) => wasLost(rethrown(cause)))).toEqual([true, false, false]);
});

test('a refusal of the workflow is read with its code and details', () => {
  const cause = refusalFailure({ code: 'checkout.unit_limit', details: { limit: 3 } });

  expect(readFailure(updateFailed(cause))).toEqual({
    kind: 'refused',
    code: 'checkout.unit_limit',
    details: { limit: 3 },
  });
});

test.each([
  ['as the library reports it', grpc(3)],
  ['as the client reports it', new ServiceError('Failed to start Workflow', { cause: grpc(3) })],
])('a request that Temporal cannot take is a mistake of ours, not a service that is away: %s', (_, error) => {
  expect(() => readFailure(error)).toThrow(error);
});

test('anything else is a mistake of ours and is rethrown', () => {
  const mistake = new TypeError('undefined is not a function');

  expect(() => readFailure(mistake)).toThrow(mistake);
});
