import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import { movesAlongItsTable } from '../events/moves-along-its-table';
import type { Invariant } from '../invariant';
import { CAMPAIGN_TRANSITIONS } from './campaign-status';
import { CAMPAIGN } from './campaigns.events';

/** What holds at every instant for campaigns. */
export const CAMPAIGN_INVARIANTS: readonly Invariant[] = [
  journalHasNoGaps(CAMPAIGN),
  movesAlongItsTable(CAMPAIGN, {
    beginning: 'campaign.created',
    statusAfter: {
      'campaign.created': 'draft',
      'campaign.scheduled': 'scheduled',
      'campaign.started': 'running',
      'campaign.paused': 'paused',
      'campaign.resumed': 'running',
      'campaign.done': 'done',
      'campaign.cancelled': 'cancelled',
    },
    transitions: CAMPAIGN_TRANSITIONS,
  }),
  // One pass over the campaigns and one over their recipients, joined by hash.
  {
    invariant: 'campaign-counts-are-rows',
    sentence:
      'A campaign counts its recipients as they stand, until their rows are removed because they are old.',
    violations: `
      SELECT c.id AS "campaignId", c.recipients, coalesce(r.recipients, 0) AS rows
      FROM campaigns c LEFT JOIN (
        SELECT campaign_id, count(*) AS recipients, count(*) FILTER (WHERE status = 'pending') AS pending,
          count(*) FILTER (WHERE status = 'handed') AS handed, count(*) FILTER (WHERE status = 'accepted') AS accepted,
          count(*) FILTER (WHERE status = 'delivered') AS delivered, count(*) FILTER (WHERE status = 'failed') AS failed,
          count(*) FILTER (WHERE status = 'ambiguous') AS ambiguous, count(*) FILTER (WHERE status = 'suppressed') AS suppressed
        FROM campaign_recipients GROUP BY campaign_id
      ) AS r ON r.campaign_id = c.id
      WHERE c.forgotten_at IS NULL AND (c.recipients, c.pending, c.handed, c.accepted, c.delivered, c.failed, c.ambiguous, c.suppressed)
        IS DISTINCT FROM (coalesce(r.recipients, 0), coalesce(r.pending, 0), coalesce(r.handed, 0), coalesce(r.accepted, 0),
          coalesce(r.delivered, 0), coalesce(r.failed, 0), coalesce(r.ambiguous, 0), coalesce(r.suppressed, 0))`,
  },
  // One pass over the recipients that are in a call, and their calls by key.
  {
    invariant: 'campaign-recipients-follow-their-calls',
    sentence:
      'A message is with a provider exactly while its call has no answer, and is accepted only by an answered call.',
    violations: `
      SELECT r.campaign_id AS "campaignId", r.number, r.status, b.status AS call
      FROM campaign_recipients r LEFT JOIN campaign_batches b ON b.id = r.batch_id
      WHERE (r.status = 'handed' AND (b.status IS NULL OR b.status NOT IN ('sending', 'unknown')))
        OR (r.status = 'ambiguous' AND b.status IS DISTINCT FROM 'ambiguous')
        OR (r.status IN ('accepted', 'delivered', 'failed') AND (b.status IS NULL OR b.status IN ('sending', 'refused', 'not_sent')))`,
  },
  // One pass over the recipients.
  {
    invariant: 'campaigns-reach-a-number-once',
    sentence: 'A campaign goes to a number once, whoever has it.',
    violations: `
      SELECT campaign_id AS "campaignId", count(*) AS times FROM campaign_recipients
      WHERE recipient IS NOT NULL GROUP BY campaign_id, recipient HAVING count(*) > 1`,
  },
  // One pass over the campaigns that go out or went out.
  {
    invariant: 'campaign-authors-approve-nothing',
    sentence:
      'A campaign with more recipients than one person may send to goes out only with the approval of somebody else.',
    violations: `
      SELECT id AS "campaignId", recipients - suppressed AS recipients, created_by AS "accountId" FROM campaigns
      WHERE is_gathered AND recipients - suppressed > approval_above
        AND ((approved_by IS NULL OR approved_recipients < recipients - suppressed) AND status IN ('running', 'done')
          OR approved_by = created_by OR approved_by = ANY (authors))`,
  },
];
