import { gatherAudience, startCampaign } from '../../../entities/campaigns/gather-audience';
import { holdCampaign } from '../../../entities/campaigns/steer-campaign';
import { buildDraft, buildStarted, buildWilling } from '../../support/factories/campaigns';
import type { StaffCalls, StaffWorld } from './staff-call';

/** Campaigns by SMS. */
export function campaignCalls({ shop }: StaffWorld): StaffCalls {
  const draft = async (change = '', audience: 'filter' | 'csv' = 'filter') => {
    await buildWilling(shop.database, 1);
    const { id } = await buildDraft(shop.database, { audience });
    return `/campaigns/${id}${change}`;
  };
  const running = async (change: string) => {
    await buildWilling(shop.database, 1);
    const { id } = await buildStarted(shop.database);
    const input = { campaignId: id, at: Date.now() };
    await shop.run((transaction) => startCampaign(transaction, input));
    await shop.run((transaction) => gatherAudience(transaction, input));
    if (change === '/resume') await shop.run((transaction) => holdCampaign(transaction, input));
    return `/campaigns/${id}${change}`;
  };
  return {
    'POST /campaigns': () => ({
      body: {
        ...{ name: 'Norooz', template: 'campaign_offer', variables: { text: 'حراج' } },
        ...{ audience: 'filter', filter: { spentAtLeast: 1 } },
      },
    }),
    'PATCH /campaigns/:id': async () => ({ path: await draft(), body: { name: 'Other' }, seen: 1 }),
    'PUT /campaigns/:id/numbers': async () => ({
      path: await draft('/numbers', 'csv'),
      body: 'number\r\n09121234567\r\n',
      seen: 1,
    }),
    'POST /campaigns/:id/approve': async () => ({ path: await draft('/approve'), seen: 1 }),
    'POST /campaigns/:id/start': async () => ({ path: await draft('/start'), body: {}, seen: 1 }),
    'POST /campaigns/:id/pause': async () => ({ path: await running('/pause') }),
    'POST /campaigns/:id/resume': async () => ({ path: await running('/resume') }),
    'POST /campaigns/:id/cancel': async () => ({ path: await running('/cancel') }),
  };
}
