import { maskCard, maskMerchant } from '../mask';
import { shownState, type Refund, type Session } from '../session';

/** A session as tests and people see it: times as ISO 8601, merchant and card masked. */
export function sessionView(session: Session): unknown {
  const { payment } = session;
  return {
    authority: session.authority,
    id: session.id,
    state: shownState(session),
    failure: session.failure,
    merchant: maskMerchant(session.merchantId),
    terminalId: session.terminalId,
    amount: session.amount,
    currency: session.currency,
    amountRial: session.amountRial,
    description: session.description,
    callbackUrl: session.callbackUrl,
    orderId: session.orderId,
    onlyCard: session.onlyCard === null ? null : maskCard(session.onlyCard),
    autoVerify: session.autoVerify,
    merchantVerified: session.merchantVerified,
    refId: payment?.refId ?? null,
    cardPan: payment?.cardPan ?? null,
    createdAt: time(session.createdAt),
    expiresAt: time(session.expiresAt),
    openedAt: time(session.openedAt),
    paysLateAt: time(session.paysLateAt),
    paidAt: time(payment?.paidAt),
    verifyUntil: time(payment?.verifyUntil),
    reverseUntil: time(payment?.reverseUntil),
    verifiedAt: time(session.verifiedAt),
    reversedAt: time(session.reversedAt),
    refunds: session.refunds.map(refundView),
  };
}

function refundView(refund: Refund): unknown {
  return {
    ...refund,
    createdAt: time(refund.createdAt),
    settlesAt: time(refund.settlesAt),
    settledAt: time(refund.settledAt),
  };
}

function time(instant: number | null | undefined): string | null {
  return instant === null || instant === undefined ? null : new Date(instant).toISOString();
}
