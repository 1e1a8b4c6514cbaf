import {
  CancellationScope,
  continueAsNew,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';

import type { CampaignState } from '../../entities/campaigns/campaign-state';
import type { CampaignMove, PauseReason } from '../../entities/campaigns/campaign-status';
import { Attention, renderBlockers } from '../shared/attention';
import { Mailbox } from '../shared/mailbox';
import { isText, messageForm } from '../shared/message-form';
import { providerCalls } from '../shared/provider-calls';
import { refusalIn, type Refusal } from '../shared/refusal.contract';
import { workUntilDone, type DueTask } from '../shared/work-until-done';
import {
  cancel,
  look,
  pause,
  resume,
  type CampaignInput,
  type CampaignNote,
  type CampaignResult,
} from './campaign.contract';
import type { CampaignCalls, CampaignReports, CampaignSteps } from './campaign.steps';

const steps = proxyActivities<CampaignSteps>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

const reports = proxyActivities<CampaignReports>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '10 seconds', maximumInterval: '5 minutes' },
  summary: 'ask what was delivered',
});

const provider = providerCalls<CampaignCalls>({
  sendCampaignBatch: 'hand messages to the provider',
  findCampaignBatch: 'look for messages without an answer',
});

type CampaignTask =
  | (DueTask & { readonly kind: 'start' | 'gather the recipients' | 'begin a call' | 'ask for deliveries' })
  | (DueTask & { readonly kind: 'call the provider' | 'look for a call'; readonly batchId: string })
  | (DueTask & { readonly kind: 'wait for a person' });

type Steering = CampaignNote & { readonly move: CampaignMove };

const NOTE_FORM = messageForm('{"note": "why, in at most 200 characters"}', (argument) =>
  isText(argument?.['note']),
);

/** What a person does about each pause. One that staff wanted needs nobody. */
const PROBLEMS: Readonly<
  Record<Exclude<PauseReason, 'staff'>, { readonly what: string; readonly resolvedBy: string }>
> = {
  budget: {
    what: 'the next message would cost more than the campaign may',
    resolvedBy: 'Raise what it may cost and resume it, or cancel it.',
  },
  approval: {
    what: 'more people would get the campaign than one person may send to',
    resolvedBy: 'Have a second person approve it and resume it, or cancel it.',
  },
  provider: {
    what: 'calls are refused, have no answer or could not be made',
    resolvedBy:
      'See what the last call says: put account, line or text right, or wait for the provider or for Postgres. Then resume it.',
  },
};

/**
 * A campaign from its schedule to its last report. It follows the row and not its memory: what staff want are operations of others, after
 * which it only looks. Messages go out in calls of many, one call after the other; a call without an answer is looked for beside them.
 *
 * Nothing interrupts it: it ends with the campaign.
 */
