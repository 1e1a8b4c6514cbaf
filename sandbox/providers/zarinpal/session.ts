/** Where a payment session stands; see docs/zarinpal-sandbox.md for the ways between the states. */
export type SessionState = Exclude<ShownState, 'REFUNDED'>;

/** What the outside sees: a verified session with a refund that did not fail counts as refunded. */
export const STATES = ['ACTIVE', 'PAID', 'VERIFIED', 'FAILED', 'REVERSED', 'RETURNED', 'REFUNDED'] as const;

export type ShownState = (typeof STATES)[number];

/** Money that goes back through the account API. */
export interface Refund {
  readonly id: string;
  readonly amountRial: number;
  readonly description: string | null;
  readonly method: 'PAYA' | 'CARD';
  readonly reason: string | null;
  readonly createdAt: number;
  readonly settlesAt: number;
  readonly status: 'PENDING' | 'SUCCESS' | 'FAILED';
  readonly settledAt: number | null;
}

/** What is known once somebody paid. */
export interface Payment {
  readonly paidAt: number;
  readonly refId: number;
  readonly cardPan: string;
  readonly cardHash: string;
  readonly verifyUntil: number;
  readonly reverseUntil: number;
}

/** One payment session, from request to its end. Times are milliseconds of the sandbox's clock. */
export interface Session {
  readonly authority: string;
  /** The transaction number that the account API calls `session_id`. */
  readonly id: string;
  readonly merchantId: string;
  readonly terminalId: string;
  /** In the unit of the request, as verify must repeat it. */
  readonly amount: number;
  readonly currency: 'IRR' | 'IRT';
  readonly amountRial: number;
  readonly description: string;
  readonly callbackUrl: string;
  readonly referer: string | null;
  readonly orderId: string | null;
  readonly mobile: string | null;
  readonly email: string | null;
  /** The only card that may pay, when the shop named one. */
  readonly onlyCard: string | null;
  readonly autoVerify: boolean;
  readonly fee: number;
  readonly shaparakFee: number;
  readonly feeType: 'Merchant' | 'Payer';
  readonly wages: unknown;
  readonly createdAt: number;
  readonly expiresAt: number;

  readonly state: SessionState;
  /** When the buyer first opened the pay page. */
  readonly openedAt: number | null;
  /** When a buyer who pays late will have paid, after `expiresAt`. */
  readonly paysLateAt: number | null;
  readonly failure: 'refused' | 'wrong-card' | 'expired' | null;
  readonly payment: Payment | null;
  readonly verifiedAt: number | null;
  /** Whether the merchant itself has verified; with auto-verify the state runs ahead of it. */
  readonly merchantVerified: boolean;
  readonly reversedAt: number | null;
  readonly refunds: readonly Refund[];
}

/** The state with refunds taken into account. */
export function shownState(session: Session): ShownState {
  return session.state === 'VERIFIED' && refundedRial(session) > 0 ? 'REFUNDED' : session.state;
}

/** Rials that went back or are going back through refunds. */
export function refundedRial({ refunds }: Session): number {
  return refunds.reduce((sum, refund) => (refund.status === 'FAILED' ? sum : sum + refund.amountRial), 0);
}

/** An amount of rials in the unit of a request. */
export function inUnit(currency: 'IRR' | 'IRT', rials: number): number {
  return currency === 'IRT' ? Math.floor(rials / RIALS_PER_TOMAN) : rials;
}

export const RIALS_PER_TOMAN = 10;
