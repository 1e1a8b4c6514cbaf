import { readCampaignState, type CampaignState } from '../../entities/campaigns/campaign-state';
import type { CampaignContent } from '../../entities/campaigns/write-campaign';
import {
  CAMPAIGN_WORKFLOW,
  campaignOf,
  campaignWorkflowId,
  cancel,
  look,
  pause,
  resume,
} from '../../workflows/campaigns/campaign.contract';
import type { WorkflowShop } from '../workflows/workflow-shop';
import { eventually } from './eventually';
import { buildStarted } from './factories/campaigns';
import { rows } from './sql';

const NOTE = { note: 'a test' };

/** A campaign that was started, and its workflow. */
export async function buildRunningCampaign(
  shop: WorkflowShop,
  overrides: Partial<CampaignContent> = {},
  options: Parameters<typeof buildStarted>[2] = {},
) {
  const { id } = await buildStarted(shop.database, overrides, options);
  const handle = shop.temporal.workflow.getHandle(campaignWorkflowId(id));
  const state = async (): Promise<CampaignState> =>
    (await readCampaignState(shop.database.manager, id, { at: Date.now(), isNightAllowed: true }))!;
  /** Starts the workflow, or has it read the rows. */
  const wake = () =>
    shop.temporal.workflow.signalWithStart(CAMPAIGN_WORKFLOW, { ...campaignOf(id), signal: look.name });
  return {
    id,
    handle,
    state,
    look: wake,
    /** Its deliveries are due. */
    async askNow() {
      await rows(shop.database.manager, 'UPDATE campaigns SET report_at = now() WHERE id = $1', [id]);
      await wake();
    },
    pause: () => handle.executeUpdate(pause.name, { args: [NOTE] }),
    resume: () => handle.executeUpdate(resume.name, { args: [NOTE] }),
    cancel: () => handle.executeUpdate(cancel.name, { args: [NOTE] }),
    until: (isSo: (state: CampaignState) => boolean) => eventually(state, isSo),
    /** How often each recipient got the message. */
    sent: () => {
      const [provider] = shop.smsProviders;
      return provider!.sent.map(({ to }) => to);
    },
    recipients: () =>
      rows<{ recipient: string | null; status: string }>(
        shop.database.manager,
        'SELECT recipient, status FROM campaign_recipients WHERE campaign_id = $1 ORDER BY number',
        [id],
      ),
  };
}
