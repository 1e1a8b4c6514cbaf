import type { Action } from '../../entities/auth/policy';
import type { Transaction } from '../../entities/sql';
import { audited, type AuditedAction } from '../../entities/staff/audited';
import type { Logger } from '../../platform/logger';
import { withTransaction } from '../../platform/transaction';
import type { Dependencies } from '../dependencies';
import { versionTag } from '../middleware/if-match';
import { actorOf, type Acting } from '../staff/acting';
import { tellWorkflow } from '../tell-workflow';
import { readCampaign } from './campaigns.queries';
import type { CampaignView } from './campaigns.view';

/** What may be wrong with the content of a campaign. */
export const TEXT_ERRORS = [
  'sms.template_unknown',
  'sms.variables_invalid',
  'campaigns.code_template',
  'campaigns.no_link',
  'campaigns.hours_empty',
  'campaigns.filter_misplaced',
] as const;

/** How staff change campaigns. */
export function campaignChanges({ database, campaigns }: Pick<Dependencies, 'database' | 'campaigns'>) {
  return {
    /** Runs a change, records it, and shows the campaign. */
    async run(
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
        return { isNew, answer: tagged(await readCampaign(transaction, campaignId)) };
      });
    },

    tell: (campaignId: string, log: Logger) =>
      tellWorkflow(log, { campaignId }, () => campaigns.look(campaignId)),
  };
}

/** A campaign as an answer, with the tag of its version. */
export function tagged(body: CampaignView) {
  return { headers: { ETag: versionTag(body.version) }, body };
}
