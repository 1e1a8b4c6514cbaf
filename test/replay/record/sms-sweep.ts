import { afterAll, beforeAll, test } from 'vitest';

import { SMS_QUEUE } from '../../../workflows/sms/sms-delivery.contract';
import { SMS_SWEEP_WORKFLOW } from '../../../workflows/sms/sms-sweep.contract';
import { buildMessage } from '../../support/factories/sms';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory, runOf } from '../history-files';

let shop: WorkflowShop;

beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

test('a sweep that starts what is lost', async () => {
  const { id } = await buildMessage(shop.database);
  const workflowId = `recorded-${id}`;
  await shop.temporal.workflow.execute(SMS_SWEEP_WORKFLOW, { workflowId, taskQueue: SMS_QUEUE });
  keepHistory('starts-what-is-lost', await shop.temporal.workflow.getHandle(workflowId).fetchHistory());
});

test('a run that is a job, with its row', async () => {
  keepHistory('as-job', await runOf(shop.temporal, SMS_SWEEP_WORKFLOW, SMS_QUEUE));
});
