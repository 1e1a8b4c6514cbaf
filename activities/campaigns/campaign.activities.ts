import { activityInfo, getClient, log } from '@temporalio/activity';
import type { DataSource } from 'typeorm';

import { beginBatch } from '../../entities/campaigns/begin-batch';
import type { BulkSendOutcome } from '../../entities/campaigns/bulk-outcome';
import { campaignLink } from '../../entities/campaigns/campaign-link';
import {
  readCampaignState,
  requireCampaignState,
  type CampaignState,
} from '../../entities/campaigns/campaign-state';
import { claimBatch } from '../../entities/campaigns/claim-batch';
import { findLostCampaigns } from '../../entities/campaigns/find-lost-campaigns';
import { gatherAudience, startCampaign } from '../../entities/campaigns/gather-audience';
import { fillCampaign } from '../../entities/campaigns/price-campaign';
import { readBatch, type OutgoingBatch } from '../../entities/campaigns/read-batch';
import { recordBatch } from '../../entities/campaigns/record-batch';
import { recordFind } from '../../entities/campaigns/record-find';
import { steerByHand, type CampaignAt } from '../../entities/campaigns/steer-campaign';
import type { Transaction } from '../../entities/sql';
import type { Metrics } from '../../platform/metrics';
import type { ShortTokens } from '../../platform/short-token';
import { withTransaction } from '../../platform/transaction';
import { CAMPAIGN_WORKFLOW, campaignOf, look } from '../../workflows/campaigns/campaign.contract';
import type {
  CampaignCalls,
  CampaignSteps,
  CampaignSweepSteps,
} from '../../workflows/campaigns/campaign.steps';
import { beating } from '../beating';
import type { TextSms } from '../sms/sms-provider';
import type { SmsProviders } from '../sms/sms-providers';
import type { Steps } from '../step';

/** How campaigns are sent. */
export interface CampaignSettings {
  /** Where people find the links in messages. */
  readonly publicUrl: string;
  readonly links: ShortTokens;
  /** The provider of new calls. */
  readonly provider: string;
  /** The most messages of one call. */
  readonly atMost: number;
  readonly perSecond: number;
  readonly isNightAllowed: boolean;
  readonly overdueByMs: number;
  /** When a call without an answer is looked for, in milliseconds after it. */
  readonly findAfterMs: readonly number[];
  /** When it is asked what was delivered, in milliseconds after the last message. */
  readonly reportAfterMs: readonly number[];
  readonly clock: () => Date;
}

const CAMPAIGNS_AT_ONCE = 50;
/** The call takes up to 12 s more, and the step has 15. An answer that comes after it would be lost. */
const LONGEST_CLAIM_MS = 2_500;
const WAKE_LIMIT_MS = 5_000;
const CALL_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15];

/** The steps of a campaign's workflow, its calls of providers, and the sweep. Numbers and texts never leave this file but to
 * providers. */
