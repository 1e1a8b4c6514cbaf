import type { ForgettingAggregate } from '../events/aggregate';

/** How many notifications somebody has not read, and not seen: at most 100. Absolute, so that no badge drifts. */
export interface BadgeCounts {
  readonly unread: number;
  readonly unseen: number;
}

/** What the journal says of a box: ids and numbers. Its person sees it. */
export interface NotificationBoxEvents {
  /** The newest of those that came, at most 20. `waits`: a message by SMS may follow. */
  'notifications.added': BadgeCounts & { ids: string[]; waits: boolean };
  'notifications.read': BadgeCounts;
  'notifications.seen': BadgeCounts;
  /** Old ones are gone. */
  'notifications.removed': BadgeCounts;
  /** Preferences or settings are others. */
  'notifications.arranged': BadgeCounts;
  /** Something waits for longer than it should: its workflow is to look. */
  'notifications.overdue': BadgeCounts;
}

/** The history of a box in the journal. Retention takes its oldest events: the rows have what matters. */
export const NOTIFICATION_BOX: ForgettingAggregate<NotificationBoxEvents> = {
  type: 'notification_box',
  table: 'notification_boxes',
  forgets: true,
};
