import type { Aggregate } from '../events/aggregate';
import type { StaffRole } from './policy';
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
  'account.blocked': Record<never, never>;
  'account.unblocked': Record<never, never>;
  'account.role_granted': { role: StaffRole };
  'account.role_taken': { role: StaffRole };
  'account.factor_confirmed': { factorId: string };
  'account.factor_replaced': Record<never, never>;
  'account.recovery_code_used': { factorId: string };
}

/** An account's history in the journal. */
export const ACCOUNT: Aggregate<AccountEvents> = { type: 'account', table: 'accounts' };
