import { paid, USUAL_CARD } from './payment';
import type { Session } from './session';
import type { Switches } from './switches';

/** What time alone has done to a session. */
export interface Ageing {
  readonly change: Partial<Session>;
  readonly why: string;
}

/**
 * The next thing that time did to a session up to now, or undefined. Applied before a session is looked at, so that
 * windows need no timers and a moved clock acts at once.
 */
export function ageing(
  session: Session,
  now: number,
  switches: Switches,
  nextNumber: () => number,
): Ageing | undefined {
  if (session.state === 'ACTIVE') return activeAgeing(session, now, switches, nextNumber);
  if (session.state === 'PAID') {
    const isOver = session.payment !== null && now >= session.payment.verifyUntil;
    if (!isOver || switches.unverifiedMoney === 'keep') return undefined;
    return { change: { state: 'RETURNED' }, why: 'verify window passed, money returned to the buyer' };
  }
  return refundAgeing(session, now, switches);
}

function activeAgeing(
  session: Session,
  now: number,
  switches: Switches,
  nextNumber: () => number,
): Ageing | undefined {
  if (session.paysLateAt !== null) {
    if (now < session.paysLateAt) return undefined;
    const cardPan = session.onlyCard ?? USUAL_CARD;
    const change = paid(session, session.paysLateAt, { cardPan, refId: nextNumber(), windows: switches });
    return { change, why: 'paid late' };
  }
  if (now < session.expiresAt) return undefined;
  return { change: { state: 'FAILED', failure: 'expired' }, why: 'payable window passed' };
}

function refundAgeing(session: Session, now: number, switches: Switches): Ageing | undefined {
  const due = session.refunds.find(({ status, settlesAt }) => status === 'PENDING' && now >= settlesAt);
  if (!due) return undefined;
  const settled = { ...due, status: switches.refundOutcome, settledAt: due.settlesAt };
  const refunds = session.refunds.map((refund) => (refund === due ? settled : refund));
  return { change: { refunds }, why: `refund ${due.id}: ${settled.status}` };
}
