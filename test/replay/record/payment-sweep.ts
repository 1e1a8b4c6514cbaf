import { test } from 'vitest';

import { PAYMENT_QUEUE, PAYMENT_SWEEP_WORKFLOW } from '../../../workflows/payments/payment-sweep.contract';
import { Buyer } from '../../support/buyer';
import { journeyShop } from '../../support/journey';
import { keepHistory, runOf } from '../history-files';

const journey = journeyShop();

test('a sweep that wakes what is lost', async () => {
  const { shop } = journey;
  const buyer = new Buyer(shop);
  const placed = await buyer.order(await journey.takeItem(), 1);
  await shop.zarinpal.payAndCloseTab(placed.authority);
  const workflowId = `recorded-${placed.order.id}`;

  await shop.temporal.workflow.execute(PAYMENT_SWEEP_WORKFLOW, { workflowId, taskQueue: PAYMENT_QUEUE });

  keepHistory('wakes-what-is-lost', await shop.temporal.workflow.getHandle(workflowId).fetchHistory());
});

test('a run that is a job, with its row', async () => {
  keepHistory('as-job', await runOf(journey.shop.temporal, PAYMENT_SWEEP_WORKFLOW, PAYMENT_QUEUE));
});
