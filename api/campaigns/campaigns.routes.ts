import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { may } from '../middleware/may';
import { validateParams, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { CampaignParams, CampaignsQuery, RecipientsQuery } from './campaigns.input';
import { listCampaigns, listRecipients, readCampaign, reportCampaign } from './campaigns.queries';
import { CampaignsView, CampaignView } from './campaigns.view';
import { tagged } from './change-campaigns';
import { CampaignRecipientsView, CampaignReportView } from './report.view';

/** Campaigns by SMS, and what has become of them. */
export function campaignsRoutes(router: StaffRouter, { database }: Pick<Dependencies, 'database'>): void {
  router.get(
    '/campaigns',
    [
      describeRoute({
        operation: 'listCampaigns',
        tag: 'campaigns',
        summary: 'Campaigns, the newest first',
        answers: { 200: CampaignsView },
      }),
      may('campaign.read'),
      validateQuery(CampaignsQuery),
    ],
    async (ctx) => ({ status: 200, body: await listCampaigns(database.manager, ctx.state.query) }),
  );

  router.get(
    '/campaigns/:id',
    [
      describeRoute({
        operation: 'getCampaign',
        tag: 'campaigns',
        summary: 'A campaign, and how far it is',
        answers: { 200: CampaignView },
        errors: ['campaigns.not_found'],
      }),
      may('campaign.read'),
      validateParams(CampaignParams, 'campaigns.not_found'),
    ],
    async (ctx) => ({ status: 200, ...tagged(await readCampaign(database.manager, ctx.state.params.id)) }),
  );

  router.get(
    '/campaigns/:id/recipients',
    [
      describeRoute({
        operation: 'listCampaignRecipients',
        tag: 'campaigns',
        summary: 'Whom a campaign is for, and what became of each message',
        answers: { 200: CampaignRecipientsView },
        errors: ['campaigns.not_found'],
      }),
      may('campaign.read'),
      validateParams(CampaignParams, 'campaigns.not_found'),
      validateQuery(RecipientsQuery),
    ],
    async (ctx) => {
      const { params, query } = ctx.state;
      return { status: 200, body: await listRecipients(database.manager, params.id, query) };
    },
  );

  router.get(
    '/campaigns/:id/report',
    [
      describeRoute({
        operation: 'reportCampaign',
        tag: 'campaigns',
        summary: 'What a campaign has come to: counts, costs, and calls that went wrong',
        answers: { 200: CampaignReportView },
        errors: ['campaigns.not_found'],
      }),
      may('campaign.read'),
      validateParams(CampaignParams, 'campaigns.not_found'),
    ],
    async (ctx) => ({ status: 200, body: await reportCampaign(database.manager, ctx.state.params.id) }),
  );
}
