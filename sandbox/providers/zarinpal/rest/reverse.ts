import type { Answer } from '../../../kit/answer';
import { success } from '../envelopes';
import { Refusal } from '../refusal';
import { shownState } from '../session';
import type { Zarinpal } from '../zarinpal';
import { isRegistered, sessionOf, type RestCall } from './rest-call';

/**
 * `reverse.json`: gives the buyer the whole amount within 30 minutes of payment, for servers with a registered
 * address. https://zarinpal.com/docs/paymentGateway/moreFeatures/reverse
 */
export function reversePayment(zarinpal: Zarinpal, call: RestCall): Answer {
  const { session, merchant } = sessionOf(zarinpal, call);
  const { payment, state } = session;
  const switches = zarinpal.switches();
  const now = zarinpal.kit.clock.now();
  const isReversible =
    shownState(session) === 'VERIFIED' || (state === 'PAID' && switches.reverseBeforeVerify);
  if (!payment || !isReversible) throw new Refusal(-61);
  if (!isRegistered(merchant, call.address)) throw new Refusal(-62);
  if (now >= payment.reverseUntil) throw new Refusal(-63);
  zarinpal.sessions.change(session, { state: 'REVERSED', reversedAt: now }, 'reversed');
  return success({ code: 100, message: 'Reversed' }, switches);
}
