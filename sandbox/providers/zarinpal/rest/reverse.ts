import { success, type Answer } from '../envelopes';
import { Refusal } from '../refusal';
import type { Sandbox } from '../sandbox';
import { shownState, type Session } from '../session';
import {
  isRegistered,
  merchantFault,
  merchantOf,
  refuseFields,
  required,
  sessionOf,
  type Call,
} from './call';

/**
 * `reverse.json`: gives the whole amount back within 30 minutes of payment, to servers with a registered address.
 * https://zarinpal.com/docs/paymentGateway/moreFeatures/reverse
 */
export function reversePayment(sandbox: Sandbox, call: Call): Answer {
  refuseFields([merchantFault(call), required(call.body, 'authority')]);
  const merchant = merchantOf(sandbox, call);
  const session = sessionOf(sandbox, call, merchant);
  const { payment } = session;
  if (!payment || !isReversible(session, sandbox.switches().reverseBeforeVerify)) throw new Refusal(-61);
  if (!isRegistered(merchant, call.address)) throw new Refusal(-62);
  if (sandbox.clock.now() >= payment.reverseUntil) throw new Refusal(-63);
  sandbox.sessions.change(session, { state: 'REVERSED', reversedAt: sandbox.clock.now() }, 'reversed');
  return success({ code: 100, message: 'Reversed' }, sandbox.switches());
}

function isReversible(session: Session, beforeVerify: boolean): boolean {
  return shownState(session) === 'VERIFIED' || (session.state === 'PAID' && beforeVerify);
}
