import type { Action } from '../../entities/auth/policy';
import { approveCampaign } from '../../entities/campaigns/approve-campaign';
import { sampleLink } from '../../entities/campaigns/campaign-link';
import type { CampaignPrices } from '../../entities/campaigns/price-campaign';
import { previewCampaign, scheduleCampaign } from '../../entities/campaigns/schedule-campaign';
import {
  cancelCampaign,
  holdCampaign,
  resumeCampaign,
  type CampaignAt,
} from '../../entities/campaigns/steer-campaign';
import { assertThat, type ErrorCode } from '../../entities/errors';
import type { Transaction } from '../../entities/sql';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { requireIfMatch } from '../middleware/if-match';
import { may } from '../middleware/may';
import { validate, validateParams } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { CampaignParams, StartInput } from './campaigns.input';
import { readCampaign } from './campaigns.queries';
import { CampaignPreviewView, CampaignView } from './campaigns.view';
import { campaignChanges, TEXT_ERRORS } from './change-campaigns';

/** What steers a campaign and needs nothing but its id. */
const MOVES: readonly {
  readonly path: string;
  readonly operation: string;
  readonly summary: string;
  readonly description?: string;
  readonly action: Action;
  readonly errors: readonly ErrorCode[];
  readonly work: (transaction: Transaction, it: CampaignAt) => Promise<boolean>;
}[] = [
  {
    path: 'pause',
    operation: 'pauseCampaign',
    summary: 'Let nothing more go out for now',
    description: 'What a provider has already is not called back. One that is paused is answered as it is.',
    action: 'campaign.manage',
    errors: ['campaigns.not_running'],
    work: holdCampaign,
  },
  {
    path: 'resume',
    operation: 'resumeCampaign',
    summary: 'Let a paused campaign go on',
    description:
      'What it has left counts with all that goes out within a day without an approval. One that runs is answered as it is.',
    action: 'campaign.send',
    errors: ['campaigns.not_paused', 'campaigns.approval_needed', 'campaigns.budget_spent'],
    work: resumeCampaign,
  },
  {
    path: 'cancel',
    operation: 'cancelCampaign',
    summary: 'End a campaign before all have got it',
    description: 'What a provider has already is not called back.',
    action: 'campaign.manage',
    errors: ['campaigns.over'],
    work: cancelCampaign,
  },
];

/** From the preview of a campaign to its end. */
export function steerCampaignRoutes(
  router: StaffRouter,
  {
    database,
    campaigns,
    campaignPrices,
    campaignLinks,
    publicUrl,
  }: Pick<Dependencies, 'database' | 'campaigns' | 'campaignPrices' | 'campaignLinks' | 'publicUrl'>,
): void {
  const changes = campaignChanges({ database, campaigns });
  const prices: CampaignPrices = {
    segmentPrice: campaignPrices.campaignSegmentPrice,
    approvalAbove: campaignPrices.campaignApprovalAbove,
    host: new URL(publicUrl).hostname,
    link: sampleLink(campaignLinks, publicUrl),
  };

  router.get(
    '/campaigns/:id/preview',
    [
      describeRoute({
        operation: 'previewCampaign',
        tag: 'campaigns',
        summary: 'Whom a draft would reach now, and what it would cost',
        answers: { 200: CampaignPreviewView },
        errors: [...TEXT_ERRORS, 'campaigns.not_draft'],
      }),
      may('campaign.manage'),
      validateParams(CampaignParams, 'campaigns.not_found'),
    ],
    async (ctx) => {
      const draft = await readCampaign(database.manager, ctx.state.params.id);
      assertThat(draft.status === 'draft', 'campaigns.not_draft');
      const preview = await previewCampaign(database.manager, draft, new Date(), prices);
      const { template: _template, ...shown } = preview;
      return { status: 200, body: { ...shown, segmentPrice: prices.segmentPrice } };
    },
  );

  router.post(
    '/campaigns/:id/approve',
    [
      describeRoute({
        operation: 'approveCampaign',
        tag: 'campaigns',
        summary: 'Agree to a campaign that somebody else has written',
        description: 'Nobody approves what they have written a part of since the last approval.',
        answers: { 200: CampaignView },
        errors: ['campaigns.version_moved', 'campaigns.own_approval', 'campaigns.over'],
      }),
      may('campaign.send'),
      validateParams(CampaignParams, 'campaigns.not_found'),
      requireIfMatch(),
    ],
    async (ctx) => {
      const { caller, params, seen } = ctx.state;
      const said = { action: 'campaign.send', change: 'approve' } as const;
      const { answer } = await changes.run(ctx.state, params.id, said, (transaction) => {
        const { accountId } = caller;
        return approveCampaign(transaction, { campaignId: params.id, accountId, version: seen }, prices);
      });
      return { status: 200, ...answer };
    },
  );

  router.post(
    '/campaigns/:id/start',
    [
      describeRoute({
        operation: 'startCampaign',
        tag: 'campaigns',
        summary: 'Start a draft, at once or at a time',
        description:
          'What it says, to whom, and its price are fixed from now on. Messages go out within its hours. One that was started is answered as it is.',
        answers: { 200: CampaignView },
        errors: [
          ...TEXT_ERRORS,
          'campaigns.version_moved',
          'campaigns.not_draft',
          'campaigns.starts_late',
          'campaigns.no_table',
          'campaigns.nobody',
          'campaigns.too_many',
          'campaigns.approval_needed',
          'campaigns.budget_spent',
        ],
      }),
      may('campaign.send'),
      validateParams(CampaignParams, 'campaigns.not_found'),
      requireIfMatch(),
      validate(StartInput),
    ],
    async (ctx) => {
      const { input, params, seen, log } = ctx.state;
      const startsAt = input.startsAt === undefined ? null : new Date(input.startsAt);
      const said = { action: 'campaign.send', change: 'start' } as const;
      const { answer } = await changes.run(ctx.state, params.id, said, (transaction) => {
        const asked = { campaignId: params.id, version: seen, startsAt, at: Date.now() };
        return scheduleCampaign(transaction, asked, prices);
      });
      await changes.tell(params.id, log);
      return { status: 200, ...answer };
    },
  );

  for (const { path, operation, summary, description, action, errors, work } of MOVES) {
    router.post(
      `/campaigns/:id/${path}`,
      [
        describeRoute({
          ...{ operation, tag: 'campaigns', summary, errors, answers: { 200: CampaignView } },
          ...(description !== undefined && { description }),
        }),
        may(action),
        validateParams(CampaignParams, 'campaigns.not_found'),
      ],
      async (ctx) => {
        const { params, log } = ctx.state;
        const said = { action, change: path };
        const { answer } = await changes.run(ctx.state, params.id, said, (transaction) =>
          work(transaction, { campaignId: params.id, at: Date.now() }),
        );
        await changes.tell(params.id, log);
        return { status: 200, ...answer };
      },
    );
  }
}