export async function campaign(input: CampaignInput): Promise<CampaignResult> {
  const { campaignId } = input;
  const mailbox = new Mailbox<Steering | 'look', CampaignState>();
  let state: CampaignState | undefined;
  const attention = new Attention(
    { campaignId },
    () => mailbox.answerReady(),
    () => describe(state, attention),
  );
  setHandler(look, () => mailbox.note('look'));
  setHandler(pause, ({ note }) => mailbox.ask({ move: 'pause', note }), { validator: NOTE_FORM });
  setHandler(resume, ({ note }) => mailbox.ask({ move: 'resume', note }), { validator: NOTE_FORM });
  setHandler(cancel, ({ note }) => mailbox.ask({ move: 'cancel', note }), { validator: NOTE_FORM });

  async function follow(next: CampaignState): Promise<CampaignState> {
    const before = state?.counts.ambiguous ?? next.counts.ambiguous;
    state = next;
    describe(state, attention);
    const { pauseReason } = next;
    if (pauseReason === null || pauseReason === 'staff') attention.resolve('campaign');
    else await attention.needFor('campaign', { ...PROBLEMS[pauseReason], code: `campaign.${pauseReason}` });
    if (next.counts.ambiguous > before) {
      await attention.alert('nobody can tell whether messages of a campaign went out', 'campaign.ambiguous');
    }
    return next;
  }

  async function serve(request: Steering | 'look'): Promise<CampaignState | Refusal> {
    if (request === 'look') {
      const read = await steps.readCampaign({ campaignId });
      return read ? follow(read) : state!;
    }
    log.info('an operator steers the campaign', { campaignId, ...request });
    try {
      return await follow(await steps.steerCampaign({ campaignId, ...request }));
    } catch (error) {
      const refusal = refusalIn(error);
      if (!refusal) throw error;
      return refusal;
    }
  }

  async function perform(task: CampaignTask): Promise<void> {
    switch (task.kind) {
      case 'start':
        await follow(await steps.startCampaign({ campaignId }));
        return;
      case 'gather the recipients':
        await follow(await steps.gatherCampaign({ campaignId }));
        return;
      case 'begin a call':
        await follow(await steps.beginCampaignBatch({ campaignId }));
        return;
      case 'call the provider': {
        const { batchId } = task;
        const outcome = await provider.sendCampaignBatch({ batchId });
        await follow(await steps.recordCampaignBatch({ batchId, outcome }));
        return;
      }
      case 'look for a call': {
        const { batchId } = task;
        const outcome = await provider.findCampaignBatch({ batchId });
        await follow(await steps.recordCampaignFind({ batchId, outcome }));
        return;
      }
      case 'ask for deliveries':
        await follow(await reports.readCampaignReports({ campaignId }));
        return;
      case 'wait for a person':
    }
  }

  return CancellationScope.nonCancellable(async () => {
    const read = await steps.readCampaign({ campaignId });
    if (!read) {
      mailbox.refuseAll({ code: 'campaigns.not_found', details: {} });
      log.warn('Postgres does not know this campaign any more', { campaignId });
      return 'lost';
    }
    attention.forgetEarlierRuns();
    await follow(read);
    await workUntilDone<Steering | 'look', CampaignState, CampaignTask>({
      mailbox,
      nextTask: () => nextTask(state!),
      requestCount: () => 0,
      serve,
      perform,
      continueAsNew: () => continueAsNew<typeof campaign>(input),
    });
    return state!.status;
  });
}

/** What comes next by the rows. Undefined once the campaign is over and nobody asks for its deliveries any more. */
function nextTask(state: CampaignState): CampaignTask | undefined {
  const { sending, lost, reportAt } = state;
  // Begun before a pause or an end, and perhaps called: its answer is wanted.
  if (sending !== null) return { at: 0, kind: 'call the provider', batchId: sending };
  const tasks: CampaignTask[] = [];
  if (lost) tasks.push({ at: lost.at, kind: 'look for a call', batchId: lost.batchId });
  if (reportAt !== null) tasks.push({ at: reportAt, kind: 'ask for deliveries' });
  const next = nextOf(state);
  if (next) tasks.push(next);
  return tasks.toSorted((one, other) => one.at - other.at)[0];
}

function nextOf({
  status,
  startsAt,
  isGathered,
  sendableFrom,
  counts,
}: CampaignState): CampaignTask | undefined {
  switch (status) {
    case 'paused':
      return { at: Infinity, kind: 'wait for a person' };
    case 'scheduled':
      return { at: startsAt ?? 0, kind: 'start' };
    case 'running':
      if (!isGathered) return { at: 0, kind: 'gather the recipients' };
      if (counts.pending > 0) return { at: sendableFrom, kind: 'begin a call' };
      // Calls without an answer may still give messages back.
      return { at: counts.handed > 0 ? Infinity : 0, kind: 'begin a call' };
    default:
      return undefined;
  }
}

function describe(state: CampaignState | undefined, attention: Attention): void {
  if (!state) return;
  const { status, pauseReason, counts } = state;
  const { recipients, pending, accepted, delivered, failed, ambiguous, suppressed } = counts;
  setCurrentDetails(
    [
      ...renderBlockers(attention.all),
      `**Campaign** – ${status}${pauseReason === null ? '' : ` (${pauseReason})`}`,
      `${recipients} recipients: ${pending} to send, ${accepted + delivered} taken, ${delivered} delivered, ${failed} failed, ${ambiguous} ambiguous, ${suppressed} left out.`,
    ].join('\n\n'),
  );
}
