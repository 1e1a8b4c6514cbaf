import { createHash } from 'node:crypto';

import { maskCard } from './mask';
import type { Session } from './session';
import type { Switches } from './switches';

/** The card that buyers use when nobody names one. */
export const USUAL_CARD = '9999991234569999';

type Windows = Pick<Switches, 'verifyWindowMs' | 'reverseWindowMs'>;

/** What a session becomes when its money has arrived: paid, or at once verified where that is automatic. */
export function paid(
  session: Session,
  at: number,
  { cardPan, refId, windows }: { cardPan: string; refId: number; windows: Windows },
): Partial<Session> {
  return {
    state: session.autoVerify ? 'VERIFIED' : 'PAID',
    verifiedAt: session.autoVerify ? at : null,
    failure: null,
    paysLateAt: null,
    payment: {
      paidAt: at,
      refId,
      cardPan: maskCard(cardPan),
      cardHash: createHash('sha256').update(cardPan).digest('hex').toUpperCase(),
      verifyUntil: at + windows.verifyWindowMs,
      reverseUntil: at + windows.reverseWindowMs,
    },
  };
}
