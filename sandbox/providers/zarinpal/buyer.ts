import type { CallbackStatus } from './callback-url';
import type { Deed } from './deeds';
import { paid, USUAL_CARD } from './payment';
import type { Sandbox } from './sandbox';
import type { Session } from './session';

/** The session is in no state in which a buyer could do that. */
export class NotPayable extends Error {
  override readonly name = 'NotPayable';

  constructor(readonly session: Session) {
    super(`the session is ${session.state}${session.failure ? ` (${session.failure})` : ''}`);
  }
}

/** What the buyer's act led to, and what the callback will claim. */
export interface BuyerAct {
  readonly session: Session;
  readonly status: CallbackStatus;
}

/** Which card pays, and whether an expired session may still be paid, as banks sometimes let happen. */
export interface PayOptions {
  readonly cardPan?: string | undefined;
  readonly late?: boolean | undefined;
}

const DAWDLING_MS = 1_000;

/** Does what the name says. Throws {@link NotPayable}. */
export function doDeed(sandbox: Sandbox, session: Session, deed: Deed, options?: PayOptions): BuyerAct {
  if (deed === 'refuse') return fail(sandbox, session, 'refused');
  return deed === 'wrong-card' ? fail(sandbox, session, 'wrong-card') : pay(sandbox, session, options);
}

/** Pays, with a card that fits unless another is named. */
function pay(sandbox: Sandbox, session: Session, { cardPan, late = false }: PayOptions = {}): BuyerAct {
  const isLate = late && session.failure === 'expired';
  if (session.state !== 'ACTIVE' && !isLate) throw new NotPayable(session);
  const card = cardPan ?? session.onlyCard ?? USUAL_CARD;
  if (session.onlyCard !== null && session.onlyCard !== card) return fail(sandbox, session, 'wrong-card');
  const switches = sandbox.switches();
  const change = paid(session, sandbox.clock.now(), {
    cardPan: card,
    refId: sandbox.nextNumber(),
    windows: switches,
  });
  return { session: sandbox.sessions.change(session, change, isLate ? 'paid late' : 'paid'), status: 'OK' };
}

/**
 * Dawdles on the bank's page: the session is paid shortly after its payable window, or at once where that is over
 * already. Throws {@link NotPayable}.
 */
export function payLate(sandbox: Sandbox, session: Session): BuyerAct | { readonly waiting: Session } {
  if (session.failure === 'expired') return pay(sandbox, session, { late: true });
  if (session.state !== 'ACTIVE') throw new NotPayable(session);
  const paysLateAt = session.expiresAt + DAWDLING_MS;
  return { waiting: sandbox.sessions.change(session, { paysLateAt }, 'buyer dawdles') };
}

function fail(sandbox: Sandbox, session: Session, failure: 'refused' | 'wrong-card'): BuyerAct {
  if (session.state !== 'ACTIVE') throw new NotPayable(session);
  const change = { state: 'FAILED', failure, paysLateAt: null } as const;
  return { session: sandbox.sessions.change(session, change, failure), status: 'NOK' };
}
