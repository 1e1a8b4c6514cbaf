import { createHash } from 'node:crypto';

import type { Kit } from '../../kit/kit';
import { createRecords, type Ageing, type Records } from '../../kit/records';
import { maskCard } from './mask';
import { shownState, type Session } from './session';
import type { Switches } from './switches';

/** The card of a buyer when no other is named. */
export const USUAL_CARD = '9999991234569999';

/** The sessions that a restart left, and those to come. */
export function createSessions(kit: Kit, switches: () => Switches, limit: number): Records<Session> {
  return createRecords<Session>(kit, {
    name: 'sessions',
    id: 'authority',
    limit,
    isOver: ({ state }) => state !== 'ACTIVE' && state !== 'PAID',
    state: shownState,
    age: (session, now) => ageing(session, now, switches(), kit.nextNumber),
  });
}

/** What a session becomes when its money has arrived: paid, or verified at once where that is automatic. */
export function paid(
  session: Session,
  at: number,
  { cardPan, refId, switches }: { cardPan: string; refId: number; switches: Switches },
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
      verifyUntil: at + switches.verifyWindowMs,
      reverseUntil: at + switches.reverseWindowMs,
    },
  };
}

function ageing(
  session: Session,
  now: number,
  switches: Switches,
  nextNumber: () => number,
): Ageing<Session> | undefined {
  const { state, paysLateAt, expiresAt, payment } = session;
  if (state === 'ACTIVE' && paysLateAt !== null) {
    if (now < paysLateAt) return undefined;
    const cardPan = session.onlyCard ?? USUAL_CARD;
    return {
      change: paid(session, paysLateAt, { cardPan, refId: nextNumber(), switches }),
      why: 'paid late',
    };
  }
  if (state === 'ACTIVE') {
    if (now < expiresAt) return undefined;
    return { change: { state: 'FAILED', failure: 'expired' }, why: 'payable window passed' };
  }
  if (state === 'PAID') {
    const isOver = payment !== null && now >= payment.verifyUntil;
    if (!isOver || switches.unverifiedMoney === 'keep') return undefined;
    return { change: { state: 'RETURNED' }, why: 'verify window passed, the buyer has the money back' };
  }
  return refundAgeing(session, now, switches);
}

function refundAgeing(session: Session, now: number, switches: Switches): Ageing<Session> | undefined {
  const due = session.refunds.find(({ status, settlesAt }) => status === 'PENDING' && now >= settlesAt);
  if (!due) return undefined;
  const settled = { ...due, status: switches.refundOutcome, settledAt: due.settlesAt };
  const refunds = session.refunds.map((refund) => (refund === due ? settled : refund));
  return { change: { refunds }, why: `refund ${due.id}: ${settled.status}` };
}
