import { afterAll, beforeAll, test } from 'vitest';

import { cancelNumberChange } from '../../../entities/customers/lost-number';
import { withTransaction } from '../../../platform/transaction';
import { createLookSignal } from '../../../temporal/look-signal';
import { createNumberChangeCalls, type NumberChangeCalls } from '../../../temporal/number-change';
import {
  look,
  NUMBER_CHANGE_WORKFLOW,
  numberChangeOf,
  numberChangeWorkflowId,
} from '../../../workflows/customers/number-change.contract';
import { eventually } from '../../support/eventually';
import { buildApprovedChange } from '../../support/factories/number-changes';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

let shop: WorkflowShop;
let calls: NumberChangeCalls;

beforeAll(async () => {
  shop = await openWorkflowShop();
  calls = createNumberChangeCalls(shop.temporal, 60_000);
});
afterAll(() => shop?.close());

async function keep(name: string, changeId: string): Promise<void> {
  const handle = shop.temporal.workflow.getHandle(numberChangeWorkflowId(changeId));
  await handle.result();
  keepHistory(name, await handle.fetchHistory());
}

test('a change that is carried out after its wait', async () => {
  const { changeId } = await buildApprovedChange(shop.database, 1_500);
  await calls.start(changeId);
  await keep('changed', changeId);
});

test('a change whose workflow the relay has started', async () => {
  const { changeId } = await buildApprovedChange(shop.database, 1_500);
  await createLookSignal(
    shop.temporal,
    60_000,
  )({ workflow: NUMBER_CHANGE_WORKFLOW, ...numberChangeOf(changeId), signal: look });
  await keep('relayed', changeId);
});

test('a change that is cancelled while it waits', async () => {
  const change = await buildApprovedChange(shop.database, 3_600_000);
  shop.reset();
  await calls.start(change.changeId);
  await eventually(
    () => Promise.resolve(shop.runsOf('carryOutNumberChange')),
    (runs) => runs > 0,
  );
  await withTransaction(shop.database, (transaction) => cancelNumberChange(transaction, change));
  await calls.cancelled(change.changeId);
  await keep('cancelled', change.changeId);
});
