import type { Money } from '../../entities/values/money';

/**
 * What a gateway may answer, for workflows that ask and adapters that answer alike. An outcome is stored in histories and
 * logs: it holds no credential and nothing personal.
 *
 * `final` asked for something that will never be; `operator` an account or a setting that a person must put right; `wait`
 * too many calls, come back later.
 */
export type RefusalClass = 'final' | 'operator' | 'wait';

/** The provider's answer: `code` is its own as text (Zarinpal `-51`), `message` is English, for an operator. */
export interface GatewayAnswer {
  readonly code: string;
  readonly message: string;
}

/** The provider will never say yes to this payment. A person is alerted: it means a mistake of ours, or fraud. */
export interface Rejected extends GatewayAnswer {
  readonly kind: 'rejected';
  readonly class: 'final';
}

/** A person must change something at the provider or in our settings. Asking again earlier is pointless. */
export interface NeedsOperator extends GatewayAnswer {
  readonly kind: 'operator';
}

/** Too many calls. Nothing happened; ask again, not before `retryAfterMs` where the provider said so. */
export interface Wait extends GatewayAnswer {
  readonly kind: 'wait';
  readonly retryAfterMs?: number;
}

/** No answer, or none that can be relied upon: the effect may or may not have happened. Never a failure. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly code?: string;
  readonly message: string;
}

/** The gateway says that the buyer has not paid, so far. */
export interface NotPaid extends GatewayAnswer {
  readonly kind: 'not_paid';
}

/** What every question about an existing payment may be answered with instead of what was asked for. */
export type NoAnswer = Rejected | NeedsOperator | Wait | Unknown;

export interface Opened {
  readonly kind: 'opened';
  readonly authority: string;
  /** Where the buyer pays; null for a gateway whose buyers pay without leaving the shop. */
  readonly redirectUrl: string | null;
  /** The provider's fee in the payment's currency, where it is told. */
  readonly fee?: number;
}

/** The gateway answered and opened nothing. */
export interface OpenRefused extends GatewayAnswer {
  readonly kind: 'refused';
  readonly class: RefusalClass;
  /** How long to leave the gateway alone, where it said so. */
  readonly retryAfterMs?: number;
}

/** After `unknown` there may be a payable object that we do not know: never repeat the call for the same attempt. */
export type OpenOutcome = Opened | OpenRefused | Unknown;

export interface Captured {
  readonly kind: 'captured';
  /** The provider's receipt, unique per gateway. */
  readonly refId: string;
  /** False when the payment had been captured before this call: a success too, for our own row only. */
  readonly first: boolean;
  /** Masked by the provider; a value that is not masked is never passed on. */
  readonly cardPan?: string;
  readonly fee?: number;
}

/** Verifying may be repeated after every outcome, and after `unknown` and `wait` it must be. */
export type VerifyOutcome = Captured | NotPaid | NoAnswer;

/** `paid` the money is there and not captured; `pending` the buyer may still pay; `reversed` the money went back. */
export type GatewayPaymentStatus = 'paid' | 'captured' | 'pending' | 'failed' | 'reversed';

/** A status never confirms a payment. It only tells whether capturing is worth an attempt. */
export type InquiryOutcome =
  | { readonly kind: 'status'; readonly status: GatewayPaymentStatus }
  | NotPaid
  | NoAnswer;

/** The time for a reversal has passed, or the bank refused: the way that is left is a refund. */
export interface ReverseRefused extends GatewayAnswer {
  readonly kind: 'too_late' | 'bank_refused';
}

/** There is no captured money to reverse: not paid, or reversed before. Only an inquiry can tell which. */
export interface NotReversible extends GatewayAnswer {
  readonly kind: 'not_reversible';
}

/** After `unknown` inquire before anything else: the reversal may have happened. */
export type ReverseOutcome = { readonly kind: 'reversed' } | ReverseRefused | NotReversible | NoAnswer;

/** A payment as its gateway knows it. */
export interface GatewayPayment {
  readonly attemptId: string;
  readonly gateway: string;
  readonly authority: string;
}

/** Calls of a gateway: never inside a transaction and never keyed, because their state is the attempt's row. */
export interface GatewayCalls {
  requestPayment(input: {
    readonly orderId: string;
    readonly orderNumber: number;
    readonly attemptId: string;
    readonly gateway: string;
    readonly amount: Money;
  }): Promise<OpenOutcome>;
  verifyPayment(input: GatewayPayment & { readonly amount: Money }): Promise<VerifyOutcome>;
  inquirePayment(input: GatewayPayment): Promise<InquiryOutcome>;
  reversePayment(input: GatewayPayment): Promise<ReverseOutcome>;
}
