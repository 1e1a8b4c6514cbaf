import type { Answer } from '../../../kit/answer';
import { success } from '../envelopes';
import { Refusal } from '../refusal';
import type { Payment, Session } from '../session';
import type { Switches } from '../switches';
import type { Zarinpal } from '../zarinpal';
import { readWholeNumber, required, sessionOf, type RestCall } from './rest-call';

/**
 * `verify.json`: takes the money. 100 the first time, then always 101 with the same `ref_id`. The amount must repeat
 * the request's, in its unit; a wrong one is refused in every state.
 */
export function verifyPayment(zarinpal: Zarinpal, call: RestCall): Answer {
  const { session } = sessionOf(zarinpal, call, required(call.body, 'amount'));
  if (readWholeNumber(call.body.amount) !== session.amount) throw new Refusal(-50);
  const { payment } = session;
  if (!payment || (session.state !== 'PAID' && session.state !== 'VERIFIED')) throw new Refusal(-51);

  const switches = zarinpal.switches();
  if (session.merchantVerified) return verified(session, payment, 101, switches);
  const isFirst = session.state === 'PAID';
  const change: Partial<Session> = { state: 'VERIFIED', merchantVerified: true };
  const next = zarinpal.sessions.change(
    session,
    isFirst ? { ...change, verifiedAt: zarinpal.kit.clock.now() } : change,
    isFirst ? 'verified' : 'verified by the merchant after auto-verify',
  );
  return verified(next, payment, isFirst ? 100 : switches.firstVerifyAfterAuto, switches);
}

function verified(session: Session, payment: Payment, code: 100 | 101, switches: Switches): Answer {
  const shared = {
    card_hash: payment.cardHash,
    card_pan: payment.cardPan,
    ref_id: payment.refId,
    fee_type: session.feeType,
    fee: session.fee,
  };
  if (switches.verifyAnswer === 'sample') return success({ code, message: 'Verified', ...shared }, switches);
  const message = code === 100 ? 'Paid' : 'Verified';
  const more = { shaparak_fee: session.shaparakFee, order_id: session.orderId };
  return success({ wages: session.wages, code, message, ...shared, ...more }, switches);
}
