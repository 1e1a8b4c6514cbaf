import { afterAll, beforeAll, expect, test } from 'vitest';

import { cancelNumberChange } from '../../entities/customers/lost-number';
import { withTransaction } from '../../platform/transaction';
import { createNumberChangeCalls } from '../../temporal/number-change';
import { numberChangeWorkflowId } from '../../workflows/customers/number-change.contract';
import { eventually } from '../support/eventually';
import { buildApprovedChange, standingOf } from '../support/factories/number-changes';
import { openWorkflowShop, type WorkflowShop } from './workflow-shop';

const DEADLINE_MS = 60_000;
const DAYS_MS = 259_200_000;

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
});
afterAll(() => shop?.close());

const calls = () => createNumberChangeCalls(shop.temporal, DEADLINE_MS);
const handleOf = (changeId: string) => shop.temporal.workflow.getHandle(numberChangeWorkflowId(changeId));

test('an approved change is carried out when it is due, however often it is started', async () => {
  const change = await buildApprovedChange(shop.database, 1_500);
  await Promise.all([calls().start(change.changeId), calls().start(change.changeId)]);
  await handleOf(change.changeId).result();
  expect(await standingOf(shop.database, change)).toMatchObject({
    status: 'changed',
    phone: change.newPhone,
    liveSessions: 0,
  });
});

test('a cancelled change ends its workflow days before', async () => {
  const change = await buildApprovedChange(shop.database, DAYS_MS);
  await calls().start(change.changeId);
  await eventually(
    () => Promise.resolve(shop.runsOf('carryOutNumberChange')),
    (runs) => runs > 0,
  );
  await withTransaction(shop.database, (transaction) => cancelNumberChange(transaction, change));
  await calls().cancelled(change.changeId);
  await handleOf(change.changeId).result();
  expect(await standingOf(shop.database, change)).toMatchObject({
    status: 'cancelled',
    phone: change.oldPhone,
  });
});

test('neither number is in the history', async () => {
  const change = await buildApprovedChange(shop.database, 0);
  await calls().start(change.changeId);
  await handleOf(change.changeId).result();
  const history = JSON.stringify(await handleOf(change.changeId).fetchHistory());
  const { oldPhone, newPhone } = change;
  for (const phone of [oldPhone, newPhone])
    for (const spelled of [phone, Buffer.from(phone).toString('base64')])
      expect(history).not.toContain(spelled);
});
