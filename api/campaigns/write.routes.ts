import { takeNumbers } from '../../entities/campaigns/take-numbers';
import { changeCampaign, createCampaign } from '../../entities/campaigns/write-campaign';
import { assertThat } from '../../entities/errors';
import { derivedId } from '../../entities/values/uuid';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { bodyOf, requireCsv } from '../middleware/csv-body';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { requireIfMatch } from '../middleware/if-match';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { CampaignChangeInput, CampaignInput } from './campaign-content.input';
import { CampaignParams } from './campaigns.input';
import { CampaignView } from './campaigns.view';
import { campaignChanges, TEXT_ERRORS } from './change-campaigns';
import { readNumbers } from './read-numbers';

/** What a campaign says, to whom, and for how much. */
export function writeCampaignRoutes(
  router: StaffRouter,
  { database, campaigns, smsConfig }: Pick<Dependencies, 'database' | 'campaigns' | 'smsConfig'>,
): void {
  const changes = campaignChanges({ database, campaigns });

  router.post(
    '/campaigns',
    [
      describeRoute({
        operation: 'createCampaign',
        tag: 'campaigns',
        summary: 'Write a campaign',
        description: 'It is a draft: nothing goes out before somebody starts it.',
        answers: { 201: CampaignView, 200: CampaignView },
        errors: [...TEXT_ERRORS, 'request.idempotency_key_reused'],
      }),
      may('campaign.manage'),
      requireIdempotencyKey(),
      validate(CampaignInput),
    ],
    async (ctx) => {
      const { caller, idempotencyKey, input } = ctx.state;
      const { accountId } = caller;
      const isFiltered = input.audience === 'filter';
      assertThat(isFiltered || input.filter === undefined, 'campaigns.filter_misplaced');
      const filter = isFiltered ? { ...input.filter } : null;
      const content = { ...input, filter, maxCost: input.maxCost ?? null };
      const campaignId = derivedId('campaign', accountId, idempotencyKey);
      const said = { action: 'campaign.manage', change: 'create' } as const;
      const { isNew, answer } = await changes.run(ctx.state, campaignId, said, (transaction) =>
        createCampaign(transaction, { campaignId, accountId, content }),
      );
      return { status: isNew ? 201 : 200, ...answer };
    },
  );

  router.patch(
    '/campaigns/:id',
    [
      describeRoute({
        operation: 'changeCampaign',
        tag: 'campaigns',
        summary: 'Change a draft, or what a campaign may cost',
        description: 'A change of a draft takes its approval away.',
        answers: { 200: CampaignView },
        errors: [
          ...TEXT_ERRORS,
          'campaigns.version_moved',
          'campaigns.not_draft',
          'campaigns.over',
          'campaigns.budget_spent',
        ],
      }),
      may('campaign.manage'),
      validateParams(CampaignParams, 'campaigns.not_found'),
      requireIfMatch(),
      validate(CampaignChangeInput),
    ],
    async (ctx) => {
      const { caller, input, params, seen } = ctx.state;
      const said = { action: 'campaign.manage', change: 'change' } as const;
      const { answer } = await changes.run(ctx.state, params.id, said, async (transaction) => {
        const { accountId } = caller;
        return changeCampaign(transaction, {
          ...{ campaignId: params.id, accountId, version: seen, change: input },
        });
      });
      return { status: 200, ...answer };
    },
  );

  router.put(
    '/campaigns/:id/numbers',
    [
      describeRoute({
        operation: 'sendCampaignNumbers',
        tag: 'campaigns',
        summary: 'Send the table of numbers of a draft',
        description:
          'The body is a table as `text/csv` with the column `number`, at most 100,000 lines and 4 MB. Only numbers of customers who want to hear of offers are taken. The others are counted and not kept. It takes the place of an earlier table.',
        csvBody: 'number\r\n09121234567\r\n',
        answers: { 200: CampaignView },
        errors: [
          'campaigns.version_moved',
          'campaigns.not_draft',
          'campaigns.takes_no_table',
          'campaigns.table_unreadable',
          'request.too_large',
          'request.unsupported_media_type',
        ],
      }),
      may('campaign.manage'),
      validateParams(CampaignParams, 'campaigns.not_found'),
      requireIfMatch(),
    ],
    async (ctx) => {
      requireCsv(ctx);
      const { caller, params, seen } = ctx.state;
      const { id: campaignId } = params;
      const table = await readNumbers(bodyOf(ctx), { isStrict: smsConfig.smsStrictNumbers });
      const said = { action: 'campaign.manage', change: 'numbers' } as const;
      const { answer } = await changes.run(ctx.state, campaignId, said, async (transaction) => {
        const { accountId } = caller;
        await takeNumbers(transaction, { ...table, campaignId, accountId, version: seen });
        return true;
      });
      return { status: 200, ...answer };
    },
  );
}
