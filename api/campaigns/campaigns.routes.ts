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
import { takeNumbers } from '../../entities/campaigns/take-numbers';
import { changeCampaign, createCampaign } from '../../entities/campaigns/write-campaign';
import { assertThat, type ErrorCode } from '../../entities/errors';
import type { Transaction } from '../../entities/sql';
import { audited, type AuditedAction } from '../../entities/staff/audited';
import { derivedId } from '../../entities/values/uuid';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { describeRoute } from '../describe-route';
import { bodyOf, requireCsv } from '../middleware/csv-body';
import { requireIdempotencyKey } from '../middleware/idempotency-key';
import { requireIfMatch, versionTag } from '../middleware/if-match';
import { may } from '../middleware/may';
import { validate, validateParams, validateQuery } from '../middleware/validate';
import type { StaffRouter } from '../router-kinds';
import { actorOf, type Acting } from '../staff/acting';
import {
  CampaignChangeInput,
  CampaignInput,
  CampaignParams,
  CampaignsQuery,
  RecipientsQuery,
  StartInput,
} from './campaigns.input';
import { listCampaigns, listRecipients, readCampaign, reportCampaign } from './campaigns.queries';
import {
  CampaignPreviewView,
  CampaignRecipientsView,
  CampaignReportView,
  CampaignsView,
  CampaignView,
} from './campaigns.view';
import { readNumbers } from './read-numbers';

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

const TEXT_ERRORS = [
  'sms.template_unknown',
  'sms.variables_invalid',
  'campaigns.code_template',
  'campaigns.no_link',
  'campaigns.hours_empty',
  'campaigns.filter_misplaced',
] as const;

/** Campaigns by SMS. */
export function campaignsRoutes(
  router: StaffRouter,
  {
    database,
    campaigns,
    campaignPrices,
    campaignLinks,
    publicUrl,
    smsConfig,
  }: Pick<
    Dependencies,
    'database' | 'campaigns' | 'campaignPrices' | 'campaignLinks' | 'publicUrl' | 'smsConfig'
  >,
): void {
  const prices: CampaignPrices = {
    segmentPrice: campaignPrices.campaignSegmentPrice,
    approvalAbove: campaignPrices.campaignApprovalAbove,
    host: new URL(publicUrl).hostname,
    link: sampleLink(campaignLinks, publicUrl),
  };

  /** Runs a change, records it, and shows the campaign. */
  async function change(
    acting: Acting,
    campaignId: string,
    { action, change: name }: { readonly action: Action; readonly change: string },
    work: (transaction: Transaction) => Promise<boolean | AuditedAction['details']>,
  ) {
    return withTransaction(database, async (transaction) => {
      const done = await work(transaction);
      const isNew = done !== false;
      const object = { type: 'campaign' as const, id: campaignId };
      const details = { change: name, ...(typeof done === 'object' && done) };
      if (isNew) await audited(transaction, actorOf(acting), { action, object, details });
      return { isNew, ...tagged(await readCampaign(transaction, campaignId)) };
    });
  }

  async function tell(campaignId: string, log: Logger): Promise<void> {
    const told = await campaigns.look(campaignId);
    if (told.kind === 'unavailable') {
      log.warn(
        { campaignId, err: told.cause },
        'no workflow heard of a campaign: the relay or the sweep wakes it',
      );
    }
  }

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
      const { isNew, ...answer } = await change(ctx.state, campaignId, said, (transaction) =>
        createCampaign(transaction, { campaignId, accountId, content }),
      );
      return { status: isNew ? 201 : 200, ...answer };
    },
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
      const { isNew: _isNew, ...answer } = await change(ctx.state, params.id, said, async (transaction) => {
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
      const { isNew: _isNew, ...answer } = await change(ctx.state, campaignId, said, async (transaction) => {
        const { accountId } = caller;
        await takeNumbers(transaction, { ...table, campaignId, accountId, version: seen });
        return true;
      });
      return { status: 200, ...answer };
    },
  );

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
      const { isNew: _isNew, ...answer } = await change(ctx.state, params.id, said, (transaction) => {
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
      const { isNew: _isNew, ...answer } = await change(ctx.state, params.id, said, (transaction) => {
        const asked = { campaignId: params.id, version: seen, startsAt, at: Date.now() };
        return scheduleCampaign(transaction, asked, prices);
      });
      await tell(params.id, log);
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
        const { isNew: _isNew, ...answer } = await change(ctx.state, params.id, said, (transaction) =>
          work(transaction, { campaignId: params.id, at: Date.now() }),
        );
        await tell(params.id, log);
        return { status: 200, ...answer };
      },
    );
  }

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

function tagged(body: CampaignView) {
  return { headers: { ETag: versionTag(body.version) }, body };
}
