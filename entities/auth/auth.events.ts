import type { Aggregate } from '../events/aggregate';
import type { SessionEnd } from './session';

/** What the journal says of an account, by type: ids and reasons, nothing personal. Its person and staff see it. */
export interface AccountEvents {
  'account.created': Record<never, never>;
  'account.session_opened': { sessionId: string };
  'account.marketing_accepted': Record<never, never>;
  'account.marketing_withdrawn': Record<never, never>;
  /** Without the numbers. */
  'account.number_changed': { changeId: string };
  'account.number_change_approved': { changeId: string };
  'account.number_change_cancelled': { changeId: string };
  'account.erased': Record<never, never>;
  'account.session_ended': { sessionId: string; reason: SessionEnd };
}

/** An account's history in the journal. */
export const ACCOUNT: Aggregate<AccountEvents> = { type: 'account', table: 'accounts' };
