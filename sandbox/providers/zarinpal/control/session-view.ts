import { maskCard, maskMerchant } from '../mask';
import { shownState, type Session } from '../session';

/** A session as tests and people see it: times as ISO 8601, merchant and card masked, nothing about the buyer. */
export function sessionView(session: Session): unknown {
  const { authority, id, failure, terminalId, amount, currency, amountRial, description } = session;
  const { callbackUrl, orderId, onlyCard, autoVerify, merchantVerified, payment } = session;
  const {
    paidAt = null,
    verifyUntil = null,
    reverseUntil = null,
    refId = null,
    cardPan = null,
  } = payment ?? {};
  return {
    ...{ authority, id, state: shownState(session), failure },
    ...{ merchant: maskMerchant(session.merchantId), terminalId },
    ...{ amount, currency, amountRial, description, callbackUrl, orderId },
    ...{
      onlyCard: onlyCard === null ? null : maskCard(onlyCard),
      autoVerify,
      merchantVerified,
      refId,
      cardPan,
    },
    ...times({ paidAt, verifyUntil, reverseUntil }),
    ...times({
      createdAt: session.createdAt,
      expiresAt: session.expiresAt,
      openedAt: session.openedAt,
      paysLateAt: session.paysLateAt,
      verifiedAt: session.verifiedAt,
      reversedAt: session.reversedAt,
    }),
    refunds: session.refunds.map((refund) => {
      const { createdAt, settlesAt, settledAt } = refund;
      return { ...refund, ...times({ createdAt, settlesAt, settledAt }) };
    }),
  };
}

function times(instants: Readonly<Record<string, number | null>>): Record<string, string | null> {
  const shown = Object.entries(instants).map(([name, at]) => [
    name,
    at === null ? null : new Date(at).toISOString(),
  ]);
  return Object.fromEntries(shown) as Record<string, string | null>;
}
