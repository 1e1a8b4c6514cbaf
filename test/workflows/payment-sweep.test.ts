import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { PAYMENT_QUEUE } from '../../workflows/payments/payment-sweep.contract';
import type { paymentSweep } from '../../workflows/payments/payment-sweep.workflow';
import { openFakeShop, type FakeShop } from './fake-shop';

let shop: FakeShop;

beforeAll(async () => {
  shop = await openFakeShop();
});
afterAll(() => shop?.close());
beforeEach(() => {
  shop.before.clear();
  shop.runs.length = 0;
  shop.sweep = {
    wakeLostWorkflows: async () => 2,
    wakeUnsettledPayments: async () => ({ listed: 7, woken: 1 }),
  };
});

const sweep = () =>
  shop.temporal.workflow.execute<typeof paymentSweep>('paymentSweep', {
    workflowId: `payment-sweep-${newId()}`,
    taskQueue: PAYMENT_QUEUE,
  });

test('a sweep tells how many workflows it woke and how many payments were listed', async () => {
  expect(await sweep()).toEqual({ workflowsWoken: 3, unsettledPayments: 7 });
  expect(shop.runs.map(({ step }) => step)).toEqual(['wakeLostWorkflows', 'wakeUnsettledPayments']);
});

test('a sweep that fails for a moment is tried again', async () => {
  shop.before.set('wakeLostWorkflows', async () => {
    shop.before.clear();
    throw new Error('the database is away');
  });

  expect(await sweep()).toEqual({ workflowsWoken: 3, unsettledPayments: 7 });
});

test('a sweep that cannot work ends as failed, and the next one is the remedy', async () => {
  shop.before.set('wakeLostWorkflows', async () => {
    throw ApplicationFailure.nonRetryable('a mistake of ours');
  });

  await expect(sweep()).rejects.toThrow('Workflow execution failed');
});
