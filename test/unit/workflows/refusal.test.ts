import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TimeoutFailure,
  TimeoutType,
} from '@temporalio/common';
import { describe, expect, test } from 'vitest';

import { refusalFailure, refusalIn } from '../../../workflows/shared/refusal.contract';

const outOfStock = ApplicationFailure.create({
  message: 'There is not enough stock for these lines.',
  type: 'checkout.out_of_stock',
  nonRetryable: true,
  category: 'BENIGN',
  details: [{ lines: [{ sku: 'SKU-1' }] }],
});

const ofRegularStep = (cause: Error): ActivityFailure =>
  new ActivityFailure(
    'Activity task failed',
    'placeOrder',
    '1',
    RetryState.NON_RETRYABLE_FAILURE,
    'worker',
    cause,
  );

describe('a refusal', () => {
  const refusal = { code: 'checkout.out_of_stock', details: { lines: [{ sku: 'SKU-1' }] } };

  test('is read from a local step, whose failure arrives bare', () => {
    expect(refusalIn(outOfStock)).toEqual(refusal);
  });

  test('is read from a regular step, whose failure arrives wrapped', () => {
    expect(refusalIn(ofRegularStep(outOfStock))).toEqual(refusal);
  });

  test('needs no details', () => {
    const bare = ApplicationFailure.create({ type: 'cart.empty', nonRetryable: true, category: 'BENIGN' });

    expect(refusalIn(bare)).toEqual({ code: 'cart.empty', details: {} });
  });

  test('survives the way to the caller of the workflow', () => {
    const failure = refusalFailure({ code: 'cart.empty', details: { version: 3 } });

    expect(failure).toMatchObject({ type: 'cart.empty', nonRetryable: true, category: 'BENIGN' });
    expect(refusalIn(failure)).toEqual({ code: 'cart.empty', details: { version: 3 } });
  });
});

describe('none of these is a refusal:', () => {
  test.each([
    ['a time-out', ofRegularStep(new TimeoutFailure('too slow', undefined, TimeoutType.START_TO_CLOSE))],
    ['a cancellation', ofRegularStep(new CancelledFailure('cancelled'))],
    ['a fault that may be retried', ApplicationFailure.retryable('lost the connection', 'Error')],
    [
      'an unexpected failure that is not retried',
      ApplicationFailure.nonRetryable('something', 'NotFoundError'),
    ],
    ['a mistake in the code', new TypeError('undefined is not a function')],
    ['nothing at all', undefined],
  ])('%s', (_, error) => {
    expect(refusalIn(error)).toBeUndefined();
  });
});
