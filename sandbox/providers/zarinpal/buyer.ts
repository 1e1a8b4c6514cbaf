import type { CallbackStatus } from './callbacks';
import { callbacksAfter, type Deed } from './deeds';
import type { Session } from './session';
import { paid, USUAL_CARD } from './sessions';
import type { Zarinpal } from './zarinpal';

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

const LATENESS_MS = 1_000;

/** Does what the name says. Throws {@link NotPayable}. */
export function doDeed(zarinpal: Zarinpal, session: Session, deed: Deed, options?: PayOptions): BuyerAct {
  if (deed === 'refuse') return fail(zarinpal, session, 'refused');
  return deed === 'wrong-card' ? fail(zarinpal, session, 'wrong-card') : pay(zarinpal, session, options);
}

/**
 * Pays late on the bank's page: shortly after the payable window, or at once where it is over already. Throws {@link NotPayable}.
 */
export function payLate(zarinpal: Zarinpal, session: Session): BuyerAct | { readonly waiting: Session } {
  if (session.failure === 'expired') return pay(zarinpal, session, { late: true });
  if (session.state !== 'ACTIVE') throw new NotPayable(session);
  const paysLateAt = session.expiresAt + LATENESS_MS;
  return { waiting: zarinpal.sessions.change(session, { paysLateAt }, 'buyer pays late') };
}

/** Lets the automatic buyer, where one is switched on, act on a session that was just requested. */
export function planAutoPay(zarinpal: Zarinpal, authority: string): void {
  const { autoPay, autoPayAfterMs } = zarinpal.switches();
  if (autoPay !== 'on-request') return;
  setTimeout(() => void actByItself(zarinpal, authority), autoPayAfterMs).unref();
}

/** After a restart: the automatic buyer acts on the sessions that waited for it. */
export function resumeAutoPay(zarinpal: Zarinpal): void {
  if (zarinpal.switches().autoPay !== 'on-request') return;
  for (const session of zarinpal.sessions.all()) {
    if (session.state === 'ACTIVE') planAutoPay(zarinpal, session.authority);
  }
}

async function actByItself(zarinpal: Zarinpal, authority: string): Promise<void> {
  const session = zarinpal.sessions.find(authority);
  // Somebody else was faster, or the sandbox was emptied or stopped meanwhile.
  if (session?.state !== 'ACTIVE' || zarinpal.kit.stopping.aborted) return;
  const deed = zarinpal.switches().autoPayOutcome;
  const { session: acted, status } = doDeed(zarinpal, session, deed);
  const copies = callbacksAfter(deed);
  if (copies > 0) await zarinpal.callbacks.send(acted, status, { copies });
}

/** Pays, with a card that fits unless another is named. */
function pay(zarinpal: Zarinpal, session: Session, { cardPan, late = false }: PayOptions = {}): BuyerAct {
  const isLate = late && session.failure === 'expired';
  if (session.state !== 'ACTIVE' && !isLate) throw new NotPayable(session);
  const card = cardPan ?? session.onlyCard ?? USUAL_CARD;
  if (session.onlyCard !== null && session.onlyCard !== card) return fail(zarinpal, session, 'wrong-card');
  const { kit, sessions } = zarinpal;
  const payment = { cardPan: card, refId: kit.nextNumber(), switches: zarinpal.switches() };
  const change = paid(session, kit.clock.now(), payment);
  return { session: sessions.change(session, change, isLate ? 'paid late' : 'paid'), status: 'OK' };
}

function fail(zarinpal: Zarinpal, session: Session, failure: 'refused' | 'wrong-card'): BuyerAct {
  if (session.state !== 'ACTIVE') throw new NotPayable(session);
  const change = { state: 'FAILED', failure, paysLateAt: null } as const;
  return { session: zarinpal.sessions.change(session, change, failure), status: 'NOK' };
}
