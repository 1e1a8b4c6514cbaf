import { journalHasNoGaps } from '../events/journal-has-no-gaps';
import type { Invariant } from '../invariant';
import { TICKET, TICKET_STAFF } from './support.events';

/** What holds at every instant for tickets and their clocks. */
export const SUPPORT_INVARIANTS: readonly Invariant[] = [
  // One pass over the messages in the order of their primary key, and tickets with their desks by hash.
  {
    invariant: 'ticket-messages-are-numbered',
    sentence: 'Each ticket has a desk, and its answers and its notes are numbered from one to the last.',
    violations: `
      SELECT t.id AS "ticketId", t.last_seq AS "lastSeq", d.last_note_seq AS "lastNoteSeq", coalesce(m.answers, 0) AS answers,
        coalesce(m.notes, 0) AS notes
      FROM tickets t LEFT JOIN ticket_desks d ON d.id = t.id LEFT JOIN (
        SELECT ticket_id, count(*) FILTER (WHERE kind = 'answer') AS answers, max(seq) FILTER (WHERE kind = 'answer') AS answer,
          count(*) FILTER (WHERE kind = 'note') AS notes, max(seq) FILTER (WHERE kind = 'note') AS note
        FROM ticket_messages GROUP BY ticket_id
      ) AS m ON m.ticket_id = t.id
      WHERE d.id IS NULL OR t.last_seq <> coalesce(m.answers, 0) OR t.last_seq <> coalesce(m.answer, 0)
        OR d.last_note_seq <> coalesce(m.notes, 0) OR d.last_note_seq <> coalesce(m.note, 0)`,
  },
  // One pass over the clocks, and tickets by hash.
  {
    invariant: 'clocks-follow-their-tickets',
    sentence:
      'A clock runs exactly while its ticket makes it run, each ticket has one of its resolution, and at most one response is awaited.',
    violations: `
      SELECT t.id AS "ticketId", t.status, c.kind, c.round, c.running_since AS "runningSince"
      FROM tickets t LEFT JOIN sla_clocks c ON c.ticket_id = t.id AND c.met_at IS NULL
      WHERE c.kind = 'resolution' AND
          (t.status = 'closed' OR (c.running_since IS NULL) <> (t.status IN ('pending_customer', 'resolved')))
        OR c.kind <> 'resolution' AND (c.running_since IS NULL) <> (t.status IN ('resolved', 'closed'))
        OR c.kind IS NULL AND t.status <> 'closed'
      UNION ALL
      SELECT t.id, t.status, 'awaited', count(*), NULL
      FROM tickets t JOIN sla_clocks c ON c.ticket_id = t.id AND c.met_at IS NULL AND c.kind <> 'resolution'
      GROUP BY t.id, t.status HAVING count(*) > 1`,
  },
  // The ratings, and tickets by primary key.
  {
    invariant: 'ratings-have-their-resolutions',
    sentence: 'Only what was resolved is rated.',
    violations: `
      SELECT r.ticket_id AS "ticketId", r.resolution, t.resolutions
      FROM ticket_ratings r JOIN tickets t ON t.id = r.ticket_id WHERE r.resolution > t.resolutions`,
  },
  // Erased accounts are few: their tickets and messages by index.
  {
    invariant: 'erased-people-have-no-tickets',
    sentence: 'Tickets of people who were erased are closed and have no text.',
    violations: `
      SELECT t.id AS "ticketId", t.status FROM accounts a JOIN tickets t ON t.customer_id = a.id
      WHERE a.status = 'erased' AND (t.status <> 'closed' OR t.subject <> ''
        OR EXISTS (SELECT FROM ticket_messages m WHERE m.ticket_id = t.id AND m.text <> ''))`,
  },
  journalHasNoGaps(TICKET),
  journalHasNoGaps(TICKET_STAFF),
];
