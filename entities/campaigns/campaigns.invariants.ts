import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { CAMPAIGN_TRANSITIONS, type CampaignStatus } from './campaign-status';
import { CAMPAIGN, type CampaignEvents } from './campaigns.events';

/** The events of a move, and the status of the campaign after it. */
const MOVES: Partial<Record<keyof CampaignEvents, CampaignStatus>> = {
  'campaign.created': 'draft',
  'campaign.scheduled': 'scheduled',
  'campaign.started': 'running',
  'campaign.paused': 'paused',
  'campaign.resumed': 'running',
  'campaign.done': 'done',
  'campaign.cancelled': 'cancelled',
};

const moves = Object.entries(MOVES).map(([type, status]) => `('${type}', '${status}')`);
const allowed = Object.entries(CAMPAIGN_TRANSITIONS).flatMap(([from, all]) =>
  all.map((to) => `('${from}', '${to}')`),
);

/** What holds at every instant for campaigns. */
export const CAMPAIGN_INVARIANTS: readonly Invariant[] = [
  journalHasNoGaps(CAMPAIGN),
  // One pass over the events of campaigns in the order of their versions: each move is compared with the one before it.
  {
    invariant: 'campaigns-move-along-their-table',
    sentence:
      'The journal leads every campaign from its beginning to its status, only by moves of the transition table.',
    violations: `
      WITH told AS (
        SELECT e.aggregate_id AS campaign_id, e.version, e.type, m.status,
          lag(m.status) OVER history AS before, lead(e.version) OVER history IS NULL AS is_last
        FROM events e JOIN (VALUES ${moves.join(', ')}) AS m(type, status) ON m.type = e.type
        WHERE e.aggregate_type = 'campaign'
        WINDOW history AS (PARTITION BY e.aggregate_id ORDER BY e.version)
      )
      SELECT campaign_id AS "campaignId", version, before AS "from", status AS "to" FROM told
      WHERE CASE WHEN before IS NULL OR type = 'campaign.created'
          THEN NOT (before IS NULL AND type = 'campaign.created')
        ELSE (before, status) NOT IN (${allowed.join(', ')}) END
      UNION ALL
      SELECT c.id, c.version, told.status, c.status
      FROM campaigns c LEFT JOIN told ON told.campaign_id = c.id AND told.is_last
      WHERE c.status IS DISTINCT FROM told.status`,
  },
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
