import { afterAll, beforeAll, beforeEach, test } from 'vitest';

import { buildRunningCampaign } from '../../support/campaign-workflows';
import { buildWilling } from '../../support/factories/campaigns';
import { openWorkflowShop, type WorkflowShop } from '../../workflows/workflow-shop';
import { keepHistory } from '../history-files';

let shop: WorkflowShop;
beforeAll(async () => {
  shop = await openWorkflowShop();
  await buildWilling(shop.database, 7);
});
afterAll(() => shop?.close());
beforeEach(() => shop.reset());

test('a campaign that is sent in two calls and reported', async () => {
  const campaign = await buildRunningCampaign(shop);
  await campaign.look();
  await campaign.handle.result();
  keepHistory('done', await campaign.handle.fetchHistory());
});

test('a campaign with a lost answer, whose money ends, and that is cancelled', async () => {
  shop.smsProviders[0]!.answers = { send: [{ kind: 'unknown', message: 'no answer' }] };
  const campaign = await buildRunningCampaign(shop, { maxCost: 6 * 2_000 });
  await campaign.look();
  await campaign.until(({ status, counts }) => status === 'paused' && counts.ambiguous === 1);
  await campaign.cancel();
  await campaign.handle.result();
  keepHistory('cancelled', await campaign.handle.fetchHistory());
});

test('a campaign that waits for its time, is paused and goes on', async () => {
  const campaign = await buildRunningCampaign(shop, {}, { startsAt: new Date(Date.now() + 1_500) });
  await campaign.look();
  shop.after.set('gatherCampaign', async () => {
    shop.after.delete('gatherCampaign');
    await campaign.handle.startUpdate('pause', { args: [{ note: 'a test' }], waitForStage: 'ACCEPTED' });
  });
  await campaign.until(({ status }) => status === 'paused');
  await campaign.resume();
  await campaign.handle.result();
  keepHistory('resumed', await campaign.handle.fetchHistory());
});
