import { shownInstants } from '../../../kit/record-controls';
import { maskCard, maskMerchant } from '../mask';
import { shownState, type Session } from '../session';

/** A session as tests and people see it: merchant and card masked, nothing about the buyer. */
export function sessionView(session: Session): unknown {
  const { authority, id, failure, terminalId, amount, currency, amountRial, description } = session;
  const { callbackUrl, orderId, onlyCard, autoVerify, merchantVerified, payment } = session;
  const { createdAt, expiresAt, openedAt, paysLateAt, verifiedAt, reversedAt } = session;
  const {
    paidAt = null,
    verifyUntil = null,
    reverseUntil = null,
    refId = null,
    cardPan = null,
  } = payment ?? {};
  const card = onlyCard === null ? null : maskCard(onlyCard);
  return {
    ...{ authority, id, state: shownState(session), failure },
    ...{ merchant: maskMerchant(session.merchantId), terminalId },
    ...{ amount, currency, amountRial, description, callbackUrl, orderId },
    ...{ onlyCard: card, autoVerify, merchantVerified, refId, cardPan },
    ...shownInstants({ createdAt, expiresAt, openedAt, paysLateAt, paidAt, verifyUntil, reverseUntil }),
    ...shownInstants({ verifiedAt, reversedAt }),
    refunds: session.refunds.map((refund) => {
      const { createdAt, settlesAt, settledAt } = refund;
      return { ...refund, ...shownInstants({ createdAt, settlesAt, settledAt }) };
    }),
  };
}
