import { success, type Answer } from '../envelopes';
import { Refusal } from '../refusal';
import type { Sandbox } from '../sandbox';
import type { Payment, Session } from '../session';
import type { Switches } from '../switches';
import { merchantFault, merchantOf, refuseFields, required, sessionOf, wholeNumber, type Call } from './call';

/**
 * `verify.json`: takes the money. 100 the first time, 101 ever after, with the same `ref_id`. The amount must repeat
 * the request's, in its unit; only its presence is checked otherwise, and a wrong one is told in every state.
 */
export function verifyPayment(sandbox: Sandbox, call: Call): Answer {
  refuseFields([merchantFault(call), required(call.body, 'authority'), required(call.body, 'amount')]);
  const merchant = merchantOf(sandbox, call);
  const session = sessionOf(sandbox, call, merchant);
  if (wholeNumber(call.body.amount) !== session.amount) throw new Refusal(-50);
  const { payment } = session;
  if (!payment || (session.state !== 'PAID' && session.state !== 'VERIFIED')) throw new Refusal(-51);

  const switches = sandbox.switches();
  if (session.merchantVerified) return verified(session, payment, 101, switches);
  const isFirst = session.state === 'PAID';
  const change: Partial<Session> = { state: 'VERIFIED', merchantVerified: true };
  const now = sandbox.sessions.change(
    session,
    isFirst ? { ...change, verifiedAt: sandbox.clock.now() } : change,
    isFirst ? 'verified' : 'verified by the merchant after auto-verify',
  );
  return verified(now, payment, isFirst ? 100 : switches.firstVerifyAfterAuto, switches);
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
  return success(
    {
      wages: session.wages,
      code,
      message: code === 100 ? 'Paid' : 'Verified',
      ...shared,
      shaparak_fee: session.shaparakFee,
      order_id: session.orderId,
    },
    switches,
  );
}