export function createCampaignActivities(
  { step }: Steps,
  database: DataSource,
  providers: SmsProviders,
  metrics: Metrics,
  settings: CampaignSettings,
): CampaignSteps & CampaignCalls & CampaignSweepSteps {
  const messages = metrics.counter('asoud_campaign_messages_total', 'Messages of campaigns, by answer', [
    'provider',
    'outcome',
  ]);
  const seconds = metrics.histogram(
    'asoud_campaign_call_seconds',
    'How long SMS providers took to answer a call of a campaign',
    ['provider'],
    CALL_SECONDS,
  );
  const now = () => ({ at: settings.clock().getTime(), isNightAllowed: settings.isNightAllowed });

  /** Runs an operation on a campaign and reads how it stands after it. */
  const changing = <Input extends { readonly campaignId: string }>(
    work: (transaction: Transaction, input: Input & CampaignAt) => Promise<unknown>,
  ) =>
    step(async (transaction, input: Input): Promise<CampaignState> => {
      const clock = now();
      await work(transaction, { ...input, at: clock.at });
      return byTemporal(await requireCampaignState(transaction, input.campaignId, clock), clock.at);
    });

  /** The same for a call, whose campaign the operation names. */
  const recording = <Input extends object>(
    work: (transaction: Transaction, input: Input & { readonly at: number }) => Promise<string>,
  ) =>
    step(async (transaction, input: Input): Promise<CampaignState> => {
      const campaignId = await work(transaction, { ...input, at: now().at });
      return requireCampaignState(transaction, campaignId, now());
    });

  function textsOf({ recipients, text, variables }: OutgoingBatch): TextSms[] {
    const { links, publicUrl } = settings;
    const host = new URL(publicUrl).hostname;
    return recipients.map(({ number, recipient }) => {
      const link = campaignLink(links, publicUrl, number);
      const filled = fillCampaign(text, variables, { host, link });
      return { to: recipient, text: filled, reference: String(number) };
    });
  }

  const prepare = (batch: OutgoingBatch) =>
    ({ kind: 'ready', bulk: providers.bulk(batch.provider), texts: textsOf(batch) }) as const;

  const terms = () => {
    const { mostAtOnce } = providers.bulk(settings.provider);
    return { ...settings, atMost: Math.min(settings.atMost, mostAtOnce) };
  };

  return {
    readCampaign: step(
      async (transaction, { campaignId }) =>
        (await readCampaignState(transaction, campaignId, now())) ?? null,
    ),
    startCampaign: changing(startCampaign),
    gatherCampaign: changing(gatherAudience),
    beginCampaignBatch: changing((transaction, input) => beginBatch(transaction, input, terms())),
    steerCampaign: changing<Parameters<CampaignSteps['steerCampaign']>[0]>(steerByHand),
    recordCampaignBatch: recording((transaction, input) => recordBatch(transaction, input, settings)),
    recordCampaignFind: recording((transaction, input) => recordFind(transaction, input, settings)),

    async sendCampaignBatch({ batchId }) {
      const started = now().at;
      const claim = await withTransaction(database, async (transaction) => {
        const claimed = await claimBatch(transaction, batchId, now());
        if (claimed.kind !== 'claimed') return claimed;
        // What fails here fails before the right to call is spent.
        if (now().at - started > LONGEST_CLAIM_MS) throw new Error('no time is left for the call');
        return prepare(claimed.batch);
      });
      if (claim.kind === 'closed') return { kind: 'not_called' };
      // Its answer got lost.
      if (claim.kind === 'called') return { kind: 'unknown', message: 'an earlier call has left no answer' };
      const { bulk, texts } = claim;
      const began = performance.now();
      const outcome = await bulk.sendAll(texts);
      seconds.observe({ provider: bulk.name }, (performance.now() - began) / 1_000);
      for (const [answer, count] of answersOf(outcome, texts.length))
        messages.inc({ provider: bulk.name, outcome: answer }, count);
      return outcome;
    },

    async findCampaignBatch({ batchId }) {
      const batch = await readBatch(database.manager, batchId);
      if (!batch) throw new Error('there is no such batch');
      return providers.bulk(batch.provider).findAll({ texts: textsOf(batch), sentAt: batch.calledAt });
    },

    wakeLostCampaigns: () =>
      beating(async () => {
        const lost = await withTransaction(database, (transaction) =>
          findLostCampaigns(transaction, { overdueByMs: settings.overdueByMs, limit: CAMPAIGNS_AT_ONCE }),
        );
        let awake = 0;
        for (const campaignId of lost) if (await wake(campaignId)) awake += 1;
        return awake;
      }),
  };
}

/**
 * A workflow waits by the clock of Temporal. If that of this worker is behind, what is due there is not due here, and the workflow would
 * ask again at once, and again. So it waits longer by the difference.
 */
function byTemporal(state: CampaignState, at: number): CampaignState {
  const behindMs = Math.max(0, activityInfo().currentAttemptScheduledTimestampMs - at);
  const { startsAt, sendableFrom } = state;
  return {
    ...state,
    startsAt: startsAt === null ? null : startsAt + behindMs,
    sendableFrom: sendableFrom + behindMs,
  };
}

/** How many messages of a call had which answer. */
function answersOf(outcome: BulkSendOutcome, size: number): Map<string, number> {
  if (outcome.kind !== 'answered')
    return new Map([[outcome.kind === 'refused' ? outcome.class : outcome.kind, size]]);
  const counts = new Map<string, number>();
  for (const result of outcome.results) {
    const answer = result.kind === 'refused' ? result.class : result.kind;
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  const unanswered = size - outcome.results.length;
  return unanswered > 0 ? counts.set('unknown', unanswered) : counts;
}

/** A workflow that cannot be woken must not hold up the others. The next sweep finds it again. */
async function wake(campaignId: string): Promise<boolean> {
  const client = getClient();
  try {
    await client.withDeadline(Date.now() + WAKE_LIMIT_MS, () =>
      client.workflow.signalWithStart(CAMPAIGN_WORKFLOW, { ...campaignOf(campaignId), signal: look }),
    );
  } catch (error) {
    log.warn('the workflow of a campaign could not be woken', { campaignId, error });
    return false;
  }
  return true;
}
