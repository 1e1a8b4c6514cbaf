import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { newId } from '../../entities/values/uuid';
import { PAYMENT_QUEUE } from '../../workflows/payments/payment-sweep.contract';
import type { paymentSweep } from '../../workflows/payments/payment-sweep.workflow';
import { buildCallback } from '../support/factories/callbacks';
import { buildOrder } from '../support/factories/orders';
import { openWorkflowShop, type StepName, type WorkflowShop } from './workflow-shop';

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());
beforeEach(async () => {
  shop.reset();
  shop.gateway.sendBackUntaken();
  await leaveBusinessBehind();
});

/** Three orders without a workflow: two have an unseen callback, and the gateway lists one as paid, beside six strangers. */
async function leaveBusinessBehind(): Promise<void> {
  const { database, gateway } = shop;
  for (let callback = 1; callback <= 2; callback += 1)
    await buildCallback(database, await buildOrder(database));
  gateway.pay((await buildOrder(database)).attempt);
  for (let stranger = 1; stranger <= 6; stranger += 1) gateway.pay({ authority: `STRANGER-${stranger}` });
}

const sweep = () =>
  shop.temporal.workflow.execute<typeof paymentSweep>('paymentSweep', {
    workflowId: `payment-sweep-${newId()}`,
    taskQueue: PAYMENT_QUEUE,
  });

test('a sweep returns how many workflows it woke and how many payments were listed', async () => {
  expect(await sweep()).toEqual({ workflowsWoken: 3, unsettledPayments: 7 });
  const sweepSteps: StepName[] = ['wakeLostWorkflows', 'wakeUnsettledPayments'];
  expect(shop.runs.map(({ step }) => step).filter((step) => sweepSteps.includes(step))).toEqual(sweepSteps);
});

test('a sweep that fails for a moment is retried', async () => {
  shop.before.set('wakeLostWorkflows', async () => {
    shop.before.clear();
    throw new Error('the database is away');
  });

  expect(await sweep()).toEqual({ workflowsWoken: 3, unsettledPayments: 7 });
});

test('a sweep that cannot work fails, and the next one starts over', async () => {
  shop.before.set('wakeLostWorkflows', async () => {
    throw ApplicationFailure.nonRetryable('a mistake of ours');
  });

  await expect(sweep()).rejects.toThrow('Workflow execution failed');
});
